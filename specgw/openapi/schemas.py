"""Schemas of documents as JSON Schema 2020-12 resources that the run time compiles.

Each document becomes one resource for each direction, `request:/FILE` and `response:/FILE`: a skeleton that holds the
schemas in use at the JSON pointers where the document has them, with `$ref`s between resources made absolute. A schema
that is lowered more than once (see `sites.Context`), or that stands inside another one, is kept under `/detached`
instead. What a keyword becomes is told in `lowering`, what readOnly and writeOnly mean in `directions`.

Nothing raises for what a document says, and every reference that is handed out compiles: what cannot be enforced is
left out, found, and listed in `Lowered.unenforced`. Where leaving it out would refuse what the author allowed (below
`not`, in one branch of `oneOf`), the keyword around it is weakened, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from urllib.parse import quote

from specgw.diagnostics import Findings
from specgw.openapi import lowering, shapes, weakening
from specgw.openapi.dialects import ASSERTING, Dialect, dialect_of
from specgw.openapi.directions import Directions
from specgw.openapi.model import Direction, Node
from specgw.openapi.pointers import pointer_of, tokens_of
from specgw.openapi.sites import PLAIN, Context, Site
from specgw.openapi.targets import Follows, Targets, can_be_schema
from specgw.openapi.xml_rules import XmlRules
from specgw.plan import formats
from specgw.plan.model import Shape, Xml

_DETACHED = "detached"
_VALUES = frozenset((lowering.ANNOTATIONS, "enum", "const", "required", "discriminator"))
_NAMED = frozenset(("properties", "patternProperties", "dependentSchemas", "$defs"))
# Characters of a URI fragment (RFC 3986 section 3.5) that need no escape.
_FRAGMENT = "/~!$&'()*+,;=:@?"


@dataclass(frozen=True, slots=True)
class Lowered:
    """A schema in the resources. `unenforced` tells in words what of it, or of what it refers to, is not enforced."""

    reference: str
    unenforced: tuple[str, ...] = ()
    trivial: bool = False
    """Whether it accepts every value."""


@dataclass(slots=True)
class _Unit:
    """A schema with a place of its own in a resource."""

    node: Node
    uri: str
    tokens: tuple[str, ...]
    reference: str
    dialect: Dialect
    direction: Direction
    context: Context
    out: dict[str, Any] = field(default_factory=dict)
    targets: list[_Unit] = field(default_factory=list)
    losses: list[tuple[str, str]] = field(default_factory=list)
    """Pointer and words of what is not enforced."""
    holed: set[int] = field(default_factory=set)
    """Identities of the lowered schemas that the losses belong to."""
    gapped: set[int] = field(default_factory=set)
    """Those of them that lost a keyword which says what is evaluated."""


class _Run:
    """The lowering of one unit: what `sites.Run` asks for."""

    def __init__(self, schemas: Schemas, unit: _Unit) -> None:
        self.findings = schemas.findings
        self.targets = schemas.targets
        self.directions = schemas.directions
        self.annotate = schemas.annotate
        self._schemas = schemas
        self._unit = unit
        self.sites: list[Site] = []

    def reach(self, node: Node, context: Context) -> str:
        """The reference of a schema that is lowered at a place of its own."""
        unit = self._schemas.unit(node, self._unit.dialect.version, self._unit.direction, context)
        self._unit.targets.append(unit)
        return unit.reference

    def dynamic(self, target: Node, name: str) -> str:
        """The `$dynamicRef` to a target with this `$dynamicAnchor`; all schemas that have it are lowered."""
        unit = self._unit
        self._schemas.dynamic.setdefault((name, unit.dialect.version, unit.direction), []).append(unit)
        return f"{self._schemas.unit(target, unit.dialect.version, unit.direction, PLAIN).uri}#{name}"

    def later(self, site: Site) -> None:
        """Lower this one, too."""
        self.sites.append(site)

    def lose(self, site: Site, keyword: str, pointer: str) -> None:
        """Note that a keyword of a schema is left out, or enforced otherwise than its dialect may say."""
        unit = self._unit
        unit.losses.append((pointer, described(pointer) if keyword == "schema" else f"`{keyword}` of {described(pointer)}"))
        if keyword not in lowering.DIALECTS:
            unit.holed.add(id(site.out))
        if keyword in lowering.GAPS:
            unit.gapped.add(id(site.out))


class Schemas:
    """Lowers schemas for a compile; asked for the same schema twice it answers the same."""

    def __init__(self, library: Follows, findings: Findings, *, annotate: bool = False) -> None:
        """`annotate`: keep what makes values plausible, too (`lowering.ANNOTATIONS`)."""
        self.findings = findings
        self.annotate = annotate
        self.targets = Targets(library, findings)
        self.directions = Directions(self.targets)
        self.dynamic: dict[tuple[str, str, Direction], list[_Unit]] = {}
        """Names that `$dynamicRef`s of a version lead to in a direction, with the schemas that have these."""
        self._units: dict[tuple[str, str, str, Direction, Context], _Unit] = {}
        self._by_reference: dict[str, _Unit] = {}
        self._fresh: list[_Unit] = []
        self._versions: dict[str, str] = {}
        self._lowered: dict[str, Lowered] = {}
        # References of units that have, or reach, something that is not enforced, was left out, or might have evaluated.
        self._marked: set[str] = set()
        self._hurt: set[str] = set()
        self._gaping: set[str] = set()
        self._shapes = shapes.Shapes(self.targets)
        self._xml = XmlRules(self.targets, self._shapes)

    def lower(self, node: Node, version: str, direction: Direction) -> Lowered:
        """Lower a schema and all that it refers to; `version` is the OpenAPI version of the document that uses it."""
        unit = self.unit(self._aliased(node, version), version, direction, PLAIN)
        known = self._lowered.get(unit.reference)
        if known is None:
            self._weaken(self._drain())
            losses = sorted({loss for reached in _reachable(unit) for loss in reached.losses}) if unit.reference in self._marked else []
            known = Lowered(unit.reference, tuple(dict.fromkeys(words for _, words in losses)), self._accepts_all(unit))
            self._lowered[unit.reference] = known
        return known

    def resources(self) -> dict[str, Any]:
        """The resources by URI, ready for the Plan: JSON values only, in an order that depends on nothing but the documents."""
        result: dict[str, Any] = {}
        units = sorted(self._units.values(), key=lambda unit: (unit.uri, len(unit.tokens), unit.tokens))
        for unit in units:
            if not unit.tokens:
                result[unit.uri] = dict(unit.out)
                continue
            holder = result.setdefault(unit.uri, {})
            for token in unit.tokens[:-1]:
                holder = holder.setdefault(token, {})
            holder[unit.tokens[-1]] = dict(unit.out)
        for name, version, direction in sorted(self.dynamic):
            for bearer in self.targets.bearers(name):
                unit = self.unit(bearer, version, direction, PLAIN)
                # Beside the schema, which may stand anywhere: what counts is the resource that has the anchor.
                anchored = {"$dynamicAnchor": name, "$ref": unit.reference}
                result[unit.uri].setdefault("$defs", {})[f"dynamic {name}"] = anchored
        return {**formats.resources(True), **result} if result else {}

    def sampled(self) -> Iterator[tuple[str, Node]]:
        """The schemas that state samples, those inside of others too: the reference to each, and where it stands."""
        for unit in self._units.values():
            left: list[tuple[tuple[str, ...], Any, bool]] = [((), unit.out, False)]
            while left:
                way, part, named = left.pop()
                if isinstance(part, list):
                    left += (((*way, str(index)), member, False) for index, member in enumerate(part))
                elif isinstance(part, dict) and named:
                    left += (((*way, name), member, False) for name, member in part.items())
                elif isinstance(part, dict):
                    if "samples" in part.get(lowering.ANNOTATIONS, ()):
                        inside = pointer_of(way)
                        node = unit.node.descend(inside)
                        if node is not None and isinstance(node.value, dict):
                            yield unit.reference + quote(inside, safe=_FRAGMENT), node
                    # What stands in values is no schema.
                    left += (((*way, key), member, key in _NAMED) for key, member in part.items() if key not in _VALUES)

    def shape(self, node: Node, version: str) -> Shape:
        """Which JSON types a schema admits, for values that arrive as text."""
        return self._shapes.of(node, version)

    def xml(self, node: Node, version: str) -> Xml:
        """What a schema is in XML documents. Raises `xml_rules.Unclear` where they could mean several values."""
        return self._xml.of(node, version)

    def unit(self, node: Node, version: str, direction: Direction, context: Context) -> _Unit:
        """The unit of a schema in a context; a new one is put on the work list."""
        document = node.document
        version = document.version or version
        key = (document.file, node.pointer, version, direction, context)
        unit = self._units.get(key)
        if unit is None:
            first = self._versions.setdefault(document.file, version)
            uri = f"{direction}:/{quote(document.file)}" + ("" if version == first else f"?openapi={version}")
            tokens = _place(node.pointer, context)
            resource = self.targets.resource(node) if dialect_of(version).identifiers else ""
            if resource:
                uri += f"{'&' if '?' in uri else '?'}resource={quote(resource)}"
                alone = node.pointer == resource and context == PLAIN
                tokens = () if alone else (_DETACHED, node.pointer if context == PLAIN else f"{node.pointer} ({context.label})")
            reference = uri + "#" + quote(pointer_of(tokens), safe=_FRAGMENT)
            unit = _Unit(node, uri, tokens, reference, dialect_of(version), direction, context)
            self._units[key] = unit
            self._by_reference[reference] = unit
            self._fresh.append(unit)
        return unit

    def _aliased(self, node: Node, version: str) -> Node:
        """What a schema that is nothing but a reference refers to; the schema itself where that leads nowhere or in a circle."""
        current = node
        seen = {(node.file, node.pointer)}
        while isinstance(current.value, dict) and isinstance(current.value.get("$ref"), str):
            dialect = dialect_of(current.document.version or version)
            if dialect.identifiers and "$id" in current.value and self.targets.resource(current) == current.pointer:
                break
            if not (ASSERTING | {"nullable"}).isdisjoint(current.value.keys() - {"$ref"}):
                break
            target = self.targets.follow(current, dialect)
            if target is None or (target.file, target.pointer) in seen or not can_be_schema(target):
                return node
            seen.add((target.file, target.pointer))
            current = target
        return current

    def _drain(self) -> list[_Unit]:
        """Lower every unit on the work list, and those that it reaches; returns them."""
        done = []
        while self._fresh:
            unit = self._fresh.pop()
            done.append(unit)
            run = _Run(self, unit)
            site = Site(run, unit.node, unit.out, unit.dialect, unit.direction, unit.context)
            value = unit.node.value
            if isinstance(value, dict):
                lowering.check_dialect(site)
                run.later(site)
            elif value is False:
                unit.out["not"] = {}
            elif value is None:
                self.findings.add("schema-fault", unit.node, "a schema without content accepts everything")
            elif value is not True:
                self.findings.add("schema-keyword-dropped", unit.node, "a schema is a mapping; this one is not enforced")
                run.lose(site, "schema", unit.node.pointer)
            while run.sites:
                lowering.lower(run.sites.pop())
            if not self._fresh:
                self._reach_bearers()
        return done

    def _reach_bearers(self) -> None:
        """Put on the work list what a `$dynamicRef` may lead to; the next schema may bring more of it."""
        for (name, version, direction), units in self.dynamic.items():
            for bearer in self.targets.bearers(name):
                reached = self.unit(bearer, version, direction, PLAIN)
                for unit in units:
                    if not any(reached is target for target in unit.targets):
                        unit.targets.append(reached)

    def _weaken(self, fresh: list[_Unit]) -> None:
        """Loosen what stands around a loss, so that nothing is refused that the author allowed."""
        if not self._marked and not any(unit.losses for unit in fresh):
            return
        reached = {unit.reference: {target.reference for target in unit.targets} for unit in fresh}
        _spread(self._marked, reached, {unit.reference for unit in fresh if unit.losses})
        _spread(self._hurt, reached, {unit.reference for unit in fresh if unit.holed})
        applied = {unit.reference: {inner["$ref"] for inner in weakening.together(unit.out) if "$ref" in inner} for unit in fresh}
        _spread(self._gaping, applied, {unit.reference for unit in fresh if weakening.gaping(unit.out, unit.gapped, self._gaping)})
        for unit in fresh:
            if unit.reference in self._hurt:
                weakening.loosen(unit.out, unit.holed, self._hurt)
            if unit.reference in self._marked and weakening.open_up(unit.out, unit.gapped, self._gaping):
                unit.losses.append((unit.node.pointer, f"`unevaluated…` of {described(unit.node.pointer)}"))

    def _accepts_all(self, unit: _Unit) -> bool:
        stack: list[Any] = [unit.out]
        seen: set[int] = set()
        while stack:
            schema = stack.pop()
            if schema is True or id(schema) in seen:
                continue
            if schema is False:
                return False
            seen.add(id(schema))
            for keyword, value in schema.items():
                if keyword == "$ref":
                    target = self._by_reference.get(value)
                    if target is None:
                        return False
                    stack.append(target.out)
                elif keyword in ("properties", "patternProperties", "dependentSchemas"):
                    stack.extend(value.values())
                elif keyword in ("allOf", "prefixItems"):
                    stack.extend(value)
                elif keyword in ("items", "additionalProperties", "propertyNames", "then", "else"):
                    stack.append(value)
                else:
                    return False
        return True


def _place(pointer: str, context: Context) -> tuple[str, ...]:
    """The tokens of the place of a schema in its resource: those of its pointer, unless that runs through another schema."""
    tokens = tuple(tokens_of(pointer))
    named = 3 if tokens[:1] == ("components",) else 2 if tokens[:1] == ("paths",) else 0
    if context == PLAIN:
        outside = not any(token in ASSERTING for token in tokens[named:])
        if outside and tokens[:1] != (_DETACHED,):
            return tokens
        return (_DETACHED, pointer)
    return (_DETACHED, f"{pointer} ({context.label})")


def _reachable(unit: _Unit) -> Iterator[_Unit]:
    stack = [unit]
    seen = {unit.reference}
    while stack:
        current = stack.pop()
        yield current
        for target in current.targets:
            if target.reference not in seen:
                seen.add(target.reference)
                stack.append(target)


def _spread(known: set[str], reached: dict[str, set[str]], seeds: set[str]) -> None:
    """Add to `known` the seeds and all that reaches a known one."""
    referrers: dict[str, list[str]] = {}
    for referrer, targets in reached.items():
        for target in targets:
            referrers.setdefault(target, []).append(referrer)
    stack = list(seeds | (known & referrers.keys()))
    known |= seeds
    while stack:
        for referrer in referrers.get(stack.pop(), ()):
            if referrer not in known:
                known.add(referrer)
                stack.append(referrer)


def described(pointer: str) -> str:
    """A schema in words, by the names on its way: "Pet.name"; "the schema" where nothing on its way has a name."""
    tokens = tokens_of(pointer)
    names = [name for holder, name in pairwise(tokens) if holder in ("schemas", "properties", "$defs", "definitions")]
    return f"`{'.'.join(names)}`" if names else "the schema"
