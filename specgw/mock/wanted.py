"""What all the schemas that apply to one value ask of it together: `$ref`, `allOf`, chosen branches, conditions."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from fractions import Fraction
from random import Random
from typing import Any, NamedTuple, Protocol

from specgw.mock import plausible
from specgw.plan import formats

ANNOTATIONS = "x-sandbox"
_RANGES = formats.resources(True)[formats.RESOURCE]
_TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")
_REMEMBERED = 256
"""Properties of an object whose schemas are remembered: a map makes ever new names."""
_KINDS = ("object", "array", "string", "integer", "number", "boolean", "null")
_HINTS = (
    ("object", ("properties", "required", "additionalProperties", "patternProperties", "minProperties", "propertyNames")),
    ("array", ("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains")),
    ("string", ("pattern", "minLength", "maxLength", "format")),
    ("number", ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")),
)


class Numbers(NamedTuple):
    """Multiples of a step: from the factor `first` to the factor `last`."""

    step: Fraction
    first: int
    last: int


class Dead(Exception):
    """This draft leads to no value."""


class Chooser(Protocol):
    """Who decides between branches."""

    random: Random
    attempt: int

    def resolve(self, reference: str) -> Any:
        """The schema that a reference leads to."""

    def choose(self, branches: list[Any]) -> int:
        """The index of the branch to try."""


class Wanted:
    """The keywords of several schemas as one."""

    def __init__(self, chooser: Chooser) -> None:
        self._chooser = chooser
        self.chosen = False
        """Whether branches were chosen on the way: another draft may choose others."""
        self._of: dict[str, list[Any]] = {}
        self._kinds: list[str] | None = None
        self._numbers: dict[tuple[str, bool], Numbers] = {}
        self.references: set[str] = set()
        self.types: list[str] | None = None
        self._not_types: set[str] = set()
        self._keywords: set[str] = set()
        self.enum: list[Any] | None = None
        self.samples: list[Any] = []
        self.format: str | None = None
        self.patterns: list[str] = []
        self.min_length: int = 0
        self.max_length: int | None = None
        self.minimum: Fraction | None = None
        self.maximum: Fraction | None = None
        self.above: Fraction | None = None
        self.below: Fraction | None = None
        self.multiple: Fraction | None = None
        self.properties: dict[str, list[Any]] = {}
        self.patterned: dict[str, list[Any]] = {}
        self.required: frozenset[str] = frozenset()
        self.forbidden: set[str] = set()
        self.tags: dict[str, str] = {}
        """What a discriminator says: the property's value by its name."""
        self.dependent_required: dict[str, list[str]] = {}
        self.dependent_schemas: dict[str, Any] = {}
        self.names: list[Any] = []
        self._additional: list[tuple[frozenset[str], frozenset[str], Any]] = []
        self.maps = False
        self.min_properties: int = 0
        self.max_properties: int | None = None
        self.prefix: list[list[Any]] = []
        self.items: list[Any] = []
        self.contains: list[tuple[Any, int]] = []
        self.closed_items = False
        self.unique = False
        self.min_items: int = 0
        self.max_items: int | None = None

    # Gathering

    def add(self, schema: Any) -> None:
        """Take in one more schema. Raises Dead where nothing can meet all of them."""
        if schema is False:
            raise Dead("nothing is valid")
        if not isinstance(schema, dict):
            return
        self._of, self._kinds, self._numbers = {}, None, {}
        self._keywords |= schema.keys()
        reference = schema.get("$ref")
        if isinstance(reference, str):
            if reference.startswith(formats.RESOURCE):
                self.add(_RANGES.get(_last(reference)))
            elif reference not in self.references:
                self.references.add(reference)
                self.add(self._chooser.resolve(reference))
        self._annotations(schema.get(ANNOTATIONS))
        self._assertions(schema)
        self._object_keywords(schema)
        self._array_keywords(schema)
        for part in schema.get("allOf", ()):
            self.add(part)
        self._branches(schema)
        self._negation(schema.get("not"))

    def _annotations(self, said: Any) -> None:
        if isinstance(said, dict):
            self.samples += said.get("samples", ())
            self.format = self.format or said.get("format")

    def _assertions(self, schema: dict[str, Any]) -> None:
        if "type" in schema:
            kinds = [schema["type"]] if isinstance(schema["type"], str) else list(schema["type"])
            self.types = kinds if self.types is None else _common(self.types, kinds)
        if "const" in schema:
            self._narrow([schema["const"]])
        if "enum" in schema:
            self._narrow(schema["enum"])
        if isinstance(schema.get("format"), str):
            self.format = schema["format"]
        if "pattern" in schema:
            self.patterns.append(schema["pattern"])
        self.min_length = max(self.min_length, schema.get("minLength", 0))
        self.max_length = _least(self.max_length, schema.get("maxLength"))
        self.minimum = _most_fraction(self.minimum, schema.get("minimum"))
        self.maximum = _least_fraction(self.maximum, schema.get("maximum"))
        if "exclusiveMinimum" in schema:
            self.above = _most_fraction(self.above, schema["exclusiveMinimum"])
            self.minimum = _most_fraction(self.minimum, schema["exclusiveMinimum"])
        if "exclusiveMaximum" in schema:
            self.below = _least_fraction(self.below, schema["exclusiveMaximum"])
            self.maximum = _least_fraction(self.maximum, schema["exclusiveMaximum"])
        if "multipleOf" in schema:
            step = Fraction(str(schema["multipleOf"]))
            if self.multiple is not None and step:
                step = Fraction(
                    math.lcm(step.numerator * self.multiple.denominator, self.multiple.numerator * step.denominator),
                    step.denominator * self.multiple.denominator,
                )
            self.multiple = step or self.multiple

    def _narrow(self, values: list[Any]) -> None:
        if self.enum is None:
            self.enum = list(values)
        else:
            allowed = set(map(same_json, values))
            self.enum = [value for value in self.enum if same_json(value) in allowed]

    def _object_keywords(self, schema: dict[str, Any]) -> None:
        parts = schema.get("properties", {})
        for name in _ordered(parts, schema.get(ANNOTATIONS)):
            part = parts[name]
            self.properties.setdefault(name, []).append(part)
            if part is False:
                self.forbidden.add(name)
        for pattern, part in schema.get("patternProperties", {}).items():
            self.patterned.setdefault(pattern, []).append(part)
        for key in ("additionalProperties", "unevaluatedProperties"):
            if key in schema:
                known = frozenset(schema.get("properties", ())) if key == "additionalProperties" else frozenset()
                self._additional.append((known, frozenset(schema.get("patternProperties", ())), schema[key]))
                self.maps = self.maps or (isinstance(schema[key], dict) and key == "additionalProperties") or schema[key] is True
        self.maps = self.maps or bool(schema.get("patternProperties"))
        self.required |= frozenset(schema.get("required", ()))
        for name, names in schema.get("dependentRequired", {}).items():
            self.dependent_required.setdefault(name, []).extend(names)
        self.dependent_schemas.update(schema.get("dependentSchemas", {}))
        if "propertyNames" in schema:
            self.names.append(schema["propertyNames"])
        self.min_properties = max(self.min_properties, schema.get("minProperties", 0))
        self.max_properties = _least(self.max_properties, schema.get("maxProperties"))

    def _array_keywords(self, schema: dict[str, Any]) -> None:
        for index, part in enumerate(schema.get("prefixItems", ())):
            if index == len(self.prefix):
                self.prefix.append([])
            self.prefix[index].append(part)
        for key in ("items", "unevaluatedItems"):
            if schema.get(key) is False:
                self.closed_items = True
            elif key in schema:
                self.items.append(schema[key])
        if "contains" in schema:
            self.contains.append((schema["contains"], schema.get("minContains", 1)))
        self.unique = self.unique or schema.get("uniqueItems") is True
        self.min_items = max(self.min_items, schema.get("minItems", 0))
        self.max_items = _least(self.max_items, schema.get("maxItems"))

    def _branches(self, schema: dict[str, Any]) -> None:
        for keyword in ("oneOf", "anyOf"):
            branches = schema.get(keyword)
            if branches:
                self.chosen = True
                branch = branches[self._chooser.choose(branches)]
                self.add(branch)
                self._tag(schema.get(ANNOTATIONS), branch)
        if "if" in schema:
            self.chosen = True
            met = self._chooser.attempt % 2 == 0 if "then" in schema else self._chooser.attempt % 2 == 1
            if met:
                self.add(schema["if"])
                self.add(schema.get("then", True))
            else:
                self._negation(schema["if"])
                self.add(schema.get("else", True))

    def _tag(self, said: Any, branch: Any) -> None:
        """The value of a discriminator's property for a branch (OpenAPI section "Discriminator Object")."""
        discriminator = said.get("discriminator") if isinstance(said, dict) else None
        reference = branch.get("$ref") if isinstance(branch, dict) else None
        if not isinstance(discriminator, dict) or not isinstance(reference, str):
            return
        name = _last(reference)
        chosen = next((tag for target, tag in discriminator["names"].items() if target.rpartition("/")[2] == name), name)
        declared = self.properties.get(discriminator["property"], [])
        if not any(isinstance(part, dict) and ("const" in part or "enum" in part) for part in declared) or chosen != name:
            self.tags[discriminator["property"]] = chosen

    def _negation(self, schema: Any) -> None:
        """What is plainly excluded; everything else the validator finds."""
        if not isinstance(schema, dict) or not schema:
            if schema is True or schema == {}:
                raise Dead("nothing is valid")
            return
        if set(schema) <= {"required", "type", ANNOTATIONS} and len(schema.get("required", ())) == 1:
            self.forbidden.update(schema["required"])
        elif set(schema) <= {"type", ANNOTATIONS}:
            self._not_types.update([schema["type"]] if isinstance(schema["type"], str) else schema["type"])
        for part in schema.get("anyOf", ()) if set(schema) <= {"anyOf"} else ():
            self._negation(part)

    def settle(self) -> None:
        """Let go of what chose: nothing will be added."""
        del self._chooser

    # Asking

    def allows(self, kind: str) -> bool:
        """Whether values of a JSON type may be valid."""
        if kind in self._not_types:
            return False
        return self.types is None or kind in self.types or (kind == "integer" and "number" in self.types)

    def hinted(self) -> str | None:
        """The type that the keywords speak of, where none is named."""
        if self.format in formats.ENFORCED and formats.ENFORCED[self.format].type == "number":
            return "integer" if "int" in self.format else "number"
        for kind, keywords in _HINTS:
            if not self._keywords.isdisjoint(keywords):
                return kind
        return None

    def admits(self, value: Any) -> bool:
        """Whether the type of a value is one of those that are left."""
        return any(self.allows(kind) and _is(value, kind) for kind in _KINDS)

    def kinds(self) -> list[str]:
        """The types that values may have."""
        if self._kinds is None:
            self._kinds = [kind for kind in _TYPES if self.allows(kind)]
        return self._kinds

    def numbers(self, name: str, *, integer: bool) -> Numbers:
        """The numbers that may be valid for a property of this name, those that are usual for it first."""
        found = self._numbers.get((name, integer))
        if found is None:
            found = self._numbers[name, integer] = self._numbered(name, integer)
        return found

    def _numbered(self, name: str, integer: bool) -> Numbers:
        low, high = plausible.usual_range(name)
        least, most = self.minimum, self.maximum
        low_end, high_end = Fraction(low), Fraction(high)
        if least is not None and low_end < least:
            low_end = least
        if most is not None and high_end > most:
            high_end = most
        if low_end > high_end:
            low_end = least if least is not None else high_end - 1000
            high_end = most if most is not None else low_end + 1000
            if least is not None and most is not None:
                low_end, high_end = least, most
        step = self.multiple
        if integer:
            step = Fraction(1) if step is None else Fraction(math.lcm(step.numerator, step.denominator), step.denominator)
        if step is None:
            step = Fraction(1, 100)
            if high_end - low_end < step:
                step = (high_end - low_end) / 4 or Fraction(1)
        first = math.ceil(low_end / step)
        last = math.floor(high_end / step)
        if self.above is not None and first * step <= self.above:
            first = math.floor(self.above / step) + 1
        if self.below is not None and last * step >= self.below:
            last = math.ceil(self.below / step) - 1
        if first > last:
            if low_end == high_end:
                return Numbers(low_end, 1, 1)
            first = last = first if (most is None or first * step <= most) else last
        return Numbers(step, first, last)

    def schemas_of(self, name: str) -> list[Any]:
        """All schemas that apply to a property; not to be changed."""
        found = self._of.get(name)
        if found is None:
            found = self._all_of(name)
            if len(self._of) < _REMEMBERED:
                self._of[name] = found
        return found

    def _all_of(self, name: str) -> list[Any]:
        schemas = list(self.properties.get(name, ()))
        for pattern, parts in self.patterned.items():
            if _matches(pattern, name):
                schemas += parts
        for known, patterned, part in self._additional:
            claimed = name in known or any(_matches(pattern, name) for pattern in patterned)
            if not claimed and (known or name not in self.properties):
                schemas.append(part)
        return schemas

    @property
    def free_text(self) -> bool:
        """Whether a text may be lengthened and cut."""
        return self.format is None or self.format not in formats.ENFORCED


