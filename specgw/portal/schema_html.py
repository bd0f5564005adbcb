"""Schemas as HTML that unfolds without a script, of bounded length.

Written here and not by a template: a page has hundreds of rows, and most rows stand on many pages. Every row is drawn once;
a page only joins what is drawn. All text is escaped where it is drawn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from html import escape

from markupsafe import Markup

from specgw.portal.markdown import prose
from specgw.portal.schema_tree import Members, Row

DEEPEST = 6
"""Levels inside each other on one page."""


class Trees:
    """The trees of one page. A named schema unfolds once; where it comes again, it is a link to its own page."""

    def __init__(self, places: Mapping[str, str], document: str, room: int) -> None:
        """`places`: where the pages of schemas are, by name; `document`: where everything is.

        `room`: characters of all trees together, of which half is left at each tree for those that follow.
        """
        self._places = places
        self._document = document
        self._room = room
        self._shown: set[Members] = set()

    def place(self, name: str) -> str:
        """The page of a schema; empty where it has none."""
        return self._places.get(name, "")

    def tree(self, members: Members | None) -> Markup:
        """The tree of a schema, the upper levels first: what is nearest is never left out for something far down."""
        if members is None or not members.all:
            return Markup("")
        opened: set[Row] = set()
        self._shown.add(members)
        left = self._room - (self._room // 2) - _length(members)
        waiting = deque([(members, 1)])
        while waiting:
            around, level = waiting.popleft()
            for row in around.all if level < DEEPEST else ():
                below = row.members
                if below is None or below in self._shown or not below.all or (cost := _length(below)) > left:
                    continue
                left -= cost
                opened.add(row)
                self._shown.add(below)
                waiting.append((below, level + 1))
        pieces: list[str] = []
        self._write(members, opened, pieces)
        text = "".join(pieces)
        self._room = max(0, self._room - len(text))
        return Markup(text)

    def _write(self, members: Members, opened: set[Row], pieces: list[str]) -> None:
        pieces.append('<ul class="schema">\n')
        for row in members.all:
            label, said = drawn(row)
            if row in opened and row.members is not None:
                pieces.append(f"<li><details><summary>{label}</summary>\n{said}")
                self._write(row.members, opened, pieces)
                pieces.append("</details></li>\n")
            else:
                pieces.append(f'<li><div class="schema-leaf">{label}{self._elsewhere(row.members)}</div>\n{said}</li>\n')
        if members.more:
            pieces.append(f'<li class="note">{members.more} more: the whole schema is in {self._link(members)}.</li>\n')
        pieces.append("</ul>\n")

    def _elsewhere(self, members: Members | None) -> str:
        """Where the members of a row are, that is not unfolded."""
        return f" {self._link(members)}" if members is not None and members.all else ""

    def _link(self, members: Members) -> str:
        place = self._places.get(members.name)
        if place is not None:
            return f'<a href="{escape(place)}">{escape(members.name, quote=False)}</a>'
        return f'<a href="{escape(self._document)}">{escape(self._document.rpartition("/")[2], quote=False)}</a>'


def drawn(row: Row) -> tuple[str, str]:
    """A row: the line with its name, and what is said below it."""
    if row.drawn is None:
        row.drawn = label(row), said(row)
    return row.drawn


def label(row: Row) -> str:
    """The line with the name of a row."""
    name = escape(row.name, quote=False)
    text = f"<code>{name}</code>" if row.said else f'<span class="schema-word">{name}</span>'
    text += f' <span class="note">{escape(row.kind, quote=False)}</span>'
    text += ' <strong class="schema-required">required</strong>' if row.required else ""
    return text + "".join(f' <span class="badge">{mark}</span>' for mark in row.marks)


def said(row: Row) -> Markup:
    """What a value of a row has to be, and what it is for."""
    text = str(prose("\n\n".join(row.description))) if row.description else ""
    if row.constraints:
        text += f'<p class="note">{escape(" · ".join(row.constraints), quote=False)}</p>\n'
    if row.choice is not None:
        values = " ".join(f"<code>{escape(value, quote=False) or '&quot;&quot;'}</code>" for value in row.choice.values)
        more = f" and {row.choice.more} more" if row.choice.more else ""
        text += f'<p class="note schema-values">{"Each one of" if row.choice.each else "One of"} {values}{more}</p>\n'
    return Markup(text)


def _length(members: Members) -> int:
    return sum(len(name) + len(text) + 60 for name, text in map(drawn, members.all))
