"""The compiled JSON Schema validators of one Plan.

A small schema that leads to no other one, as most parameters have, is compiled by itself. The others are compiled
together, as the properties of one schema: a validator of its own for each would hold a copy of everything that its
schema leads to, and in a document whose schemas all lead to each other (200 of them: 1.3 GB) that is the square of its
size. Together they share what they lead to (16 MB). What leads to different schemas is compiled apart (`bundles`), in
steps: a server has requests to answer meanwhile.

The validators run in Rust, with linear-time patterns. A pattern that needs look-around or back-references runs under a
limit: where it is exceeded the value counts as invalid, in every position (`not`, `oneOf`, `if` …), never as valid.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any

from jsonschema_rs import Draft202012, Draft202012Validator, FancyRegexOptions, Registry, ValidationError

from specgw.plan import formats as numeric
from specgw.plan.formats import CHECKS
from specgw.policies.validation.bundles import OTHER_NAMES, Bundle, bundled, schema_at

# Steps that a pattern with look-around may take on one string. Each step may look at the whole string, which the compiler
# keeps short for such patterns (`openapi/patterns.py`): together they stay below 10 ms.
BACKTRACK_LIMIT = 2000

# Stands for the submitted value in whatever text the library makes, so that no value can leak through it.
MASK = "value"

# Objects, arrays and values in a schema that is compiled by itself.
SMALL = 64


class Validator:
    """The validator of one schema reference."""

    __slots__ = ("_around", "_errors", "_level", "is_valid")

    def __init__(
        self,
        is_valid: Callable[[Any], bool],
        errors: Callable[[Any], list[ValidationError]],
        level: int,
        around: Callable[[ValidationError], Any],
    ) -> None:
        self.is_valid = is_valid
        """Whether a value matches the schema."""
        self._errors = errors
        self._level = level
        self._around = around

    def errors(self, value: Any) -> list[ValidationError]:
        """Everything that is wrong with a value; the paths of the errors are to be read with `inside`."""
        return self._errors(value)

    def inside(self, path: Sequence[str | int]) -> Sequence[str | int]:
        """The path of an error as it leads through the value."""
        return path[self._level :]

    def alternative(self, error: ValidationError) -> int | None:
        """The index of the alternative that the `discriminator` beside `oneOf` or `anyOf` says was meant; None where none says it."""
        schema = self._around(error)
        said = schema.get("discriminator") if isinstance(schema, dict) else None
        if said is None or not isinstance(error.instance, dict):
            return None
        value = error.instance.get(said["propertyName"])
        otherwise: int | None = said.get("default")
        index: int | None = said["mapping"].get(value, otherwise) if isinstance(value, str) else otherwise
        return index


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
        for _ in self.compiling():
            pass

    def compiling(self) -> Generator[None, None, None]:
        """The same in steps."""
        for registered in self._of.values():
            yield from registered.compiling()


class _Place:
    """A schema that is compiled with others: the name of its property there."""

    __slots__ = ("name", "together")

    def __init__(self, name: str) -> None:
        self.name = name
        self.together: Draft202012Validator | None = None


class _Registered:
    """The validators that enforce formats, or those that do not.

    It does not know the Validators that it made: nothing here goes in a circle, so that a plan that has been replaced is
    let go at once, without the garbage collector.
    """

    __slots__ = ("_alone", "_formats", "_numbers", "_places", "_registry", "_resources")

    def __init__(self, resources: Mapping[str, Any], *, formats: bool) -> None:
        # Ranges of numeric formats are schemas of their own (plan/formats.py), so that they can be let go.
        self._numbers = numeric.resources(formats)
        self._resources = {**resources, **self._numbers}
        self._formats = formats
        self._registry: Registry | None = None
        """Of the numeric formats alone."""
        self._alone: dict[str, Validator] = {}
        """Those that are compiled by themselves."""
        self._places: dict[str, _Place] = {}

    def get(self, reference: str) -> Validator:
        found = self._alone.get(reference)
        if found is not None:
            return found
        if reference not in self._places:
            schema = schema_at(self._resources, reference)
            if schema is None:
                # What leads nowhere shows now: this raises.
                self._compile({"$ref": reference}, Registry(self._resources.items(), draft=Draft202012))
            if isinstance(schema, dict) and _small(schema):
                self._alone[reference] = alone = self._by_itself(schema)
                return alone
        return self._with_others(reference)

    def compiling(self) -> Generator[None, None, None]:
        left = {reference: place for reference, place in self._places.items() if place.together is None}
        # So that what is compiled goes one by one, each with the last policy that has it.
        self._alone = {}
        if not left:
            return
        bundles = yield from bundled(left, self._resources, frozenset(self._numbers))
        if bundles is None:
            bundles = [Bundle(list(left), set(self._resources))]
        for bundle in bundles:
            parts = {**bundle.resources(self._resources), **self._numbers}
            yield
            registry = Registry(parts.items(), draft=Draft202012)
            yield
            properties = {left[reference].name: {"$ref": reference} for reference in bundle.references}
            together = self._compile({"properties": properties}, registry)
            for reference in bundle.references:
                left[reference].together = together
            yield
            del registry, parts
            yield
        while left:  # likewise
            del self._places[left.popitem()[0]]
            yield

    def _compile(self, schema: Any, registry: Registry) -> Draft202012Validator:
        return Draft202012Validator(
            schema,
            registry=registry,
            validate_formats=self._formats,
            formats=CHECKS,
            pattern_options=FancyRegexOptions(backtrack_limit=BACKTRACK_LIMIT),
            mask=MASK,
        )

    def _by_itself(self, schema: Any) -> Validator:
        if self._registry is None:
            self._registry = Registry(self._numbers.items(), draft=Draft202012)
        compiled = self._compile(schema, self._registry)
        return Validator(
            compiled.is_valid, lambda value: list(compiled.iter_errors(value)), 0, lambda error: _descended(schema, error.schema_path)
        )

    def _with_others(self, reference: str) -> Validator:
        place = self._places.get(reference)
        if place is None:
            place = self._places[reference] = _Place(f"s{len(self._places)}")
        name = place.name

        def is_valid(value: Any) -> bool:
            return (place.together or self._compiled(place)).is_valid({name: value})

        def errors(value: Any) -> list[ValidationError]:
            return list((place.together or self._compiled(place)).iter_errors({name: value}))

        resources = self._resources

        def around(error: ValidationError) -> Any:
            return schema_at(resources, (error.absolute_keyword_location or "").rpartition("/")[0])

        return Validator(is_valid, errors, 1, around)

    def _compiled(self, place: _Place) -> Draft202012Validator:
        for _ in self.compiling():
            pass
        if place.together is None:
            raise RuntimeError(f"{place.name} is in no bundle")
        return place.together


def _descended(schema: Any, path: Sequence[str | int]) -> Any:
    """The schema that holds the last keyword of a path; None where the path does not lead through it."""
    for token in path[:-1]:
        try:
            schema = schema[token]
        except (KeyError, IndexError, TypeError):
            return None
    return schema


def _small(schema: Any) -> bool:
    """Whether a schema leads to no other one, but for a numeric format, and is not large itself."""
    left = [schema]
    for _ in range(SMALL):
        if not left:
            return True
        part = left.pop()
        if isinstance(part, dict):
            if not str(part.get("$ref", numeric.RESOURCE)).startswith(numeric.RESOURCE) or not part.keys().isdisjoint(OTHER_NAMES):
                return False
            left.extend(part.values())
        elif isinstance(part, list):
            left.extend(part)
    return False