def _ordered(parts: dict[str, Any], said: Any) -> Iterable[str]:
    """The names of properties in the author's order, where it is kept: a Plan that was written sorts them."""
    order = said.get("order", ()) if isinstance(said, dict) else ()
    return order if len(order) == len(parts) else parts


def same_json(value: Any) -> Any:
    """A key that is equal for equal JSON values: 1 and 1.0 are, 1 and true are not."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return (type(value).__name__, value)
    if isinstance(value, list):
        return tuple(map(same_json, value))
    if isinstance(value, dict):
        return frozenset((name, same_json(member)) for name, member in value.items())
    return ("number", value)


def _is(value: Any, kind: str) -> bool:
    if kind == "boolean" or isinstance(value, bool):
        return kind == "boolean" and isinstance(value, bool)
    if kind == "integer":
        return isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    types: dict[str, Any] = {"object": dict, "array": list, "string": str, "number": (int, float), "null": type(None)}
    return isinstance(value, types[kind])


def _common(one: list[str], other: list[str]) -> list[str]:
    found = [kind for kind in one if kind in other or (kind == "integer" and "number" in other)]
    return found + [kind for kind in other if kind == "integer" and "number" in one and kind not in found]


def _matches(pattern: str, name: str) -> bool:
    try:
        return re.search(pattern, name) is not None
    except re.error:
        return False


def _last(reference: str) -> str:
    return reference.rpartition("/")[2]


def _least(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else min(one, other)


def _most_fraction(one: Fraction | None, other: Any) -> Fraction | None:
    found = None if other is None else Fraction(str(other))
    return found if one is None else one if found is None else max(one, found)


def _least_fraction(one: Fraction | None, other: Any) -> Fraction | None:
    found = None if other is None else Fraction(str(other))
    return found if one is None else one if found is None else min(one, found)
