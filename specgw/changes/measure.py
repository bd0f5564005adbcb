"""Words for sets of things that are accepted: more of them lets more in, fewer lets less in."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from specgw.changes.change import Change, Grade
from specgw.plan.model import Origin

Places = tuple[Origin | None, Origin | None]
"""Where the old state was written, and the new one."""


def accepted(
    old: Collection[str],
    new: Collection[str],
    *,
    subject: str,
    code: str,
    what: str,
    empty_is_all: bool = False,
    places: Places = (None, None),
) -> Iterator[Change]:
    """Compare what is accepted before and after. `empty_is_all`: nothing listed means that everything is accepted."""
    before, after = frozenset(old), frozenset(new)
    if before == after:
        return
    everything_before, everything_after = (empty_is_all and not items for items in (before, after))
    grade: Grade = "weaker" if everything_after or (not everything_before and after - before) else "stronger"
    shown_before, shown_after = (_listed(items, empty_is_all) for items in (before, after))
    message = f"{what}: {shown_before} before, {shown_after} now"
    yield Change(
        grade=grade, code=code, subject=subject, message=message, before=_listed(before), after=_listed(after), old=places[0], new=places[1]
    )


def _listed(items: Collection[str], empty_is_all: bool = False) -> str:
    return ", ".join(sorted(items)) or ("any" if empty_is_all else "none")
