"""Which operations stand in which merged document: a document holds a method of a path only once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from specgw.compiler.declared import Declared
from specgw.compiler.names import unused
from specgw.plan.model import Route
from specgw.plan.template import Template, parse

_FOREIGN = re.compile(r"[^a-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Published:
    """A route as an entry of a merged document."""

    declared: Declared
    route: Route
    template: Template

    @property
    def key(self) -> tuple[str, tuple[tuple[str, ...], ...]]:
        """What a document can hold once: names of path parameters make no difference."""
        return self.route.method, self.template.key


def entries(declared: Sequence[Declared]) -> list[Published]:
    """All routes, by service and document; within a document in the order of its author."""
    found = [Published(operation, route, parse(route.path)) for operation in declared for route in operation.routes]
    return sorted(found, key=lambda entry: (entry.declared.service, entry.declared.contract.root.file))


def split(published: Sequence[Published]) -> dict[str, list[Published]]:
    """Entries by file name. All go to `openapi.json`, except documents that declare what stands there already.

    These are told apart by host, `match` or version: each document that collides gets a file of its own, named by
    its service and version or host.
    """
    files: dict[str, list[Published]] = {"openapi.json": []}
    taken: dict[str, set[tuple[str, tuple[tuple[str, ...], ...]]]] = {"openapi.json": set()}
    for layer in sorted(_layers(published), key=_precedence):
        keys = {entry.key for entry in layer}
        name = next((name for name, others in taken.items() if not others & keys), None)
        if name is None:
            name = _file_name(layer[0], files)
            files[name], taken[name] = [], set()
        files[name] += layer
        taken[name] |= keys
    return files


def _layers(published: Sequence[Published]) -> list[list[Published]]:
    """The entries of each document; what it declares twice itself makes a further layer."""
    layers: dict[tuple[str, int], list[Published]] = {}
    count: dict[tuple[str, object], int] = {}
    for entry in published:
        document = entry.declared.contract.root.file
        depth = count.get((document, entry.key), 0)
        count[document, entry.key] = depth + 1
        layers.setdefault((document, depth), []).append(entry)
    return list(layers.values())


def _precedence(layer: list[Published]) -> tuple[object, ...]:
    first = layer[0]
    bound = any(entry.route.hosts for entry in layer)
    conditional = all(entry.route.conditions.weight for entry in layer)
    return bound, conditional, first.declared.service, first.declared.version or "", first.declared.contract.root.file, first.route.hosts


def _file_name(entry: Published, files: dict[str, list[Published]]) -> str:
    words = [entry.declared.service, entry.declared.version or (entry.route.hosts[0] if entry.route.hosts else "")]
    base = "-".join(word for word in (_FOREIGN.sub("-", word.lower()).strip("-.") for word in words) if word)
    return unused(f"openapi.{base}", files.__contains__, end=".json")
