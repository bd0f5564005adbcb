"""The changelog: what clients noticed from build to build, on a page of all services, one of each, and at each operation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from specgw.changes.history import KINDS, Entry, History, Kind, Recorded
from specgw.portal.catalogue import Volume
from specgw.portal.text import LONGEST_WORD, Names, clipped, line

LONGEST_PAGE = 300
"""How many changes a page shows; of older entries only how many there were."""
AT_OPERATION = 5
"""How many changes the page of an operation shows."""
AT_START = 3
"""How many entries the first page names."""


Page = TypeVar("Page")


@dataclass(frozen=True, slots=True)
class Line:
    """One change as a page tells it."""

    kind: Kind
    label: str
    date: str
    service: str
    """Its title; empty: of the whole gateway."""
    method: str
    """Empty: of a service as a whole."""
    path: str
    page: str | None
    """The page of the operation, from the folder of the site; None where it is gone."""
    text: str


@dataclass(frozen=True, slots=True)
class Version:
    """A service that came, went, or has another version."""

    service: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as a page tells it."""

    number: int
    anchor: str
    date: str
    first: bool
    """Whether it is the one with which the history begins."""
    versions: list[Version]
    counts: list[tuple[Kind, str, int]]
    groups: list[tuple[Kind, str, list[Line]]]
    """By kind; none where only the counts are told."""
    omitted: int

    @property
    def title(self) -> str:
        """What it is called in feeds and lists."""
        if self.first:
            return "First published"
        told = [f"{count} {label.lower()}" for _, label, count in self.counts]
        moved = [f"{version.service} {version.after}".strip() for version in self.versions if version.after]
        return line(", ".join(told) or "; ".join(moved) or "Services are gone")


@dataclass(frozen=True, slots=True)
class Log:
    """The changelog of all services, or of one."""

    name: str
    """The name of the service; empty: of all."""
    title: str
    file: str
    """Its name in the site, without an ending."""
    entries: list[Told]
    older: int
    """How many older entries are not kept."""


class Changelog:
    """Everything that pages show of a history."""

    def __init__(self, history: History, volumes: Iterable[Volume]) -> None:
        self.history = history
        self._pages = {
            f"{entry.method} {entry.path}": f"operations/{entry.page}"
            for volume in volumes
            for group in volume.groups
            for entry in group.entries
        }
        names = Names()
        self._files = {name: f"changes/{names.unique(name, 'service')}" for name in sorted(history.services)}

    def whole(self) -> Log:
        """The changelog of all services."""
        return Log("", "", "changes", self._told(self.history.entries), self.history.omitted)

    def services(self) -> list[Log]:
        """That of each service that is there now."""
        found = []
        for name, file in self._files.items():
            entries = [kept for entry in self.history.entries if (kept := _only(entry, name)) is not None]
            found.append(Log(name, self._title(name), file, self._told(entries), self.history.omitted))
        return found

    def page_of(self, name: str) -> str | None:
        """The page of a service; None where it has none."""
        file = self._files.get(name)
        return None if file is None else f"{file}.html"

    def recent(self) -> list[Told]:
        """The newest entries, for the first page."""
        return self._told(self.history.entries[:AT_START])

    def of(self, method: str, path: str) -> list[Line]:
        """The newest changes of an operation."""
        wanted = f"{method} {path}"
        found = ((change, entry) for entry in self.history.entries for change in entry.changes)
        return [self._line(change, entry) for change, entry in found if wanted in (change.operation, *change.operations)][:AT_OPERATION]

    def _told(self, entries: Sequence[Entry]) -> list[Told]:
        room, told = LONGEST_PAGE, []
        for entry in entries:
            room -= len(entry.changes)
            told.append(self._entry(entry, whole=room >= 0))
        return told

    def _entry(self, entry: Entry, *, whole: bool) -> Told:
        lines = [self._line(change, entry) for change in entry.changes] if whole else []
        groups = [(kind, label, [told for told in lines if told.kind == kind]) for kind, label in KINDS.items()]
        return Told(
            number=entry.number,
            anchor=f"entry-{entry.number}",
            date=entry.date.isoformat(),
            first=entry.number == 1,
            versions=[
                Version(self._title(name), line(before, LONGEST_WORD), line(after, LONGEST_WORD))
                for name, (before, after) in entry.versions.items()
            ],
            counts=[(kind, label, entry.counts[kind]) for kind, label in KINDS.items() if entry.counts.get(kind)],
            groups=[group for group in groups if group[2]],
            omitted=entry.omitted if whole else sum(entry.counts.values()),
        )

    def _line(self, change: Recorded, entry: Entry) -> Line:
        method, _, path = change.operation.partition(" ")
        text = f"{line(change.place)}: {line(change.text)}" if change.place else line(change.text)
        return Line(
            kind=change.kind,
            label=KINDS[change.kind],
            date=entry.date.isoformat(),
            service=self._title(change.service) if change.service else "",
            method=clipped(method, 20),
            path=clipped(path),
            page=self._pages.get(change.operation),
            text=text,
        )

    def _title(self, name: str) -> str:
        known = self.history.services.get(name)
        return (line(known.title) if known is not None else "") or line(name)


def pages(log: Changelog, page: Callable[..., Page]) -> Mapping[str, Page]:
    """The pages by path. `page` fills in a template, with its title and the way up to the folder of the site."""
    whole, services = log.whole(), log.services()
    made = {"changes.html": page("changes.html", "Changelog", log=whole, services=services, kinds=KINDS)}
    for told in services:
        made[f"{told.file}.html"] = page("changes.html", f"Changelog · {told.title}", "../", log=told, services=services, kinds=KINDS)
    return made


def _only(entry: Entry, name: str) -> Entry | None:
    """What an entry says of a service; None where it says nothing of it."""
    changes = tuple(change for change in entry.changes if change.service in (name, ""))
    versions = {name: entry.versions[name]} if name in entry.versions else {}
    if not changes and not versions:
        return None
    counts = Counter(change.kind for change in changes)
    return Entry(number=entry.number, date=entry.date, versions=versions, counts=dict(counts), changes=changes)
