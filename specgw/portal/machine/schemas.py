"""Schemas as nested lists; named ones stand once, below, however often they are used."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from specgw.portal.machine.writing import code, plain, sentence
from specgw.portal.schema_tree import Members, Row

ROOM = 60_000
"""Characters of the named schemas of one file."""
_DEEPEST = 8

Listed = tuple[str, tuple[Members, ...]]
"""A list, and the named schemas that it speaks of."""


class Lists:
    """The lists of one document; each is written once, however many files have it."""

    def __init__(self) -> None:
        self._known: dict[Members, Listed] = {}

    def of(self, members: Members) -> Listed:
        """The list of what stands below a schema."""
        if members not in self._known:
            named: dict[Members, None] = {}
            self._known[members] = "".join(_lines(members, "", named, 0)), tuple(named)
        return self._known[members]

    def sections(self, named: Iterable[Members]) -> tuple[str, int]:
        """A section for each of some named schemas and for those that they lead to, the nearest first; and how many had no room."""
        waiting = deque(dict.fromkeys(named))
        seen = set(waiting)
        pieces: list[str] = []
        left, missing = ROOM, 0
        while waiting:
            members = waiting.popleft()
            text, further = self.of(members)
            if len(text) > left:
                missing += 1
                continue
            left -= len(text)
            pieces.append(f"### {plain(members.name)}\n\n{text or '(no members)' + chr(10)}\n")
            for each in further:
                if each not in seen:
                    seen.add(each)
                    waiting.append(each)
        return "".join(pieces), missing


def line(row: Row) -> str:
    """A row without what stands below it."""
    if row.written is None:
        facts = [plain(row.kind), *(["required"] if row.required else []), *row.marks]
        told = [*map(plain, row.constraints)]
        if row.choice is not None:
            values = ", ".join(map(code, row.choice.values)) + (f" and {row.choice.more} more" if row.choice.more else "")
            told.append(f"{'each one of' if row.choice.each else 'one of'} {values}")
        said = ". ".join(filter(None, ("; ".join(told), sentence(row.description))))
        name = code(row.name) if row.said else plain(row.name)
        row.written = f"{name} ({', '.join(facts)}){f': {said}' if said else ''}"
    return row.written


def below(members: Members | None, indent: str, named: dict[Members, None]) -> str:
    """What stands below a row, one level further in; `named` takes the named schemas that have a section of their own."""
    return "" if members is None or members.name else "".join(_lines(members, indent, named, 0))


def reference(members: Members | None, named: dict[Members, None]) -> str:
    """The words that lead to the section of a named schema."""
    if members is None or not members.name or not members.all:
        return ""
    named[members] = None
    return f" (schema {code(members.name)})"


def _lines(members: Members, indent: str, named: dict[Members, None], level: int) -> Iterable[str]:
    for row in members.all:
        yield f"{indent}- {line(row)}{reference(row.members, named)}\n"
        if row.members is not None and not row.members.name and level < _DEEPEST:
            yield from _lines(row.members, indent + "  ", named, level + 1)
    if members.more:
        yield f"{indent}- and {members.more} more\n"
