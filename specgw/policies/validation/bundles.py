"""Which schemas of a Plan are compiled together: few at a time, since a compile cannot be interrupted.

A schema leads to others by `$ref`; with all that it leads to it is a *closure*. Those that lead to the same ones are
compiled together and share them. Larger ones apart: then a schema that both lead to is compiled twice, and how much of
that there may be is limited, for in some documents every schema leads to every other one.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

ENOUGH = 1000
"""Objects, arrays and values that are compiled in one go without looking for a way to split them; some two milliseconds."""
REPEATED = 4
"""How often a schema may be compiled on average before what is left is compiled together, however large."""

# By these a schema can be referred to, or refer, in other ways than by place: then nothing is taken apart.
OTHER_NAMES = ("$id", "$anchor", "$dynamicAnchor", "$dynamicRef")


@dataclass(slots=True)
class Bundle:
    """References that are compiled together, and the resources with all that they lead to."""

    references: list[str] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)
    weight: int = 0

    def resources(self, whole: Mapping[str, Any]) -> dict[str, Any]:
        """Of all resources, what this bundle leads to, at the places where it was."""
        parts: dict[str, Any] = {}
        # What stands inside of another one comes after it, and is there already.
        for reference in sorted(self.reached, key=len):
            uri, _, pointer = reference.partition("#")
            tokens = _tokens(pointer)
            if not tokens:
                parts[uri] = whole[uri]
                continue
            place = parts.setdefault(uri, _Hollow())
            for token in tokens[:-1]:
                if not isinstance(place, _Hollow):
                    break
                place = place.setdefault(token, _Hollow())
            if isinstance(place, _Hollow) and not isinstance(place.get(tokens[-1]), dict | list | bool):
                place[tokens[-1]] = schema_at(whole, reference)
        return parts


class _Hollow(dict[str, Any]):
    """An object on the way to a schema: it holds nothing of its own."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """A schema that something refers to: how large it is, and what it refers to itself."""

    weight: int
    leads_to: tuple[str, ...]


def bundled(references: Iterable[str], resources: Mapping[str, Any], shared: frozenset[str]) -> Generator[None, None, list[Bundle] | None]:
    """Take schemas apart into bundles, in steps. None: that cannot be done, and all have to be compiled together.

    `shared` are resources that every compile has.
    """
    units: dict[str, _Unit] = {}
    closures: list[tuple[str, set[str], int]] = []
    for reference in references:
        reached: set[str] = set()
        left = [reference]
        while left:
            name = left.pop()
            if name in reached or name.partition("#")[0] in shared:
                continue
            reached.add(name)
            if name not in units:
                unit = _unit(resources, name)
                if unit is None:
                    return None
                units[name] = unit
                yield
            left.extend(units[name].leads_to)
        closures.append((reference, reached, sum(units[name].weight for name in reached)))
    bound = REPEATED * sum(unit.weight for unit in units.values())
    spent = 0
    made: list[Bundle] = []
    # The largest first: most of the others are parts of it.
    for reference, reached, weight in sorted(closures, key=lambda closure: -closure[2]):
        bundle = next((bundle for bundle in made if reached <= bundle.reached), None)
        if bundle is None:
            last = made[-1] if made else None
            if last is not None and (last.weight + weight <= ENOUGH or spent + weight > bound):
                bundle = last
            else:
                bundle = Bundle()
                made.append(bundle)
            more = sum(units[name].weight for name in reached - bundle.reached)
            bundle.reached |= reached
            bundle.weight += more
            spent += more
        bundle.references.append(reference)
        yield
    return made


def schema_at(resources: Mapping[str, Any], reference: str) -> Any:
    """The schema that a reference leads to; None where it leads nowhere."""
    uri, _, pointer = reference.partition("#")
    schema = resources.get(uri)
    for token in _tokens(pointer):
        if isinstance(schema, list) and token.isdigit() and int(token) < len(schema):
            schema = schema[int(token)]
        else:
            schema = schema.get(token) if isinstance(schema, dict) else None
    return schema


def _tokens(pointer: str) -> list[str]:
    return [token.replace("~1", "/").replace("~0", "~") for token in unquote(pointer).split("/")[1:]]


def _unit(resources: Mapping[str, Any], reference: str) -> _Unit | None:
    schema = schema_at(resources, reference)
    if schema is None or (not reference.partition("#")[2].startswith("/") and "#" in reference):
        return None
    weight = 0
    leads_to: list[str] = []
    left = [schema]
    while left:
        part = left.pop()
        weight += 1
        if isinstance(part, dict):
            if any(name in part for name in OTHER_NAMES):
                return None
            target = part.get("$ref")
            if isinstance(target, str):
                leads_to.append(reference.partition("#")[0] + target if target.startswith("#") else target)
            left.extend(part.values())
        elif isinstance(part, list):
            left.extend(part)
    return _Unit(weight, tuple(leads_to))
