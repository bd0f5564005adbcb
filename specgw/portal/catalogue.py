"""What there is: the operations of all merged documents, by document and tag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from specgw.http import METHODS
from specgw.portal.text import LONGEST_WORD, Names, clipped, line, mapping, paragraphs, sequence

CONTENT = "content"
"""The anchor that every page has for its content."""
OWN_ANCHORS = (CONTENT, "theme", "search-open", "search-results")
"""What pages have beside what is in documents."""
LONGEST_HEADING = 120
UNTAGGED = "Other operations"

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation."""

    page: str
    """The file name of its page."""
    method: str
    path: str
    title: str
    """Its summary; its operationId where it has none, or one that is too long for a heading."""
    summary: str
    """Its summary on one line; its title where it has none."""
    deprecated: bool
    operation: Mapping[str, Any]
    """The Operation Object."""


@dataclass(frozen=True, slots=True)
class Group:
    """The operations of one tag."""

    name: str
    anchor: str
    description: list[str]
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Volume:
    """One merged document."""

    file: str
    """The file name of the document."""
    title: str
    version: str
    anchor: str
    description: list[str]
    document: Document
    groups: list[Group]

    @property
    def count(self) -> int:
        """How many operations there are."""
        return sum(len(group.entries) for group in self.groups)


def catalogue(documents: Mapping[str, Document]) -> list[Volume]:
    """The documents in the order given. Names of pages and anchors are unique among all of them."""
    pages, anchors = Names(), Names()
    for name in OWN_ANCHORS:
        anchors.unique(name, name)
    return [_volume(file, document, pages, anchors) for file, document in documents.items()]


def _volume(file: str, document: Document, pages: Names, anchors: Names) -> Volume:
    info = mapping(document.get("info"))
    title = line(info.get("title")) or file
    anchor = anchors.unique(title.lower(), "document")
    groups: dict[str, Group] = {}
    for tag in sequence(document.get("tags")):
        said = mapping(tag)
        name = said.get("name")
        if isinstance(name, str) and name not in groups:
            groups[name] = Group(line(name), anchors.unique(name.lower(), "tag"), paragraphs(said.get("description")))
    others: list[Entry] = []
    for path, item in mapping(document.get("paths")).items():
        # What a document of 3.1 cannot hold as a method, the merged one carries as an extension.
        further = mapping(mapping(item).get("x-specgw-additionalOperations"))
        for method in (*METHODS, *(method for method in further if method not in METHODS)):
            operation = mapping(item).get(method.lower(), further.get(method))
            if isinstance(operation, dict):
                entry = _entry(method, path, operation, pages)
                tag = next((name for name in sequence(operation.get("tags")) if isinstance(name, str)), None)
                if tag is None:
                    others.append(entry)
                else:
                    if tag not in groups:
                        groups[tag] = Group(line(tag), anchors.unique(tag.lower(), "tag"), [])
                    groups[tag].entries.append(entry)
    shown = [group for group in groups.values() if group.entries]
    if others:
        shown.append(Group(UNTAGGED if shown else "Operations", anchors.unique("operations", "operations"), [], others))
    return Volume(file, title, line(info.get("version"), LONGEST_WORD), anchor, paragraphs(info.get("description")), document, shown)


def _entry(method: str, path: str, operation: Mapping[str, Any], pages: Names) -> Entry:
    said = operation.get("operationId")
    wanted = said if isinstance(said, str) else f"{method.lower()}{path}"
    named = line(said, LONGEST_WORD) or f"{method} {clipped(path)}"
    summary = line(operation.get("summary"), LONGEST_HEADING)
    title = named if not summary or summary.endswith("…") else summary
    page = f"{pages.unique(wanted, 'operation')}.html"
    return Entry(page, method, path, title, summary or named, operation.get("deprecated") is True, operation)
