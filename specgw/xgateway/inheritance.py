"""How levels of `x-gateway` become the settings of an operation: operation > path item > root > gateway.yaml's `defaults`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from specgw.diagnostics import Findings
from specgw.openapi.model import Node
from specgw.xgateway.settings import Settings
from specgw.xgateway.tree import Tree, plant

if TYPE_CHECKING:
    from specgw.xgateway.levels import Levels, References
    from specgw.xgateway.vocabulary.part import Where


class Inheritance:
    """The levels of one compile. Each is read once, however many operations inherit it.

    `upstreams` are the names that gateway.yaml knows; None leaves names unchecked.
    """

    def __init__(
        self, defaults: Tree | Node | None, findings: Findings, references: References, upstreams: Collection[str] | None = None
    ) -> None:
        self._findings = findings
        self._references = references
        self._upstreams = upstreams
        self._inherited: dict[tuple[tuple[str, str], ...], tuple[Tree | None, Settings]] = {}
        weakest = plant(defaults) if isinstance(defaults, Node) else defaults
        self._defaults = None if weakest is None or weakest.null else self._levels.defaults(weakest)
        self._nothing = (self._defaults, Settings() if self._defaults is None else self._levels.settle(self._defaults))

    @cached_property
    def _levels(self) -> Levels:
        # Only now, since a document that says nothing of x-gateway needs no models: see `settings`.
        from specgw.xgateway.levels import Levels

        return Levels(self._findings, self._references, self._upstreams)

    def effective(self, root: Node | None, path: Node | None, operation: Node | None, *, nearer: Sequence[Node] = ()) -> Settings:
        """The settings of an operation, from its `x-gateway` values at the three levels (None: there is none).

        `nearer`: those of path items whose `$ref` led to that of `path`, the nearest one last.
        """
        inherited, settings = self._inherit(root, *([] if path is None else [path]), *nearer)
        if operation is None:
            return settings
        own = self._levels.level(operation, "operation")
        return settings if own is None else self._levels.settle(self._levels.over(inherited, own))

    def blocks(self, extension: Node) -> None:
        """Read the named blocks of `components.x-gateway`, whether something uses them or not."""
        self._levels.blocks(extension)

    def knows(self, key: str) -> bool:
        """Whether this is a key of `x-gateway`."""
        return self._levels.knows(key)

    def _inherit(self, root: Node | None, *paths: Node) -> tuple[Tree | None, Settings]:
        if root is None and not paths:
            return self._nothing
        key = tuple(_identity(node) for node in (root, *paths))
        known = self._inherited.get(key)
        if known is None:
            said = self._defaults
            levels: list[tuple[Node | None, Where]] = [(root, "root"), *((path, "path") for path in paths)]
            for node, where in levels:
                own = None if node is None else self._levels.level(node, where)
                said = said if own is None else self._levels.over(said, own)
            known = self._inherited[key] = (said, Settings() if said is None else self._levels.settle(said))
        return known


def _identity(node: Node | None) -> tuple[str, str]:
    return ("", "") if node is None else (node.document.file, node.pointer)
