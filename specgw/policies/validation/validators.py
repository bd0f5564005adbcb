"""The compiled JSON Schema validators of one Plan.

All schemas of a Plan live in one registry; a validator is a `$ref` into it, compiled once per reference. The
validators run in Rust, with linear-time patterns. A pattern that needs look-around or back-references runs under a
limit: where it is exceeded the value counts as invalid, in every position (`not`, `oneOf`, `if` …), never as valid.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsonschema_rs import Draft202012, Draft202012Validator, FancyRegexOptions, Registry

from specgw.plan.formats import CHECKS
from specgw.plan.formats import resources as numeric_formats

# Steps that a pattern with look-around may take on one string; about a millisecond.
BACKTRACK_LIMIT = 100_000

# Stands for the submitted value in whatever text the library makes, so that no value can leak through it.
MASK = "value"


class Validators:
    """Hands out the validator of a schema reference (`URI#pointer`, see `Plan.schemas`), compiled on first use."""

    def __init__(self, resources: Mapping[str, Any]) -> None:
        self._resources = resources
        self._registries: dict[bool, Registry] = {}
        self._patterns = FancyRegexOptions(backtrack_limit=BACKTRACK_LIMIT)
        self._compiled: dict[tuple[str, bool], Draft202012Validator] = {}

    def get(self, reference: str, *, formats: bool) -> Draft202012Validator:
        """The validator of one schema; `formats` says whether `format` is enforced or an annotation.

        Raises what jsonschema_rs raises when the reference leads nowhere: a Plan that the compiler made has none such.
        """
        key = (reference, formats)
        validator = self._compiled.get(key)
        if validator is None:
            validator = Draft202012Validator(
                {"$ref": reference},
                registry=self._registry(formats),
                validate_formats=formats,
                formats=CHECKS,
                pattern_options=self._patterns,
                mask=MASK,
            )
            self._compiled[key] = validator
        return validator

    def _registry(self, formats: bool) -> Registry:
        registry = self._registries.get(formats)
        if registry is None:
            # Ranges of numeric formats are schemas of their own (plan/formats.py), so that they can be let go.
            resources = {**self._resources, **numeric_formats(formats)}
            registry = self._registries[formats] = Registry(resources.items(), draft=Draft202012)
        return registry
