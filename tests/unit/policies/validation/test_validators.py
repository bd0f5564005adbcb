from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from specgw.policies.validation.validators import Validators

# Look-behind needs backtracking, and these strings need more of it than is allowed.
GREEDY = "^(a|a?)+$(?<=b)"
LONG = "a" * 40 + "c"


def validators(**schemas: Any) -> Validators:
    return Validators({"request:/api.yaml": schemas})


def test_references_lead_across_the_registry() -> None:
    known = Validators(
        {"request:/a%20b.yaml": {"x/y": {"$ref": "request:/other.yaml#/name"}}, "request:/other.yaml": {"name": {"maxLength": 2}}}
    )
    validator = known.get("request:/a%20b.yaml#/x~1y", formats=True)
    assert validator.is_valid("ab")
    assert not validator.is_valid("abc")
    assert known.get("request:/a%20b.yaml#/x~1y", formats=True) is validator


def test_recursion_between_schemas() -> None:
    tree = {"type": "object", "properties": {"next": {"$ref": "request:/api.yaml#/tree"}}, "additionalProperties": False}
    validator = validators(tree=tree).get("request:/api.yaml#/tree", formats=True)
    assert validator.is_valid({"next": {"next": {}}})
    assert not validator.is_valid({"next": {"next": {"last": 1}}})


def test_formats_are_enforced_or_not() -> None:
    schemas = validators(
        uuid={"format": "uuid"}, byte={"format": "byte"}, small={"type": "integer", "format": "int32", "$ref": "format:/numbers#/int32"}
    )
    for name, good, bad in (("uuid", "7d3a7c4e-0d5b-4d4c-9f0a-0f3c5a5f0a11", "x"), ("byte", "YQ==", "YQ="), ("small", 5, 2**31)):
        strict = schemas.get(f"request:/api.yaml#/{name}", formats=True)
        loose = schemas.get(f"request:/api.yaml#/{name}", formats=False)
        assert [strict.is_valid(good), strict.is_valid(bad)] == [True, False]
        assert [loose.is_valid(good), loose.is_valid(bad)] == [True, True]


def test_unknown_formats_are_annotations() -> None:
    assert validators(x={"format": "colour"}).get("request:/api.yaml#/x", formats=True).is_valid("?")


def test_a_reference_that_leads_nowhere_shows_at_once() -> None:
    with pytest.raises((jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError)):
        validators(x={}).get("request:/api.yaml#/y", formats=True)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"pattern": GREEDY}, LONG),
        ({"not": {"pattern": GREEDY}}, LONG),
        ({"anyOf": [{"pattern": GREEDY}, {"type": "integer"}]}, LONG),
        ({"oneOf": [{"pattern": GREEDY}, {"type": "string"}]}, LONG),
        ({"if": {"pattern": GREEDY}, "then": False, "else": True}, LONG),
        ({"items": {"not": {"pattern": GREEDY}}}, [LONG]),
        ({"contains": {"pattern": GREEDY}, "minContains": 0, "maxContains": 0}, [LONG]),
        ({"propertyNames": {"not": {"pattern": GREEDY}}}, {LONG: 1}),
        ({"patternProperties": {GREEDY: False}}, {LONG: 1}),
    ],
)
def test_a_pattern_at_its_limit_never_accepts(schema: dict[str, Any], value: Any) -> None:
    assert not validators(x=schema).get("request:/api.yaml#/x", formats=True).is_valid(value)


def test_look_around_works_within_the_limit() -> None:
    validator = validators(x={"pattern": "^(?!admin)[a-z]+$"}).get("request:/api.yaml#/x", formats=True)
    assert validator.is_valid("ada")
    assert not validator.is_valid("admin")
