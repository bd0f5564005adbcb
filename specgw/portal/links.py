"""Links of guides that lead nowhere: found when the portal is built, before anybody follows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from posixpath import normpath
from typing import Protocol

from specgw.diagnostics import FilePlace, Findings, closest
from specgw.portal.markdown import Link, links
from specgw.portal.published import Guide

_ID = re.compile(rb' id="([^"]+)"')


class Pages(Protocol):
    """The pages that there are."""

    guides: Mapping[str, Guide]

    def names(self) -> Mapping[str, object]:
        """Every page by its path below the portal."""

    def page(self, name: str) -> bytes:
        """One of them."""


def check(pages: Pages, findings: Findings) -> None:
    """A finding at each link that leads nowhere."""
    anchors: dict[str, set[str]] = {}
    for name, guide in pages.guides.items():
        for link in links(guide.text):
            told = _fault(link, f"guides/{name}.html", pages, anchors)
            if told is not None:
                message, hint = told
                findings.add("dead-link", FilePlace(guide.file, guide.line + link.line - 1, link.column), message, hint=hint)


def _fault(link: Link, here: str, pages: Pages, anchors: dict[str, set[str]]) -> tuple[str, str | None] | None:
    """What is wrong with a link, and the way out."""
    if link.kind == "outside":
        return None
    if link.kind == "refused":
        way = "to http, https and mailto, to other guides (NAME.md), and to pages of the portal (../operations/NAME.html)"
        return f"'{link.target}' is shown as text: guides may lead {way}", None
    path, _, place = link.target.partition("#")
    target = normpath(f"guides/../{here}") if not path else normpath(f"guides/{re.sub('[.]md$', '.html', path)}")
    known = pages.names()
    if target not in known:
        close = closest(target, [name for name in known if name.endswith(".html")])
        hint = None if close is None else f"did you mean '{_back(close)}'?"
        return f"'{link.target}' leads nowhere: the portal has no page {target}", hint
    if place:
        if target not in anchors:
            anchors[target] = {found.decode() for found in _ID.findall(pages.page(target))}
        if place not in anchors[target]:
            close = closest(place, sorted(anchors[target]))
            hint = None if close is None else f"did you mean '#{close}'?"
            return f"'{link.target}' leads nowhere: {target} has no place '{place}'", hint
    return None


def _back(target: str) -> str:
    """The page as a guide writes it."""
    return target.removeprefix("guides/").replace(".html", ".md") if target.startswith("guides/") else f"../{target}"
