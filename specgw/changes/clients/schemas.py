"""What two schemas allow that the other does not, keyword by keyword, as differences of a request or of a response."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from specgw.changes.clients import conditions, limits, listed
from specgw.changes.clients.flattening import Schema, flatten, key_of, same, types_of
from specgw.changes.clients.pair import Pair
from specgw.changes.clients.side import Difference, Tokens

Direction = Literal["request", "response"]

_ENCODING = ("contentEncoding", "contentMediaType", "xml")
_WORDS = ("title", "description", "example", "examples", "externalDocs")
_EVERYTHING = ("", ".*", "^", "$", "^.*")
"""Patterns that every text matches."""
_RANGES = (
    *(("int32", "int64"), ("float", "double"), ("int32", "double")),
    # "Note that all valid URIs are valid IRIs", and so on (JSON Schema 2020-12 Validation section 7.3.2 to 7.3.5).
    *(("email", "idn-email"), ("hostname", "idn-hostname"), ("uri", "uri-reference"), ("uri", "iri")),
    *(("uri", "iri-reference"), ("iri", "iri-reference"), ("uri-reference", "iri-reference")),
)
"""Formats of which the second has all values of the first."""
_NOTHING: Schema = {"not": {}}
"""What no value fits."""
_ALTERNATIVES = ("oneOf", "anyOf")
_BESIDE = (*_WORDS, "discriminator", "deprecated", "default")
"""What may stand beside alternatives without saying which values there are."""


@dataclass(slots=True)
class Comparison:
    """Compares the schemas of one place of an operation, each pair of components once."""

    documents: Pair
    direction: Direction
    place: str
    text: bool = False
    """Whether values are written as text without quotes: then every number is a string, too."""
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def compare(self, old: Any, new: Any, tokens: Tokens, at: str = "") -> Iterator[Difference]:
        """Everything that differs; `at` is the place within a value, as a JSON pointer with `*` for any item."""
        pair = key_of(old), key_of(new)
        if self.documents.untouched(*pair):
            return
        if any('"$ref"' in side for side in pair):
            if pair in self._seen:
                return
            self._seen.add(pair)
        before, after = flatten(self.documents.old, old), flatten(self.documents.new, new)
        if at.count("/") > 40:
            return
        nothing = [schema == _NOTHING for schema in (before, after)]
        if any(nothing):
            if not all(nothing):
                shown = [key_of(_NOTHING) if each else "none" for each in nothing]
                yield self._difference(f"constraint-{'added' if nothing[1] else 'removed'}", shown[0], shown[1], tokens, at)
            return
        one = self._one_member(before, after)
        if one is not None:
            yield from self._one_of_several(one, before, after, tokens, at)
            return
        foreign = _foreign(before, after, self.text)
        for code, was, now, below in _types(before, after, self.text) if foreign else self._level(before, after):
            yield self._difference(code, was, now, tokens + below, at)
        if foreign:
            return
        yield from self._properties(before, after, tokens, at)
        yield from self._items(before, after, tokens, at)
        yield from self._alternatives(before, after, tokens, at)
        if "contentSchema" in before or "contentSchema" in after:
            within = before.get("contentSchema", {}), after.get("contentSchema", {})
            yield from self.compare(*within, (*tokens, "contentSchema"), f"{at}/(content)")

    def _difference(self, code: str, before: Any, after: Any, tokens: Tokens, at: str) -> Difference:
        place = f"{self.place} {at}" if at else self.place
        return Difference(f"{self.direction}-{code}", place, before, after, tokens)

    def _level(self, old: Schema, new: Schema) -> Iterator[tuple[str, Any, Any, Tokens]]:
        yield from _types(old, new, self.text)
        yield from listed.compare(old, new, self.text)
        for told in (*_format(old, new), *_pattern(old, new), *_limits(old, new)):
            if not listed.implied(told[0], old, new):
                yield told
        if "default" in old and not ("default" in new and same(old["default"], new["default"])):
            yield "default-changed", key_of(old["default"]), key_of(new["default"]) if "default" in new else "none", ("default",)
        for keyword, name in (("readOnly", "read-only"), ("writeOnly", "write-only")):
            if (old.get(keyword) is True) != (new.get(keyword) is True):
                yield f"{name}-{'added' if new.get(keyword) is True else 'removed'}", None, None, (keyword,)
        if (old.get("deprecated") is True) != (new.get("deprecated") is True):
            yield f"schema-{'deprecated' if new.get('deprecated') is True else 'undeprecated'}", None, None, ("deprecated",)
        yield from _discriminator(old.get("discriminator"), new.get("discriminator"))
        for keyword in _ENCODING:
            if not same(old.get(keyword), new.get(keyword)):
                yield "encoding-changed", old.get(keyword), new.get(keyword), (keyword,)
        for code, keyword, was, now in conditions.compare(old, new, self._whole):
            yield code, was, now, (keyword,)
        changed = [keyword for keyword in _WORDS if not same(old.get(keyword), new.get(keyword))]
        if changed:
            yield "schema-description", None, changed, (changed[0],)

    def _document(self, side: int) -> Mapping[str, Any]:
        return self.documents.new if side else self.documents.old

    def _whole(self, side: int, value: Any, depth: int = 0) -> Any:
        """A value with references followed, so that names of components count for nothing."""
        if depth > 6:
            return None
        if isinstance(value, list):
            return [self._whole(side, each, depth + 1) for each in value]
        if not isinstance(value, dict):
            return value
        flat = flatten(self._document(side), value) if "$ref" in value or "allOf" in value else value
        return {key: self._whole(side, each, depth + 1) for key, each in flat.items() if key not in _WORDS}

    def _properties(self, old: Schema, new: Schema, tokens: Tokens, at: str) -> Iterator[Difference]:
        before, after = _mapping(old, "properties"), _mapping(new, "properties")
        needed, needs = set(old.get("required") or ()), set(new.get("required") or ())
        for name, schema in before.items():
            below, inside = (*tokens, "properties", name), f"{at}/{name}"
            if self._hidden(0, schema) and (name not in after or self._hidden(1, after[name])):
                continue
            if name in after:
                if (name in needed) != (name in needs):
                    yield self._difference("property-required" if name in needs else "property-optional", None, None, below, inside)
                yield from self.compare(schema, after[name], below, inside)
            else:
                closed = _closed(new) if self.direction == "request" else name in needed
                yield self._difference("known-property-removed" if closed else "property-removed", None, None, below, inside)
                yield from self._else(schema, new, below, inside, gone=True)
        for name in after.keys() - before.keys():
            if not self._hidden(1, after[name]):
                code = "required-property-added" if name in needs else "property-added"
                yield self._difference(code, None, None, (*tokens, "properties", name), f"{at}/{name}")
                yield from self._else(after[name], old, (*tokens, "properties", name), f"{at}/{name}", gone=False)
        for name in (needed ^ needs) - before.keys() - after.keys():
            code = "property-required" if name in needs else "property-optional"
            yield self._difference(code, None, None, (*tokens, "required"), f"{at}/{name}")
        yield from self._additional(old, new, tokens, at)
        patterns, patterned = _mapping(old, "patternProperties"), _mapping(new, "patternProperties")
        for name in patterns.keys() | patterned.keys():
            below, inside = (*tokens, "patternProperties", name), f"{at}/({name})"
            was, now = patterns.get(name, old.get("additionalProperties", {})), patterned.get(name, new.get("additionalProperties", {}))
            if (was is False) != (now is False):
                yield self._difference("additional-refused" if now is False else "additional-allowed", None, None, below, inside)
            else:
                yield from self.compare(was, now, below, inside)

    def _else(self, schema: Any, other: Schema, tokens: Tokens, at: str, *, gone: bool) -> Iterator[Difference]:
        """A property that one side does not list: there its values are those of all others, where a schema says what these are."""
        rest = other.get("additionalProperties")
        if isinstance(rest, dict) and rest:
            was, now = (schema, rest) if gone else (rest, schema)
            yield from self.compare(was, now, tokens, at)

    def _hidden(self, side: int, schema: Any) -> bool:
        """Whether a property is none of this direction: nobody sends what is read only, or gets what is write only."""
        return flatten(self._document(side), schema).get("readOnly" if self.direction == "request" else "writeOnly") is True

    def _additional(self, old: Schema, new: Schema, tokens: Tokens, at: str) -> Iterator[Difference]:
        was, now = old.get("additionalProperties", True), new.get("additionalProperties", True)
        below = (*tokens, "additionalProperties")
        if (was is False) != (now is False):
            yield self._difference("additional-refused" if now is False else "additional-allowed", None, None, below, at)
        elif was is not False:
            yield from self.compare(was, now, below, f"{at}/*")

    def _items(self, old: Schema, new: Schema, tokens: Tokens, at: str) -> Iterator[Difference]:
        if "items" in old or "items" in new:
            yield from self.compare(old.get("items", {}), new.get("items", {}), (*tokens, "items"), f"{at}/*")
        first, second = ([*schema["prefixItems"]] if "prefixItems" in schema else [] for schema in (old, new))
        for index in range(max(len(first), len(second))):
            was = first[index] if index < len(first) else old.get("items", {})
            now = second[index] if index < len(second) else new.get("items", {})
            yield from self.compare(was, now, (*tokens, "prefixItems", str(index)), f"{at}/{index}")

    def _alternatives(self, old: Schema, new: Schema, tokens: Tokens, at: str) -> Iterator[Difference]:
        for keyword in _ALTERNATIVES:
            before, after = old.get(keyword), new.get(keyword)
            below = (*tokens, keyword)
            if isinstance(before, list) and isinstance(after, list):
                yield from self._members(before, after, below, at)
            elif isinstance(before, list) and isinstance(other := new.get(_other(keyword)), list) and _other(keyword) not in old:
                yield from self._members(before, other, (*tokens, _other(keyword)), at)
            elif isinstance(after, list) and not (_other(keyword) in old and _other(keyword) not in new):
                yield self._alternatives_of(1, old, new, after, below, at)
            elif isinstance(before, list):
                yield self._alternatives_of(0, new, old, before, below, at)

    def _alternatives_of(self, side: int, plain: Schema, holder: Schema, members: list[Any], tokens: Tokens, at: str) -> Difference:
        """Alternatives that only one side has: with them, less is allowed; where one schema stood in their place, something else."""
        shown = listed.names(members)
        code = "replaced" if _alone(holder) and "type" in plain else "added" if side else "removed"
        return self._difference(f"alternatives-{code}", None if side else shown, shown if side else None, tokens, at)

    def _one_member(self, old: Schema, new: Schema) -> tuple[int, str, list[Any]] | None:
        """The side that has nothing but alternatives, their keyword, and those that the other side, which is one of them, is not."""
        for side, plain, holder in ((1, old, new), (0, new, old)):
            keywords = [keyword for keyword in _ALTERNATIVES if isinstance(holder.get(keyword), list)]
            if len(keywords) != 1 or any(keyword in plain for keyword in _ALTERNATIVES) or set(holder) - {*keywords, *_BESIDE}:
                continue
            mine = key_of(self._whole(1 - side, {key: value for key, value in plain.items() if key not in _WORDS}))
            members = holder[keywords[0]]
            others = [member for member in members if key_of(self._whole(side, flatten(self._document(side), member))) != mine]
            if len(others) < len(members):
                return side, keywords[0], others
        return None

    def _one_of_several(
        self, one: tuple[int, str, list[Any]], old: Schema, new: Schema, tokens: Tokens, at: str
    ) -> Iterator[Difference]:
        """One schema on one side, and alternatives on the other of which it is one."""
        side, keyword, others = one
        for name in listed.names(others):
            before, after = (None, name) if side else (name, None)
            yield self._difference(f"alternative-{'added' if side else 'removed'}", before, after, (*tokens, keyword), at)
        for code, was, now, below in _discriminator(old.get("discriminator"), new.get("discriminator")):
            yield self._difference(code, was, now, tokens + below, at)

    def _members(self, old: list[Any], new: list[Any], tokens: Tokens, at: str) -> Iterator[Difference]:
        """Members are the same by reference or title, by what they say, or where only one on each side is left."""
        left, right = dict(enumerate(old)), dict(enumerate(new))
        pairs: list[tuple[int, int]] = []
        for known in (listed.name, lambda member: "", None):
            for index, member in list(left.items()):
                for other, candidate in list(right.items()):
                    if known is None:
                        alike = len(left) == len(right) == 1
                    elif known is listed.name:
                        alike = bool(listed.name(member)) and listed.name(member) == listed.name(candidate)
                    else:
                        alike = same(self._whole(0, member), self._whole(1, candidate))
                    if alike:
                        pairs.append((index, other))
                        del left[index], right[other]
                        break
        for index, other in sorted(pairs):
            yield from self.compare(old[index], new[other], (*tokens, str(other)), f"{at}({listed.name(new[other]) or other + 1})")
        for index, member in left.items():
            yield self._difference("alternative-removed", listed.name(member) or key_of(member), None, (*tokens, str(index)), at)
        for index, member in right.items():
            yield self._difference("alternative-added", None, listed.name(member) or key_of(member), (*tokens, str(index)), at)


def _foreign(old: Schema, new: Schema, text: bool) -> bool:
    """Whether no value but null can be of both, so that nothing else is worth a word."""
    was, now = (types_of(schema) - {"null"} for schema in (old, new))
    return bool("type" in old and "type" in new and _beyond(was, now, text) == was and _beyond(now, was, text) == now and was and now)


def _alone(schema: Schema) -> bool:
    """Whether its alternatives alone say of which types values are."""
    return "type" not in schema and any(isinstance(schema.get(keyword), list) for keyword in _ALTERNATIVES)


def _types(old: Schema, new: Schema, text: bool) -> Iterator[tuple[str, Any, Any, Tokens]]:
    before, after = types_of(old), types_of(new)
    was, now = before - {"null"}, after - {"null"}
    shown = tuple("any" if len(types) > 4 else types for types in (was, now))
    more, less = _beyond(now, was, text), _beyond(was, now, text)
    # What only the list of values says of types is told of the list.
    by_list = ("type" not in old and "type" not in new) or _alone(old) or _alone(new)
    if before != after and not (was and now):
        # Of one side there is null alone.
        verb = "widened" if before < after else "narrowed" if after < before else "changed"
        yield f"type-{verb}", before, after, ("type",)
        return
    if (more or less) and not by_list:
        verb = "changed" if more and less else "widened" if more else "narrowed"
        yield f"type-{verb}", shown[0], shown[1], ("type",)
    if ("null" in before) != ("null" in after) and not by_list and not (len(was) > 4 or len(now) > 4):
        yield f"null-{'allowed' if 'null' in after else 'refused'}", None, None, ("type",)


def _beyond(one: frozenset[str], other: frozenset[str], text: bool = False) -> frozenset[str]:
    within = {"integer"} if "number" in other else set()
    within |= {"integer", "number", "boolean"} if text and "string" in other else set()
    return one - other - within


def _format(old: Schema, new: Schema) -> Iterator[tuple[str, Any, Any, Tokens]]:
    was, now = old.get("format"), new.get("format")
    if was == now or not (_beyond(types_of(old), types_of(new)) <= _beyond(types_of(old), frozenset())):
        return
    if (was, now) in _RANGES:
        verb = "widened"
    elif (now, was) in _RANGES:
        verb = "narrowed"
    else:
        verb = "added" if was is None else "removed" if now is None else "changed"
    yield f"format-{verb}", was, now, ("format",)


def _pattern(old: Schema, new: Schema) -> Iterator[tuple[str, Any, Any, Tokens]]:
    was, now = ({each for each in conditions.all_of(schema, "pattern") if each not in _EVERYTHING} for schema in (old, new))
    if was != now:
        verb = "added" if was < now else "removed" if now < was else "changed"
        yield f"pattern-{verb}", was - now or None, now - was or None, ("pattern",)


def _limits(old: Schema, new: Schema) -> Iterator[tuple[str, Any, Any, Tokens]]:
    for verb, keyword, was, now in limits.compare(old, new):
        yield f"limit-{verb}", was, now, (keyword,)


def _closed(schema: Schema) -> bool:
    """Whether properties that are not listed are refused."""
    return schema.get("additionalProperties") is False or schema.get("unevaluatedProperties") is False


def _discriminator(old: Any, new: Any) -> Iterator[tuple[str, Any, Any, Tokens]]:
    tokens = ("discriminator",)
    if not isinstance(old, dict) or not isinstance(new, dict):
        if isinstance(old, dict) or isinstance(new, dict):
            yield f"discriminator-{'removed' if isinstance(old, dict) else 'added'}", None, None, tokens
        return
    if old.get("propertyName") != new.get("propertyName"):
        yield "discriminator-changed", old.get("propertyName"), new.get("propertyName"), tokens
    before, after = _mapping(old, "mapping"), _mapping(new, "mapping")
    for value in sorted(before.keys() | after.keys()):
        if before.get(value) != after.get(value):
            verb = "added" if value not in before else "removed" if value not in after else "changed"
            words = tuple(None if value not in side else f"{value} → {str(side[value]).rpartition('/')[2]}" for side in (before, after))
            yield f"mapping-{verb}", words[0], words[1], (*tokens, "mapping", value)


def _other(keyword: str) -> str:
    return "anyOf" if keyword == "oneOf" else "oneOf"


def _mapping(schema: Schema, key: str) -> dict[str, Any]:
    value = schema.get(key)
    return value if isinstance(value, dict) else {}
