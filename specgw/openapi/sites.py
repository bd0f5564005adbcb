"""One schema on its way from a document into a resource, and what it needs of its surroundings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from specgw.diagnostics import Findings
from specgw.openapi.dialects import Dialect
from specgw.openapi.directions import NO_NAMES, Directions, Names
from specgw.openapi.keywords import KeywordReading
from specgw.openapi.model import Direction, Node
from specgw.openapi.targets import Targets


@dataclass(frozen=True, slots=True)
class Context:
    """What changes how a schema is lowered, apart from its own words."""

    relaxed: Names = NO_NAMES
    """Properties that another branch of the composition declares hidden in this direction: not required."""
    strict: bool = False
    """Below `not` and `if`: readOnly and writeOnly change nothing."""
    bare: bool = False
    """The schema without its `nullable`, for the wrapper that adds null to it."""

    @property
    def label(self) -> str:
        """Its part in the name of a schema that is lowered more than once."""
        words = ["strict"] if self.strict else []
        words += ["bare"] if self.bare else []
        words += [f"relaxed {name}" for name in sorted(self.relaxed)]
        return ", ".join(words)


PLAIN = Context()
STRICT = Context(strict=True)


class Run(Protocol):
    """What lowering needs of its surroundings."""

    findings: Findings
    targets: Targets
    directions: Directions
    annotate: bool
    """Whether what asserts nothing is kept, too."""

    def reach(self, node: Node, context: Context) -> str:
        """The reference of a schema that is lowered at a place of its own."""

    def dynamic(self, target: Node, name: str) -> str:
        """The `$dynamicRef` to a target with this `$dynamicAnchor`; all schemas that have it are lowered."""

    def later(self, site: Site) -> None:
        """Lower this one, too."""

    def lose(self, site: Site, keyword: str, pointer: str) -> None:
        """Note that a keyword of a schema is left out, or enforced otherwise than its dialect may say.

        The keyword is "schema" where a value stands at `pointer` that is no schema at all.
        """


class Site:
    """One schema on its way from a document into a resource."""

    __slots__ = ("context", "dialect", "direction", "dropped", "node", "out", "run")

    def __init__(self, run: Run, node: Node, out: dict[str, Any], dialect: Dialect, direction: Direction, context: Context) -> None:
        self.run = run
        self.node = node
        self.out = out
        self.dialect = dialect
        self.direction: Direction = direction
        self.context = context
        self.dropped: set[str] = set()
        """Keywords of this schema that are not enforced."""

    def find(self, code: str, keyword: str, message: str, *, hint: str | None = None) -> None:
        """Report a finding at a keyword of the schema."""
        self.run.findings.add(code, self.node.at(keyword), message, hint=hint)

    def repaired(self, keyword: str, fault: str) -> None:
        """Report a fault whose meaning is plain."""
        self.find("schema-fault", keyword, f"`{keyword}` {fault}")

    def lost(self, keyword: str, fault: str, hint: str | None = None) -> None:
        """Report that a keyword is not enforced, and mark the schema."""
        self.find("schema-keyword-dropped", keyword, f"`{keyword}` {fault}", hint=hint)
        self.mark(keyword)

    def mark(self, keyword: str) -> None:
        """Mark the schema for a keyword that is not enforced and has been reported."""
        self.dropped.add(keyword)
        self.run.lose(self, keyword, self.node.pointer)

    def read(self, keyword: str, reading: KeywordReading) -> Any:
        """The value of a reading, once its fault is reported."""
        if reading.fault is not None:
            if reading.lost:
                self.lost(keyword, reading.fault, reading.hint)
            else:
                self.repaired(keyword, reading.fault)
        return reading.value

    def child(self, node: Node, holder: Any, slot: Any, context: Context) -> None:
        """Lower a subschema into a slot of the lowered schema."""
        value = node.value
        if isinstance(value, bool):
            holder[slot] = value
            if not self.dialect.identifiers and not node.pointer.endswith("/additionalProperties"):
                self.foreign(node, f"schema that is `{str(value).lower()}`")
        elif isinstance(value, dict):
            if self.dialect.identifiers and "$id" in value and self.run.targets.resource(node) == node.pointer:
                # Passing through it decides where `$dynamicRef`s lead: it has to stay a resource of its own.
                holder[slot] = {"$ref": self.run.reach(node, context)}
                return
            lowered: dict[str, Any] = {}
            holder[slot] = lowered
            self.run.later(Site(self.run, node, lowered, self.dialect, self.direction, context))
        elif value is None:
            holder[slot] = True
            self.run.findings.add("schema-fault", node, "a schema without content accepts everything")
        else:
            holder[slot] = True
            self.run.findings.add("schema-keyword-dropped", node, "a schema is a mapping; this one is not enforced")
            self.run.lose(self, "schema", node.pointer)

    def foreign(self, place: Node, what: str, *, earlier: bool = False) -> None:
        """Report a construct of another dialect, which is enforced all the same."""
        meaning = "earlier drafts of JSON Schema have" if earlier else "JSON Schema 2020-12 has"
        message = f"OpenAPI {self.dialect.version} has no {what}; it is enforced as {meaning} it"
        self.run.findings.add("keyword-of-another-dialect", place, message)

    def hidden_names(self) -> Names:
        """Properties that this schema and what it composes declare hidden in this direction."""
        if self.context.strict:
            return NO_NAMES
        return self.run.directions.hidden_names(self.node, self.dialect, self.direction)

    def in_place(self, *, relaxed: bool = True) -> Context:
        """The context of a subschema that applies to the same value."""
        if self.context.strict:
            return STRICT
        names = self.context.relaxed | self.hidden_names() if relaxed else NO_NAMES
        return Context(names) if names else PLAIN

    def inner(self) -> Context:
        """The context of a subschema that applies to a part of the value."""
        return STRICT if self.context.strict else PLAIN
