"""Where each operation stands in a merged document and what it is called there; links between operations follow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from specgw.compiler.merge.bundle import Scope
from specgw.compiler.merge.later import place
from specgw.compiler.merge.split import Published
from specgw.compiler.names import unused
from specgw.compiler.references import Follow
from specgw.openapi.pointers import pointer_of


class Directory:
    """The operations of one merged document."""

    def __init__(self, entries: Sequence[Published], follow: Follow) -> None:
        self._follow = follow
        self._paths: dict[object, str] = {}
        self._sharing: dict[str, list[Published]] = {}
        self._names = _names(entries)
        self._by_place: dict[tuple[str, str], Published] = {}
        self._by_id: dict[tuple[str, str], Published] = {}
        for entry in entries:
            path = self._paths.setdefault(entry.template.key, entry.route.path)
            self._sharing.setdefault(path, []).append(entry)
            operation = entry.declared.operation
            self._by_place.setdefault((operation.node.file, operation.node.pointer), entry)
            if operation.operation_id is not None:
                self._by_id.setdefault((operation.root.file, operation.operation_id), entry)

    def path(self, entry: Published) -> str:
        """The path under which it stands: that of the first entry whose template matches the same."""
        return self._paths[entry.template.key]

    def sharing(self, path: str) -> list[Published]:
        """All entries of a path."""
        return self._sharing[path]

    def name(self, entry: Published) -> str | None:
        """Its operationId: unique in the document."""
        return self._names.get(entry.route.id)

    def path_parameters(self, entry: Published) -> dict[str, str]:
        """Its path parameters, and what they are called in the path under which it stands."""
        first = self._sharing[self.path(entry)][0]
        return dict(zip(entry.template.names, first.template.names, strict=True))

    def link(self, scope: Scope, link: dict[str, Any]) -> dict[str, str] | None:
        """The target of a Link Object as this document says it; None where it is not published here."""
        reference, operation_id = link.get("operationRef"), link.get("operationId")
        entry = None
        if isinstance(reference, str):
            target = self._follow(scope.document, reference)
            entry = self._by_place.get((target.file, target.pointer)) if target is not None else None
        elif isinstance(operation_id, str):
            entry = self._by_id.get((scope.root.file, operation_id))
        if entry is None:
            return None
        name = self.name(entry)
        if name is not None:
            return {"operationId": name}
        return {"operationRef": "#" + pointer_of(("paths", self.path(entry), *place(entry.route.method)))}


def _names(entries: Sequence[Published]) -> dict[str, str]:
    """OperationIds by route: as declared, and with the service in front where several documents use one."""
    wanted: dict[str, list[Published]] = {}
    for entry in entries:
        operation_id = entry.declared.operation.operation_id
        if operation_id is not None:
            first = entry.route.id == entry.declared.routes[0].id  # a service has copies of them
            wanted.setdefault(operation_id if first else f"{operation_id}@{entry.route.version or entry.route.path}", []).append(entry)
    names = {claimants[0].route.id: name for name, claimants in wanted.items() if len(claimants) == 1}
    taken = set(names.values())
    for name, claimants in wanted.items():
        for entry in claimants if len(claimants) > 1 else ():
            names[entry.route.id] = unused(f"{entry.declared.service}.{name}", taken.__contains__, mark=".")
            taken.add(names[entry.route.id])
    return names
