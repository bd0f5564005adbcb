"""Values made from schemas: valid by the schema's own validator, plausible to read, the same for the same seed.

A value is drafted from what the keywords ask for, all that apply to it gathered into one `Wanted`; then the validator judges it.
What it refuses is drafted again, with other branches and fewer optional parts, until one is valid or the attempts are used up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from random import Random
from typing import Any, Protocol
from urllib.parse import unquote

from specgw.mock import patterns, plausible
from specgw.mock.wanted import Dead, Wanted, same_json

ATTEMPTS = 60
"""Drafts of one value before it counts as impossible."""
DEEPEST = 6
"""Levels of a value below which only what is required is made."""
_LARGE = 400
"""Parts of a value beyond which only what is required is made."""
_LONGEST_ARRAY = 2000
_REMEMBERED = 20_000
"""Places in schemas whose keywords are remembered together."""
_TEXT = {"type": "string"}
_SHOWING = frozenset(("example", "examples", "default", "enum", "const", "pattern"))
"""Keywords that say what a value may look like."""


class Impossible(Exception):
    """No value was found that is valid."""


class Judge(Protocol):
    """Hands out what judges values; `policies.validation.validators.Validators` does."""

    def get(self, reference: str, *, formats: bool) -> Any:
        """Something with `is_valid`."""


class Generator:
    """Makes values for schemas of one set of resources."""

    def __init__(self, schemas: Mapping[str, Any], judge: Judge) -> None:
        self._schemas = schemas
        self._judge = judge
        self._judges: dict[str, Callable[[Any], bool]] = {}
        """Kept: a schema is compiled once for each time that its judge was handed out."""
        self._found: dict[str, Any] = {}
        self._roots: dict[str, list[Any]] = {}
        self._gathered: dict[tuple[int, ...], tuple[Wanted, list[Any]]] = {}
        """By the identity of schemas, which are kept so that nothing else gets it."""
        self._samplers: dict[str, patterns.Sample | None] = {}
        self._unsaid: dict[str, frozenset[str]] = {}

    def value(self, reference: str, seed: str, *, samples: bool = True) -> Any:
        """A valid value. With `samples` the examples and defaults of schemas are used. Raises Impossible."""
        accepts = self.accepts(reference)
        root = self._roots.get(reference)
        if root is None:
            root = self._roots[reference] = [{"$ref": reference}]
        for attempt in range(ATTEMPTS):
            draft = _Draft(self, Random(f"{seed}/{attempt}"), attempt, samples=samples and attempt < 2)
            try:
                value = draft.value(root, "", 0)
            except (Dead, RecursionError):
                continue
            if accepts(value):
                return value
        raise Impossible(f"no value was found that {reference.partition('#')[2] or 'the schema'} accepts")

    def accepts(self, reference: str) -> Callable[[Any], bool]:
        """What judges values of a schema."""
        judge = self._judges.get(reference)
        if judge is None:
            judge = self._judges[reference] = self._judge.get(reference, formats=True).is_valid
        return judge

    def demands(self, reference: str) -> tuple[frozenset[str], frozenset[str]]:
        """The properties that objects of a schema plainly have to have, and those that they must not have."""
        wanted = Wanted(_Draft(self, Random(0), 0, samples=False))
        try:
            wanted.add({"$ref": reference})
        except (Dead, RecursionError):
            return frozenset(), frozenset()
        return wanted.required, frozenset(wanted.forbidden)

    def unsaid(self, reference: str) -> frozenset[str]:
        """The properties of objects of a schema of which nothing shows what they may be: no example, no default, no list of values."""
        if reference not in self._unsaid:
            self._unsaid[reference] = self._open(reference)
        return self._unsaid[reference]

    def _open(self, reference: str) -> frozenset[str]:
        wanted = Wanted(_Draft(self, Random(0), 0, samples=False))
        try:
            wanted.add({"$ref": reference})
        except (Dead, RecursionError):
            return frozenset()
        return frozenset(
            name
            for name, schemas in wanted.properties.items()
            if all(isinstance(schema, dict) and not _SHOWING & self._aim(schema).keys() for schema in schemas)
        )

    def _aim(self, schema: dict[str, Any]) -> dict[str, Any]:
        reference = schema.get("$ref")
        found = self.resolve(reference) if isinstance(reference, str) else schema
        return found if isinstance(found, dict) else schema

    def gathered(self, schemas: list[Any], draft: _Draft) -> Wanted:
        """All that schemas ask for: remembered where it does not depend on the draft."""
        key = tuple(map(id, schemas))
        found = self._gathered.get(key)
        if found is not None:
            return found[0]
        wanted = Wanted(draft)
        for schema in schemas:
            wanted.add(schema)
        if not wanted.chosen and not wanted.dependent_schemas and len(self._gathered) < _REMEMBERED:
            wanted.settle()
            self._gathered[key] = wanted, schemas
        return wanted

    def resolve(self, reference: str) -> Any:
        """The schema that a reference leads to; True where it leads nowhere."""
        found = self._found.get(reference)
        if found is None:
            uri, _, pointer = reference.partition("#")
            found = self._schemas.get(uri, True)
            for token in unquote(pointer).split("/")[1:]:
                token = token.replace("~1", "/").replace("~0", "~")
                if isinstance(found, list) and token.isdigit() and int(token) < len(found):
                    found = found[int(token)]
                else:
                    found = found.get(token, True) if isinstance(found, dict) else True
            self._found[reference] = found
        return found

    def sampler(self, pattern: str) -> patterns.Sample | None:
        """What makes texts for a pattern; None where nothing does."""
        if pattern not in self._samplers:
            try:
                self._samplers[pattern] = patterns.sampler(pattern)
            except (patterns.Unreadable, RecursionError):
                self._samplers[pattern] = None
        return self._samplers[pattern]


class _Draft:
    """One attempt at a value. The first takes first branches and all properties, later ones whatever chance says."""

    def __init__(self, generator: Generator, random: Random, attempt: int, *, samples: bool) -> None:
        self._generator = generator
        self.random = random
        self.attempt = attempt
        self._samples = samples
        self._parts = 0
        self._under_way: dict[str, int] = {}

    def resolve(self, reference: str) -> Any:
        return self._generator.resolve(reference)

    def choose(self, branches: list[Any]) -> int:
        """Which branch of several is tried: one that does not lead back here, if the value grows deep."""
        flat = [index for index, branch in enumerate(branches) if not (isinstance(branch, dict) and self._busy(branch.get("$ref")))]
        if not flat:
            flat = list(range(len(branches)))
        return flat[0] if self.attempt == 0 else self.random.choice(flat)

    def _busy(self, reference: Any) -> bool:
        return isinstance(reference, str) and self._under_way.get(reference, 0) > 0

    def value(self, schemas: list[Any], name: str, level: int) -> Any:
        if level > 40:
            raise Dead("too deep")
        self._parts += 1
        wanted = self._generator.gathered(schemas, self)
        entered = wanted.references
        if not entered:
            return self._of(wanted, name, level)
        entered = set(entered)  # an object may learn of more
        for reference in entered:
            self._under_way[reference] = self._under_way.get(reference, 0) + 1
        try:
            return self._of(wanted, name, level)
        finally:
            for reference in entered:
                self._under_way[reference] -= 1

    def _of(self, wanted: Wanted, name: str, level: int) -> Any:
        if wanted.enum is not None:
            fitting = [value for value in wanted.enum if wanted.admits(value)]
            if not fitting:
                raise Dead("no value of enum is left")
            return fitting[0] if self.attempt == 0 else self.random.choice(fitting)
        if self._samples and wanted.samples:
            sample = next((sample for sample in wanted.samples if wanted.admits(sample)), None)
            if sample is not None:
                return sample
        kind = self._kind(wanted, level)
        if kind == "object":
            return self._object(wanted, name, level)
        if kind == "array":
            return self._array(wanted, name, level)
        if kind == "string":
            return self._string(wanted, name)
        if kind in ("integer", "number"):
            return self._number(wanted, name, integer=kind == "integer")
        return None if kind == "null" else self.random.random() < 0.5 if self.attempt else True

    def _kind(self, wanted: Wanted, level: int) -> str:
        types = wanted.kinds()
        if not types:
            raise Dead("no type is left")
        if wanted.types is None:
            hinted = wanted.hinted()
            return hinted if hinted in types else "string" if "string" in types else types[0]
        if len(types) > 1 and level > DEEPEST and "null" in types:
            return "null"
        if len(types) == 1:
            return types[0]
        if "integer" in types and "number" in types:
            types = [kind for kind in types if kind != "integer"]
        if self.attempt > 4 and len(types) > 1:
            return self.random.choice(types)
        # As the author lists them.
        return next((kind for kind in wanted.types if kind in types and kind != "null"), types[0])

    # Objects

    def _object(self, wanted: Wanted, name: str, level: int) -> dict[str, Any]:
        spare = level >= DEEPEST or self._parts > _LARGE
        found: dict[str, Any] = {}
        chosen = list(dict.fromkeys([key for key in wanted.properties if self._takes(wanted, key, spare)] + sorted(wanted.required)))
        for key in chosen:
            for further in wanted.dependent_required.get(key, ()):
                if further not in chosen:
                    chosen.append(further)
            if key in wanted.dependent_schemas:
                before = wanted.required
                wanted.add(wanted.dependent_schemas.pop(key))
                chosen += [more for more in sorted(wanted.required - before) if more not in chosen]
        most = wanted.max_properties
        if most is not None and len(chosen) > most:
            optional = [key for key in chosen if key not in wanted.required][::-1]
            for key in optional[: len(chosen) - most]:
                chosen.remove(key)
        for key in chosen:
            if key in wanted.forbidden and key not in wanted.required:
                continue
            try:
                found[key] = self.value(wanted.schemas_of(key), key, level + 1)
            except Dead:
                if key in wanted.required:
                    raise
        for key, text in wanted.tags.items():
            if key in found or key in wanted.required:
                found[key] = text
        self._fill(wanted, found, level, spare)
        return found

    def _takes(self, wanted: Wanted, key: str, spare: bool) -> bool:
        """Whether a declared property is in the value."""
        if key in wanted.required:
            return True
        if key in wanted.forbidden or (spare and not wanted.required and wanted.min_properties == 0):
            return False
        if spare or any(isinstance(part, dict) and self._leads_back(part) for part in wanted.properties[key]):
            return False
        if self.attempt < 2:
            return True
        return self.random.random() < (0.5 if self.attempt < ATTEMPTS // 2 else 0.15)

    def _leads_back(self, schema: dict[str, Any]) -> bool:
        items = schema.get("items")
        inner = items.get("$ref") if isinstance(items, dict) else None
        return self._busy(schema.get("$ref")) or self._busy(inner)

    def _fill(self, wanted: Wanted, found: dict[str, Any], level: int, spare: bool) -> None:
        """Further properties: as many as there have to be, and one or two where the object is a map."""
        least = wanted.min_properties
        if not wanted.properties and wanted.maps and not spare:
            least = max(least, min(2, wanted.max_properties if wanted.max_properties is not None else 2))
        tries = 0
        while len(found) < least:
            tries += 1
            if tries > 50 + 3 * least:
                raise Dead("there are no further names")
            left = [key for key in wanted.properties if key not in found and key not in wanted.forbidden]
            key = left[0] if left else self._further_name(wanted)
            if key in found:
                continue
            schemas = wanted.schemas_of(key)
            if any(schema is False for schema in schemas):
                continue
            found[key] = self.value(schemas, key, level + 1)

    def _further_name(self, wanted: Wanted) -> str:
        if wanted.names:
            name = self.value([*wanted.names, _TEXT], "", 1)
            return name if isinstance(name, str) else str(name)
        if wanted.patterned:
            sample = self._generator.sampler(self.random.choice(list(wanted.patterned)))
            if sample is not None:
                # Most patterns of names are beginnings.
                return sample(self.random, 4) + (self.random.choice(plausible.WORDS) if self.random.random() < 0.7 else "")
        number = self.random.randint(1, 99) if self.random.random() < 0.3 else ""
        return f"{self.random.choice(plausible.WORDS)}{number}"

    # Arrays

    def _array(self, wanted: Wanted, name: str, level: int) -> list[Any]:
        least, most = wanted.min_items, wanted.max_items
        lead = len(wanted.prefix)
        usual = lead if lead else 0 if level >= DEEPEST or self._parts > _LARGE else 2 if self.attempt < 2 else self.random.randint(0, 3)
        if wanted.contains:
            usual = max(usual, lead + sum(count for _, count in wanted.contains))
        if any(isinstance(schema, dict) and self._busy(schema.get("$ref")) for schema in wanted.items):
            usual = lead
        count = max(least, usual if most is None else min(usual, most))
        if wanted.closed_items:
            count = min(count, max(lead, least))
        if count > _LONGEST_ARRAY:
            raise Dead("the array would be too long")
        demanded = [schema for schema, number in wanted.contains for _ in range(number)]
        found: list[Any] = []
        singular = name[:-1] if name.endswith("s") else name
        seen: set[Any] = set()
        tries = 0
        while len(found) < count and tries < 40 + 20 * count:
            tries += 1
            index = len(found)
            schemas = wanted.prefix[index] if index < lead else list(wanted.items)
            if index >= lead and index - lead < len(demanded):
                schemas = [*schemas, demanded[index - lead]]
            item = self.value(schemas, singular, level + 1)
            if wanted.unique:
                key = same_json(item)
                if key in seen:
                    self._samples, self.attempt = False, max(self.attempt, 1)
                    continue
                seen.add(key)
            found.append(item)
        if len(found) < least:
            raise Dead("there are not enough different items")
        return found

    # Scalars

    def _string(self, wanted: Wanted, name: str) -> str:
        least, most = wanted.min_length, wanted.max_length
        for _ in range(20):
            text = self._patterned(wanted) if wanted.patterns else plausible.text(name, wanted.format, self.random)
            if len(text) >= least and (most is None or len(text) <= most):
                return text
            if not wanted.patterns and wanted.free_text:
                return self._cut(text, least, most)
        if wanted.format == "byte" or wanted.format == "base64url":
            return "QUJD" * math.ceil(least / 4) if most is None or most >= 4 else ""
        return text

    def _patterned(self, wanted: Wanted) -> str:
        sample = self._generator.sampler(wanted.patterns[self.attempt % len(wanted.patterns)])
        if sample is None:
            raise Dead("a pattern that no text is made for")
        more = 4 if self.random.random() < 0.7 else 1
        text = sample(self.random, more)
        while len(text) < wanted.min_length and more < 4096:
            more *= 2
            text = sample(self.random, more)
        if len(text) < wanted.min_length and wanted.max_length is None:
            text += "a" * (wanted.min_length - len(text))
        return text

    def _cut(self, text: str, least: int, most: int | None) -> str:
        while len(text) < least:
            text += ("-" if len(text) % 2 else "") + self.random.choice(plausible.WORDS)
            text = text if least - len(text) < 2000 else text * math.ceil(least / len(text))
        return text[:most] if most is not None and len(text) > most else text if len(text) <= max(least, 400) else text[:least]

    def _number(self, wanted: Wanted, name: str, *, integer: bool) -> int | float:
        numbers = wanted.numbers(name, integer=integer)
        return _plain_number(self.random.randint(numbers.first, numbers.last) * numbers.step)


def _plain_number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)
