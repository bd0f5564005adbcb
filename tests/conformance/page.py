"""docs/conformance.md: the matrix with our verdicts and, from others.json, those of openapi-core and Prism."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.conformance.asking import Gateway, Request
from tests.conformance.matrix import KINDS, VERSIONS, Cell, cells, document

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "conformance.md"
OTHERS = Path(__file__).with_name("others.json")
OURSELVES = "specgw"

WORDS = {
    "ok": "✓",
    "refuses": "refuses",
    "accepts": "accepts",
    "both": "refuses, accepts",
}


def verdict(cell: Cell, ask: Callable[[Request], bool | str]) -> str:
    """What a validator makes of a cell: `ok`, which way it is wrong, or the name of what it raised."""
    refuses = accepts = False
    for probe in cell.probes:
        said = ask(cell.request(probe))
        if isinstance(said, str):
            return said
        refuses |= probe.valid and not said
        accepts |= said and not probe.valid
    return "both" if refuses and accepts else "refuses" if refuses else "accepts" if accepts else "ok"


def verdicts(version: str, ask: Callable[[Request], bool | str]) -> dict[str, str]:
    """The verdicts on all cells of a version, by their names."""
    return {cell.name: verdict(cell, ask) for cell in cells() if cell.version == version}


@cache
def ours() -> dict[str, str]:
    """Our own verdicts."""
    found: dict[str, str] = {}
    for version in VERSIONS:
        gateway = Gateway(document(version))
        found |= verdicts(version, lambda request, gateway=gateway: gateway.ask(request) is None)  # type: ignore[misc]
    return found


def written() -> str:
    """The page."""
    kept = json.loads(OTHERS.read_text())
    columns = {OURSELVES: ours(), **kept["verdicts"]}
    by_place: dict[tuple[str, str, bool], list[Cell]] = {}
    for cell in cells():
        by_place.setdefault((cell.location, cell.style, cell.explode), []).append(cell)
    lines = [_HEAD.format(count=len(list(cells())), versions=" and ".join(VERSIONS))]
    lines += ["| | version | cells right |", "|---|---|---|"]
    for name, found in columns.items():
        known = kept["versions"].get(name, "this one")
        lines.append(f"| {name} | {known} | {sum(said == 'ok' for said in found.values())} of {len(found)} |")
    for (location, style, explode), group in by_place.items():
        lines += ["", f"## `in: {location}`, `style: {style}`, `explode: {str(explode).lower()}`", ""]
        first = {cell.kind.group: probe.text for cell in reversed(group) for probe in reversed(cell.probes) if probe.valid}
        lines += ["Written " + ", ".join(f"`{first[kind]}`" for kind in ("primitive", "array", "object") if kind in first) + ".", ""]
        lines += ["| value | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
        for kind in KINDS:
            same = [cell for cell in group if cell.kind == kind]
            if same:
                lines.append(f"| {kind.name} | " + " | ".join(_shown(found, same) for found in columns.values()) + " |")
    return "\n".join(lines) + "\n"


def _shown(found: dict[str, str], same: list[Cell]) -> str:
    """The verdicts of all versions in one field: one word where they agree."""
    said = {cell.version: found.get(cell.name, "–") for cell in same}
    words = {version: WORDS.get(word, f"raises {word}" if word[:1].isupper() else word) for version, word in said.items()}
    asked = {version: word for version, word in words.items() if word != "–"}
    if not asked:
        return "–"
    if len(set(asked.values())) == 1:
        return next(iter(asked.values()))
    return "; ".join(f"{version[:3]} {word}" for version, word in asked.items())


_HEAD = """# Conformance

How a parameter is read, for every style × explode × location × type × version that OpenAPI {versions} define:
{count} cells. This page is made by `nox -s conformance -- --write`, from [tests/conformance/](../tests/conformance/); CI runs the
column of specgw with every change.

A cell is an operation with one required parameter whose schema admits exactly the values of its row (mostly by `enum`), and some
requests: values that are right, values that are wrong, and the same value in the notation of the other `explode`. The notation is that of
the tables "Style Values" and "Style Examples" and of RFC 6570: everything but unreserved characters is percent-encoded inside of
data, nothing is in headers (3.2.0: "any apparent percent-encoding MUST NOT be decoded"). A validator that reads another value than was
meant refuses what is right, or admits what is wrong.

✓: every request of the cell is judged as the contract says. *refuses*: something right is refused. *accepts*: something wrong is
admitted. *raises*: an exception that is no validation error; *breaks down*: the server ends. –: not asked, since that version is not
supported.

What the tables call n/a has no cell: `spaceDelimited` and `pipeDelimited` for primitives or exploded, and `deepObject` for anything but
objects. What specgw does there is told in [semantics.md](semantics.md).
"""
