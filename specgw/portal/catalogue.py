"""What there is: the operations of all merged documents, by service and tag."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from specgw.http import METHODS
from specgw.plan.model import Plan, Route
from specgw.portal.text import LONGEST_WORD, Names, clipped, line, mapping, paragraphs, sequence

CONTENT = "content"
"""The anchor that every page has for its content."""
OWN_ANCHORS = (CONTENT, "theme", "search-open", "search-results", "beside")
"""What pages have beside what is in documents."""
LONGEST_HEADING = 120
LONGEST_LIST = 300
"""How many operations one page lists; of a service with more, each tag has a page of its own."""
NEAR = 40
"""How many operations of a tag stand in the navigation of each of them."""
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
    route: Route | None = None
    """What the gateway serves under it; None where several could be meant: nothing is better than something wrong."""

    @property
    def sheet(self) -> str:
        """The file name of its Markdown."""
        return f"{self.page.removesuffix('.html')}.md"


@dataclass(frozen=True, slots=True)
class Group:
    """The operations of one tag."""

    name: str
    anchor: str
    description: list[str]
    entries: list[Entry]
    page: str
    """The page that lists them, from the folder of the site: its own where the service has many, else that of the service."""

    @property
    def place(self) -> str:
        """Where it begins: a page, and an anchor on it."""
        return f"{self.page}#{self.anchor}"

    def near(self, number: int) -> list[Entry]:
        """The operations around one of them, which a navigation has room for; all of them where they are few."""
        first = max(0, min(number - NEAR // 2, len(self.entries) - NEAR))
        return self.entries[first : first + NEAR]


@dataclass(frozen=True, slots=True)
class Volume:
    """One service, in one of its versions, as far as one merged document has it."""

    file: str
    """The file name of the document."""
    name: str
    """What routes call it, `NAME.VERSION` where it has versions side by side; empty where there is no Plan."""
    page: str
    """Its page, from the folder of the site."""
    title: str
    version: str
    anchor: str
    description: list[str]
    said: Mapping[str, Any]
    """What its own document says of it: `info` and `externalDocs`."""
    document: Document
    groups: list[Group]

    @property
    def divided(self) -> bool:
        """Whether its operations are on pages of their own by tag, since one page of all would be too long."""
        return any(group.page != self.page for group in self.groups)

    @property
    def count(self) -> int:
        """How many operations there are."""
        return sum(len(group.entries) for group in self.groups)

    @property
    def entries(self) -> Iterator[Entry]:
        """All operations."""
        return (entry for group in self.groups for entry in group.entries)


def catalogue(
    documents: Mapping[str, Document], plan: Plan | None = None, services: Mapping[str, Mapping[str, Any]] | None = None
) -> list[Volume]:
    """The services in the order of the documents given, and of their paths. Names of pages and anchors are unique among all of them."""
    made = _Catalogue(Plan() if plan is None else plan, services or {})
    return [volume for file, document in documents.items() for volume in made.volumes(file, document)]


class _Catalogue:
    def __init__(self, plan: Plan, services: Mapping[str, Mapping[str, Any]]) -> None:
        self._services = services
        self._routes: dict[tuple[str, str], list[Route]] = {}
        for route in plan.routes:
            if route.visibility == "public":
                self._routes.setdefault((route.method, route.path), []).append(route)
        self._pages, self._names, self._anchors = Names(), Names(), Names()
        for name in OWN_ANCHORS:
            self._anchors.unique(name, name)

    def volumes(self, file: str, document: Document) -> list[Volume]:
        """The services of one document; one without operations where it has none."""
        found: dict[str, list[Entry]] = {}
        for path, item in mapping(document.get("paths")).items():
            # What a document of 3.1 cannot hold as a method, the merged one carries as an extension.
            further = mapping(mapping(item).get("x-specgw-additionalOperations"))
            for method in (*METHODS, *(method for method in further if method not in METHODS)):
                operation = mapping(item).get(method.lower(), further.get(method))
                if isinstance(operation, dict):
                    owner, entry = self._entry(method, path, operation)
                    found.setdefault(owner, []).append(entry)
        alone = len(found) < 2
        return [self._volume(file, document, owner, entries, alone=alone) for owner, entries in (found or {"": []}).items()]

    def _entry(self, method: str, path: str, operation: Mapping[str, Any]) -> tuple[str, Entry]:
        said = operation.get("operationId")
        wanted = said if isinstance(said, str) else f"{method.lower()}{path}"
        named = line(said, LONGEST_WORD) or f"{method} {clipped(path)}"
        summary = line(operation.get("summary"), LONGEST_HEADING)
        title = named if not summary or summary.endswith("…") else summary
        page = f"{self._pages.unique(wanted, 'operation')}.html"
        routes = self._routes.get((method, path), [])
        owners = {_owner(route) for route in routes}
        if len(routes) > 1:
            routes = [route for route in routes if route.operation_id is not None and route.operation_id == said]
        route = routes[0] if len(routes) == 1 else None
        owner = _owner(route) if route is not None else owners.pop() if len(owners) == 1 else ""
        return owner, Entry(page, method, path, title, summary or named, operation.get("deprecated") is True, operation, route)

    def _volume(self, file: str, document: Document, owner: str, entries: list[Entry], *, alone: bool) -> Volume:
        said = self._services.get(owner) or ({key: document[key] for key in ("info", "externalDocs") if key in document} if alone else {})
        info = mapping(said.get("info"))
        title = line(info.get("title")) or owner or file
        name = self._names.unique(owner or title.lower(), "service")
        return Volume(
            file=file,
            name=owner,
            page=f"services/{name}.html",
            title=title,
            version=line(info.get("version"), LONGEST_WORD),
            anchor=self._anchors.unique(title.lower(), "service"),
            description=paragraphs(info.get("description")),
            said=said,
            document=document,
            groups=self._groups(document, entries, name),
        )

    def _groups(self, document: Document, entries: list[Entry], service: str) -> list[Group]:
        """By the first tag of each operation, in the order of the document's tags."""
        by_tag: dict[str, list[Entry]] = {}
        others: list[Entry] = []
        for entry in entries:
            tag = next((name for name in sequence(entry.operation.get("tags")) if isinstance(name, str)), None)
            (others if tag is None else by_tag.setdefault(tag, [])).append(entry)
        said = {tag["name"]: tag for tag in map(mapping, sequence(document.get("tags"))) if isinstance(tag.get("name"), str)}
        order = [*(name for name in said if name in by_tag), *(name for name in by_tag if name not in said)]
        divided = len(entries) > LONGEST_LIST

        def group(name: str, wanted: str, description: list[str], listed: list[Entry]) -> Group:
            anchor = self._anchors.unique(wanted, "tag")
            page = self._names.unique(f"{service}.{anchor}", "tag") if divided else service
            return Group(name, anchor, description, listed, f"services/{page}.html")

        told = {name: paragraphs(said.get(name, {}).get("description")) for name in order}
        shown = [group(line(name) or UNTAGGED, name.lower(), told[name], by_tag[name]) for name in order]
        if others:
            shown.append(group(UNTAGGED if shown else "Operations", "operations", [], others))
        return shown


def _owner(route: Route) -> str:
    return route.service if route.version is None else f"{route.service}.{route.version}"
