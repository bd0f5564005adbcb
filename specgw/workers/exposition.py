"""What several workers counted, as one text in the Prometheus format.

Counters and histograms add up; so do gauges of what there is at the moment, such as connections. A counter never falls:
what a worker that has ended was last seen to have counted stays in the sum.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

_MOST = frozenset(("specgw_build_info", "specgw_plan_generation", "specgw_plan_routes", "python_info"))
"""The same in every worker, but for one that is about to change."""
_LEAST = frozenset(("specgw_certificate_not_after_seconds", "process_start_time_seconds", "process_max_fds"))
"""What ends first, or began first, is what matters."""
OWN = frozenset(("specgw_reloads_total",))
"""What the leader counts itself: an activation of all workers is one."""


@dataclass(slots=True)
class Family:
    """One metric: its two comment lines, and the value of each series, by its name and labels as they are written."""

    comments: list[str]
    kind: str
    samples: dict[str, float] = field(default_factory=dict)


Families = dict[str, Family]


def read(text: bytes) -> Families:
    """The families of a text that a worker wrote."""
    families: Families = {}
    comments: list[str] = []
    family: Family | None = None
    for line in text.decode().splitlines():
        if line.startswith("# HELP "):
            comments = [line]
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            family = families[name] = Family([*comments, line], kind)
        elif line and family is not None:
            series, _, value = line.rpartition(" ")
            family.samples[series] = float(value)
    return families


def lasting(families: Families) -> Families:
    """What of a worker's figures stays when it has ended: what only grows."""
    return {name: family for name, family in families.items() if family.kind != "gauge" and name not in OWN}


def merged(parts: Iterable[Families]) -> Families:
    """The figures of several workers as one."""
    whole: Families = {}
    for part in parts:
        for name, family in part.items():
            if name in OWN:
                continue
            known = whole.setdefault(name, Family(family.comments, family.kind))
            for series, value in family.samples.items():
                before = known.samples.get(series)
                known.samples[series] = value if before is None else _joined(name, before, value)
    return whole


def written(families: Families) -> bytes:
    """The text of families."""
    lines: list[str] = []
    for family in families.values():
        lines += family.comments
        lines += (f"{series} {_number(value)}" for series, value in family.samples.items())
    return "".join(f"{line}\n" for line in lines).encode()


def _joined(name: str, one: float, other: float) -> float:
    if name in _MOST:
        return max(one, other)
    return min(one, other) if name in _LEAST else one + other


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)
