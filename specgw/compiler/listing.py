"""The list of operations that `specgw routes` prints: of a build, or of a Plan alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from specgw.compiler.declared import Declared
from specgw.plan.model import Plan, Route, SecurityScheme, UpstreamChoice

Enforcement = Literal["full", "partial", "off", "disabled", "unreachable"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One declared operation, or a further public path of one.

    `enforcement`: `full`, `partial` (something of the contract cannot be checked, see `unenforced`), `off`,
    `disabled` (`enabled: false`), `unreachable` (its path is none that a request can have).
    """

    operation_id: str | None
    method: str
    path: str
    upstream: str | None
    """Names, separated by commas where conditions choose; None: none is known, it answers 503."""
    security: tuple[tuple[SecurityScheme, ...], ...]
    enforcement: Enforcement
    file: str
    line: int
    unenforced: tuple[str, ...] = ()

    @classmethod
    def of_json(cls, shown: Mapping[str, Any]) -> Entry:
        """The entry that `as_json` shows."""
        return cls(
            operation_id=shown["operationId"],
            method=shown["method"],
            path=shown["path"],
            upstream=shown["upstream"],
            security=tuple(
                tuple(SecurityScheme(name=name, scopes=tuple(scopes)) for name, scopes in alternative.items())
                for alternative in shown["security"]
            ),
            enforcement=shown["enforcement"],
            file=shown["file"],
            line=shown["line"],
        )

    def as_json(self) -> dict[str, object]:
        """The members that `routes --format json` shows; `security` as OpenAPI writes it."""
        return {
            "operationId": self.operation_id,
            "method": self.method,
            "path": self.path,
            "upstream": self.upstream,
            "security": requirements(self.security),
            "enforcement": self.enforcement,
            "file": self.file,
            "line": self.line,
        }


def of_declared(declared: Iterable[Declared]) -> tuple[Entry, ...]:
    """One entry a declared operation, disabled ones included, in the order of the Plan."""
    operations = list(declared)
    served = [_of_route(operation.routes[0]) for operation in operations if operation.routes]
    return ordered((*served, *unserved(operations)))


def ordered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries in the order in which they are shown."""
    return tuple(sorted(entries, key=lambda entry: (entry.path, entry.method, entry.file, entry.line)))


def unserved(declared: Iterable[Declared]) -> tuple[Entry, ...]:
    """The operations that no request reaches: a Plan does not know them."""
    entries = []
    for operation in declared:
        if not operation.routes:
            place = operation.operation.node.written()
            entries.append(
                Entry(
                    operation_id=operation.operation.operation_id,
                    method=operation.operation.method,
                    path=operation.addresses[0].path if operation.addresses else operation.operation.path,
                    upstream=_upstreams(operation.upstreams),
                    security=operation.security or (),
                    enforcement="unreachable" if operation.settings.enabled else "disabled",
                    file=place.file,
                    line=place.line,
                )
            )
    return ordered(entries)


def of_plan(plan: Plan, unserved: Iterable[Entry] = ()) -> tuple[Entry, ...]:
    """One entry an operation: those that are served, which are all that a Plan knows, and the others."""
    first: dict[tuple[str, ...], Route] = {}
    for route in plan.routes:
        key = _operation(route)
        known = first.get(key)
        if known is None or (len(route.id), route.id) < (len(known.id), known.id):
            first[key] = route
    served = [_of_route(route) for route in plan.routes if first[_operation(route)] is route]
    return ordered((*served, *unserved))


def _operation(route: Route) -> tuple[str, ...]:
    """What tells the operations of a Plan apart: an overlay may bring one text to several paths, of several documents."""
    return route.origin.file, route.origin.pointer, route.service, route.method, route.document_path


def requirements(security: Sequence[Sequence[SecurityScheme]]) -> list[dict[str, list[str]]]:
    """Alternatives as OpenAPI writes them: a list of `{scheme: scopes}`; empty: public."""
    return [{scheme.name: list(scheme.scopes) for scheme in alternative} for alternative in security]


def _of_route(route: Route) -> Entry:
    return Entry(
        operation_id=route.operation_id,
        method=route.method,
        path=route.path,
        upstream=_upstreams(route.upstreams),
        security=route.security or (),
        enforcement=route.enforcement,
        file=route.origin.file,
        line=route.origin.line,
        unenforced=route.unenforced,
    )


def _upstreams(choices: Iterable[UpstreamChoice]) -> str | None:
    return ", ".join(dict.fromkeys(choice.upstream for choice in choices)) or None
