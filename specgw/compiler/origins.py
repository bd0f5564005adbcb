"""Where the settings of every route were written: what origins.json holds, and what `specgw explain` reads.

The Plan says what is in force and not why, since a gateway need not know. This says why: each setting that somebody gave,
with its level, file and line, and once for all routes what holds where nobody says anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from specgw.compiler.declared import Declared
from specgw.compiler.listing import unserved
from specgw.openapi.model import Node
from specgw.xgateway.docstrings import described
from specgw.xgateway.extension import KEY
from specgw.xgateway.tree import Tree, plain
from specgw.xgateway.vocabulary.level import KEYS
from specgw.xgateway.vocabulary.part import Part
from specgw.xgateway.vocabulary.routing import Timeout, Validation

_DEFAULT = re.compile(r"Default: `([^`]*)`\.")
_PARTS: dict[str, type[Part]] = {"validate": Validation, "timeout": Timeout}
"""Keys whose parts have defaults of their own, which hold even where others of them are given."""
_ROUTES = ("defaults", "upstreams", "specs")
"""What gateway.yaml says of routes: told of each of them."""
_BLOCKS = "/components/x-gateway/"
_DEFAULTS = "/gateway/defaults/"
"""As it stands in gateway.yaml and in the files of its profiles."""


def origins_document(declared: Iterable[Declared], said: Tree | None) -> dict[str, Any]:
    """All of it. `said`: gateway.yaml."""
    operations = list(declared)
    return {
        "defaults": defaults(),
        "gateway": dict(_of_gateway("", (said.children or {}).get("gateway"))) if said is not None else {},
        "webhooks": _webhooks(operations),
        "routes": {route.id: _of_operation(operation) for operation in operations for route in operation.routes},
        "unserved": [entry.as_json() for entry in unserved(operations)],
    }


def defaults() -> dict[str, str]:
    """What holds where nobody says anything, in words, by the names of the settings."""
    found: dict[str, str] = {}
    for name, key in KEYS.items():
        if key.built and name in _PARTS:
            found |= {f"{name}.{part}": text for part, text in _of_parts(_PARTS[name])}
        elif key.built:
            found[name] = key.default.replace("`", "")
    return found


def _of_parts(model: type[Part]) -> Iterator[tuple[str, str]]:
    for part, text in described(model).items():
        said = _DEFAULT.search(text)
        if said is not None:
            yield part, said[1]


def _of_gateway(name: str, tree: Tree | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Where each part of gateway.yaml stands, without its value: that is in the Plan, or a secret."""
    if tree is None:
        return
    if tree.children is None or name.count(".") == 1:
        yield name, _place(tree.node)
        return
    for key, child in tree.children.items():
        if name or key not in _ROUTES:
            yield from _of_gateway(f"{name}.{key}" if name else key, child)


def _webhooks(operations: Iterable[Declared]) -> dict[str, Any]:
    """Where webhooks are declared, by their names in the merged document."""
    found: dict[str, Any] = {}
    for declared in {id(declared.contract): declared for declared in operations}.values():
        for name, node in declared.contract.root.at("webhooks").items():
            if not name.startswith("x-"):
                found[name if name not in found else f"{declared.service}.{name}"] = _place(node)
    return found


def _of_operation(declared: Declared) -> dict[str, Any]:
    said = declared.settings.said
    given = said.children or {} if said is not None else {}
    settings: dict[str, Any] = {}
    for name in KEYS:
        tree = given.get(name)
        for path, leaf in _leaves(name, tree) if tree is not None else ():
            settings[path] = {"value": plain(leaf), "from": _level(declared, leaf.node), **_place(leaf.node)}
    settings |= _of_document(declared, settings)
    return {"settings": settings, "security": _security(declared)}


def _leaves(name: str, tree: Tree) -> Iterator[tuple[str, Tree]]:
    """The parts of a setting that levels give one by one."""
    if tree.children and KEYS[name.partition(".")[0]].merge == "deep":
        for key, child in tree.children.items():
            yield from _leaves(f"{name}.{key}", child)
    else:
        yield name, tree


def _of_document(declared: Declared, known: dict[str, Any]) -> dict[str, Any]:
    """What the document says in its own words, where no `x-gateway` says otherwise."""
    found: dict[str, Any] = {}
    if "service" not in known:
        title = declared.contract.root.at("info").at("title")
        found["service"] = {"value": declared.service, "from": "title", **_place(title)}
    servers = declared.operation.servers
    if "upstream" not in known and servers:
        found["upstream"] = {"value": servers[0].url, "from": "servers", **_place(servers[0].node)}
    return found


def _security(declared: Declared) -> dict[str, Any] | None:
    """Where the effective `security` stands; None where nothing is said."""
    for level, holder in (("operation", declared.operation.node), ("root", declared.contract.root)):
        said = holder.get("security")
        if said is not None:
            return {"from": level, **_place(said)}
    return None


def _level(declared: Declared, node: Node) -> str:
    """Which level says it: `operation`, `path`, `root`, `block NAME` or `defaults`."""
    if node.pointer.startswith(_DEFAULTS):
        return "defaults"
    if node.pointer.startswith(_BLOCKS):
        return f"block {node.pointer[len(_BLOCKS) :].partition('/')[0]}"
    if _inside(node, declared.operation.node):
        return "operation"
    if any(_inside(node, level) for level in declared.operation.path_levels or (declared.operation.path_item,)):
        return "path"
    return "root"


def _inside(node: Node, holder: Node) -> bool:
    return node.file == holder.file and f"{node.pointer}/".startswith(f"{holder.pointer}/{KEY}/")


def _place(node: Node) -> dict[str, Any]:
    place = node.written()
    return {"file": place.file, "line": place.line}
