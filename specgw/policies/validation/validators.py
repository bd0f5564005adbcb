"""The compiled JSON Schema validators of one Plan.

All schemas of a Plan live in one registry. A small schema that leads to no other one, as most parameters have, is
compiled by itself. All others are compiled together, as the properties of one schema: a validator of its own for each
would hold a copy of everything that its schema leads to, and in a document whose schemas all lead to each other
(200 of them: 1.3 GB) that is the square of its size. Together they share what they lead to (16 MB).

The validators run in Rust, with linear-time patterns. A pattern that needs look-around or back-references runs under a
limit: where it is exceeded the value counts as invalid, in every position (`not`, `oneOf`, `if` …), never as valid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from jsonschema_rs import Draft202012, Draft202012Validator, FancyRegexOptions, Registry, ValidationError

from specgw.plan import formats as numeric
from specgw.plan.formats import CHECKS

# Steps that a pattern with look-around may take on one string. Each step may look at the whole string, which the compiler
# keeps short for such patterns (`openapi/patterns.py`): together they stay below 10 ms.
BACKTRACK_LIMIT = 2000

# Stands for the submitted value in whatever text the library makes, so that no value can leak through it.
MASK = "value"

# Objects, arrays and values in a schema that is compiled by itself.
SMALL = 64


class Validator:
    """The validator of one schema reference."""

    __slots__ = ("_errors", "_level", "is_valid")

    def __init__(self, is_valid: Callable[[Any], bool], errors: Callable[[Any], list[ValidationError]], level: int) -> None:
        self.is_valid = is_valid
        """Whether a value matches the schema."""
        self._errors = errors
        self._level = level

    def errors(self, value: Any) -> list[ValidationError]:
        """Everything that is wrong with a value; the paths of the errors are to be read with `inside`."""
        return self._errors(value)

    def inside(self, path: Sequence[str | int]) -> Sequence[str | int]:
        """The path of an error as it leads through the value."""
        return path[self._level :]


class Validators:
    """Hands out the validator of a schema reference (`URI#pointer`, see `Plan.schemas`)."""

    def __init__(self, resources: Mapping[str, Any]) -> None:
        self._of = {formats: _Registered(resources, formats=formats) for formats in (True, False)}

    def get(self, reference: str, *, formats: bool) -> Validator:
        """The validator of one schema; `formats` says whether `format` is enforced or an annotation."""
        return self._of[formats].get(reference)

    def compile(self) -> None:
        """Compile what was handed out and is not compiled yet; otherwise the first value that is checked pays for it.

        Raises what jsonschema_rs raises when a reference leads nowhere: a Plan that the compiler made has none such.
        """
        for registered in self._of.values():
            registered.compile()


class _Registered:
    """The validators that enforce formats, or those that do not.

    It does not know the Validators that it made: nothing here goes in a circle, so that a plan that has been replaced is
    let go at once, without the garbage collector.
    """

    __slots__ = ("_alone", "_formats", "_registry", "_resources", "_shared", "_together")

    def __init__(self, resources: Mapping[str, Any], *, formats: bool) -> None:
        # Ranges of numeric formats are schemas of their own (plan/formats.py), so that they can be let go.
        self._resources = {**resources, **numeric.resources(formats)}
        self._formats = formats
        self._registry: Registry | None = None
        self._alone: dict[str, Draft202012Validator] = {}
        """References that are compiled by themselves."""
        self._shared: dict[str, str] = {}
        """References that are compiled together, each with its property."""
        self._together: Draft202012Validator | None = None

    def get(self, reference: str) -> Validator:
        if reference in self._alone or (reference not in self._shared and self._small(reference)):
            return self._by_itself(reference)
        return self._with_others(reference)

    def compile(self) -> Draft202012Validator | None:
        if self._together is None and self._shared:
            self._together = self._compile({"properties": {name: {"$ref": reference} for reference, name in self._shared.items()}})
        return self._together

    def _compile(self, schema: Any) -> Draft202012Validator:
        if self._registry is None:
            self._registry = Registry(self._resources.items(), draft=Draft202012)
        return Draft202012Validator(
            schema,
            registry=self._registry,
            validate_formats=self._formats,
            formats=CHECKS,
            pattern_options=FancyRegexOptions(backtrack_limit=BACKTRACK_LIMIT),
            mask=MASK,
        )

    def _by_itself(self, reference: str) -> Validator:
        compiled = self._alone.get(reference)
        if compiled is None:
            compiled = self._alone[reference] = self._compile({"$ref": reference})
        return Validator(compiled.is_valid, lambda value: list(compiled.iter_errors(value)), 0)

    def _with_others(self, reference: str) -> Validator:
        name = self._shared.get(reference)
        if name is None:
            name = self._shared[reference] = f"s{len(self._shared)}"
            self._together = None

        def is_valid(value: Any) -> bool:
            together = self._together or self.compile()
            return together.is_valid({name: value})  # type: ignore[union-attr]  # there is one: this reference is shared

        def errors(value: Any) -> list[ValidationError]:
            together = self._together or self.compile()
            return list(together.iter_errors({name: value}))  # type: ignore[union-attr]  # likewise

        return Validator(is_valid, errors, 1)

    def _small(self, reference: str) -> bool:
        """Whether a schema leads to no other one, but for a numeric format, and is not large itself."""
        uri, _, pointer = reference.partition("#")
        schema = self._resources.get(uri)
        for token in unquote(pointer).split("/")[1:]:
            token = token.replace("~1", "/").replace("~0", "~")
            if isinstance(schema, list) and token.isdigit() and int(token) < len(schema):
                schema = schema[int(token)]
            else:
                schema = schema.get(token) if isinstance(schema, dict) else None
        # What is not found is left to the library, which says so.
        left = [schema]
        for _ in range(SMALL):
            if not left:
                return True
            part = left.pop()
            if isinstance(part, dict):
                if not str(part.get("$ref", numeric.RESOURCE)).startswith(numeric.RESOURCE) or "$dynamicRef" in part:
                    return False
                left.extend(part.values())
            elif isinstance(part, list):
                left.extend(part)
        return False
