"""Instances of JSON Schema 2020-12 at random: mostly valid ones, and ones that are wrong in one place or several.

Nothing is promised of an instance: whoever asks has to judge it.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

Follow = Callable[[str, Any], tuple[str, Any]]
"""What a reference leads to: the base it stands under and its text, to the base of the target and the target."""

_DEPTH = 7
_TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")
_ODD: tuple[Any, ...] = (None, True, 0, -1, 3, 2.5, "", "x", "2024-01-01", [], {}, ["x"], {"x": 1})
_TEXTS = ("", "a", "abc", "x" * 40, "7", "2024-02-29", "2024-02-29T12:00:00Z", "a@example.com", "https://example.com/", "red", "USD")


class Instances:
    """Draws instances of schemas."""

    def __init__(self, random: Random, follow: Follow, *, faults: float = 0.03) -> None:
        """`faults`: how often a part is something else than its schema says."""
        self._random = random
        self._follow = follow
        self._faults = faults

    def of(self, base: str, schema: Any, depth: int = 0) -> Any:
        """An instance of a schema that stands under a base."""
        if not isinstance(schema, dict) or depth > _DEPTH or self._random.random() < self._faults:
            return self._random.choice(_ODD)
        drawn: list[Any] = []
        if isinstance(schema.get("$ref"), str):
            drawn.append(self.of(*self._follow(base, schema["$ref"]), depth + 1))
        drawn += [self.of(base, part, depth + 1) for part in schema.get("allOf", ())]
        for keyword in ("oneOf", "anyOf"):
            if schema.get(keyword):
                drawn.append(self.of(base, self._random.choice(schema[keyword]), depth + 1))
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return self._random.choice(schema["enum"])
        if not drawn or "type" in schema or "properties" in schema:
            drawn.append(self._typed(base, schema, depth))
        objects = [value for value in drawn if isinstance(value, dict)]
        if objects:
            return {name: value for each in objects for name, value in each.items()}
        return self._random.choice(drawn)

    def _typed(self, base: str, schema: dict[str, Any], depth: int) -> Any:
        said = schema.get("type")
        types = [said] if isinstance(said, str) else said or (["object"] if "properties" in schema else _TYPES)
        match self._random.choice(types):
            case "object":
                return self._object(base, schema, depth)
            case "array":
                return self._array(base, schema, depth)
            case "string":
                return self._string(schema)
            case "integer" | "number" as kind:
                return self._number(schema, kind)
            case "boolean":
                return self._random.random() < 0.5
            case _:
                return None

    def _object(self, base: str, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        required = schema.get("required", ())
        properties = schema.get("properties", {})
        found = {}
        for name in [*required, *(name for name in properties if name not in required)]:
            likely = 0.95 if name in required else 0.4 / (1 + depth / 2)
            if self._random.random() < likely:
                found[name] = self.of(base, properties.get(name, {}), depth + 1)
        if self._random.random() < 0.15:
            found["surplus"] = self.of(base, schema.get("additionalProperties"), depth + 1)
        return found

    def _array(self, base: str, schema: dict[str, Any], depth: int) -> list[Any]:
        least = min(schema.get("minItems", 0), 3)
        count = self._random.randint(least, min(least + 2, schema.get("maxItems", 3))) if schema.get("maxItems", 3) >= least else least
        first = schema.get("prefixItems", ())
        return [self.of(base, first[index] if index < len(first) else schema.get("items", {}), depth + 1) for index in range(count)]

    def _string(self, schema: dict[str, Any]) -> str:
        text: str = self._random.choice(_TEXTS)
        least, most = schema.get("minLength", 0), schema.get("maxLength", 100)
        padding: int = min(max(0, least - len(text)), 200)
        return f"{text}{'y' * padding}"[: int(most)]

    def _number(self, schema: dict[str, Any], kind: str) -> Any:
        least = schema.get("minimum", schema.get("exclusiveMinimum", -2))
        most = schema.get("maximum", schema.get("exclusiveMaximum", least + 10))
        edge = self._random.choice((least, most, least - 1, most + 1, (least + most) / 2, least + 1))
        return int(edge) if kind == "integer" else edge
