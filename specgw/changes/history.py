"""What clients noticed from build to build: the committed file that the changelog of the portal is made from.

Only what clients notice is in it, of operations that are published: what a change does to protection is for operators, who
ask `specgw diff` for it. Nothing of it names a file of an author.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from specgw.changes.change import GATEWAY, Change, Grade

FORMAT = 1
ENTRIES = 50
"""How many entries are kept; the oldest go."""
OPERATIONS = 200
"""How many operations of one change are kept."""
CHANGES = 100
"""How many changes of an entry are kept; the least grave go."""

Kind = Literal["breaking", "changed", "deprecated", "added", "fixed"]
KINDS: dict[Kind, str] = {
    "breaking": "Breaking",
    "changed": "Changed",
    "deprecated": "Deprecated",
    "added": "Added",
    "fixed": "Fixed",
}
"""What changes are called in the changelog, in its order."""
_OF_GRADE: dict[Grade, Kind] = {
    "breaking": "breaking",
    "risky": "changed",
    "deprecated": "deprecated",
    "added": "added",
    "fixed": "fixed",
}
_WEBHOOK = "webhook "
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_Count = Annotated[int, msgspec.Meta(ge=0)]


class Recorded(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One change."""

    kind: Kind
    code: str
    """As `specgw diff` has it, or `service-added` and `service-removed`."""
    service: str = ""
    """Empty: of the whole gateway."""
    operation: str = ""
    """`GET /api/users`; empty: of several, or of the whole service."""
    operations: tuple[str, ...] = ()
    """Of several: which ones, the first `OPERATIONS` of them."""
    place: str = ""
    """The part of the operation, in words: `query limit`."""
    text: str


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one build brought."""

    number: Annotated[int, msgspec.Meta(ge=1)]
    """Counted from the first build; never given twice."""
    date: date
    versions: dict[str, tuple[str | None, str | None]] = {}
    """Of the services that are new, gone, or of another version: the one before and the one after."""
    counts: dict[Kind, _Count] = {}
    """How many changes there were, those included that are not kept."""
    changes: tuple[Recorded, ...] = ()

    @property
    def omitted(self) -> int:
        """How many changes are not kept."""
        return max(sum(self.counts.values()) - len(self.changes), 0)


class Service(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service of the last build."""

    title: str
    version: str


class History(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    changelog: int = FORMAT
    id: str
    """A tag URI (RFC 4151) that names this history and stays as it is, wherever it is published."""
    services: dict[str, Service]
    entries: tuple[Entry, ...]
    """The newest first."""
    omitted: _Count = 0
    """How many older entries are not kept."""


class Unreadable(ValueError):
    """The file is damaged or another one; the text says how."""


@dataclass(frozen=True, slots=True)
class State:
    """What a build publishes."""

    services: Mapping[str, Service]
    operations: Mapping[str, str]
    """The service of each operation, by `METHOD path`."""
    webhooks: Mapping[str, str] = field(default_factory=dict)
    """The service of each webhook, by its name in the merged document."""


def read(content: bytes) -> History:
    """The history in a file. Raises Unreadable."""
    try:
        history = msgspec.json.decode(content, type=History, strict=True)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unreadable(str(error)) from error
    if history.changelog != FORMAT:
        raise Unreadable(f"it is of format {history.changelog}, and this specgw writes format {FORMAT}")
    return history


def written(history: History) -> bytes:
    """The content of the file: indented, so that a change of it can be read."""
    return msgspec.json.format(msgspec.json.encode(history), indent=2) + b"\n"


def begun(state: State, day: date, content: bytes, public_url: str | None) -> History:
    """The history after the first build: that there is something, not each thing as an addition.

    `content` is what the build publishes and `public_url` where, if that is known: both make the name of the history.
    """
    host = urlsplit(public_url or "").hostname or ""
    authority = host if _HOST.fullmatch(host) else "localhost"
    name = f"tag:{authority},{day.isoformat()}:{hashlib.sha256(content).hexdigest()[:16]}"
    first = Entry(number=1, date=day, versions={name: (None, service.version) for name, service in state.services.items()})
    return History(id=name, services=dict(state.services), entries=(first,))


def continued(history: History, before: Mapping[str, str], after: State, changes: Iterable[Change], day: date) -> History:
    """The history after another build: as it was where clients notice nothing.

    `before`: the services of the operations of the last build. `changes`: the gravest first, as `compare.ordered` has them.
    """
    old, new = history.services, after.services
    versions: dict[str, tuple[str | None, str | None]] = {}
    for name in sorted(old.keys() | new.keys()):
        pair = (old[name].version if name in old else None, new[name].version if name in new else None)
        if pair[0] != pair[1]:
            versions[name] = pair
    found = [*_whole(before, after), *_each(before, after, changes)]
    services = dict(new)
    if not found and not versions:
        return history if services == history.services else replace(history, services=services)
    order = list(KINDS)
    found.sort(key=lambda change: order.index(change.kind))
    counted = Counter(change.kind for change in found)
    number = max((entry.number for entry in history.entries), default=0) + 1
    entry = Entry(
        number=number,
        date=day,
        versions=versions,
        counts={kind: counted[kind] for kind in KINDS if counted[kind]},
        changes=tuple(found[:CHANGES]),
    )
    entries = (entry, *history.entries)
    return replace(history, services=services, entries=entries[:ENTRIES], omitted=history.omitted + len(entries[ENTRIES:]))


def _whole(before: Mapping[str, str], after: State) -> list[Recorded]:
    """Services that have come or gone: one change each, instead of one for each operation."""
    was, now = Counter(before.values()), Counter(after.operations.values())
    made = [
        Recorded(kind="breaking", code="service-removed", service=name, text=f"the service is gone, with {_operations(was[name])}")
        for name in sorted(was.keys() - now.keys())
    ]
    made += [
        Recorded(kind="added", code="service-added", service=name, text=f"the service is new, with {_operations(now[name])}")
        for name in sorted(now.keys() - was.keys())
    ]
    return made


def _each(before: Mapping[str, str], after: State, changes: Iterable[Change]) -> list[Recorded]:
    was, now = set(before.values()), set(after.operations.values())
    made = []
    for change in changes:
        kind = _OF_GRADE.get(change.grade)
        if kind is None:
            continue
        service = change.service or after.operations.get(change.operation, before.get(change.operation, "")) or _caller(change, after)
        if service and (service not in was or service not in now):
            continue
        made.append(
            Recorded(
                kind=kind,
                code=change.code,
                service=service,
                operation=change.operation,
                operations=change.operations[:OPERATIONS],
                place=_place(change),
                text=change.message,
            )
        )
    return made


def _caller(change: Change, after: State) -> str:
    """The service of a webhook; where it is gone, the only service that there is."""
    if not change.subject.startswith(_WEBHOOK):
        return ""
    name = change.subject.removeprefix(_WEBHOOK).rpartition(" ")[0]
    return after.webhooks.get(name, next(iter(after.services)) if len(after.services) == 1 else "")


def _place(change: Change) -> str:
    """The part of what it is about, in words: the hosts of an operation are no part of it."""
    rest = change.subject.removeprefix(change.operation)
    if not change.operation or rest == change.subject:
        return "" if change.subject == GATEWAY else change.subject
    return (rest.partition(")")[2] if rest.startswith(" (") else rest).removeprefix(", ")


def _operations(count: int) -> str:
    return "1 operation" if count == 1 else f"{count} operations"
