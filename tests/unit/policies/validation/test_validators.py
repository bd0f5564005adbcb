from __future__ import annotations

import resource
from pathlib import Path
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
    again = known.get("request:/a%20b.yaml#/x~1y", formats=True)
    assert [again.is_valid("ab"), again.is_valid("abc")] == [True, False]


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


@pytest.mark.parametrize("name", ["none", "x/none", "list/1", "list/a", "number/a", "inside", "%7Enone"])
def test_a_reference_that_leads_nowhere_shows_at_activation(name: str) -> None:
    known = validators(x={}, list=[{}], number=7, inside={"not": {"$ref": "request:/api.yaml#/none"}})

    def activate() -> None:
        known.get(f"request:/api.yaml#/{name}", formats=True)
        known.compile()

    with pytest.raises((jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError)):
        activate()


@pytest.mark.parametrize("leads", [False, True])
@pytest.mark.parametrize("name", ["a~1b", "a%7E1b", "%C3%A9", "list/0/not"])
def test_a_place_is_found_however_it_is_written(name: str, leads: bool) -> None:
    """Whether the schema stands for itself or leads to another one: those are compiled in different ways."""
    one = {"$ref": "#/one"} if leads else {"const": 1}
    schemas = {"a/b": one, "é": one, "list": [{"not": one}], "one": {"const": 1}}
    validator = Validators({"request:/api.yaml": schemas}).get(f"request:/api.yaml#/{name}", formats=True)
    assert [validator.is_valid(1), validator.is_valid(2)] == [True, False]
    assert [list(validator.inside(error.instance_path)) for error in validator.errors(2)] == [[]]


def test_a_reference_that_is_asked_for_later_leaves_the_earlier_ones_right() -> None:
    known = validators(text={"$ref": "#/a"}, number={"allOf": [{"$ref": "#/b"}]}, a={"type": "string"}, b={"type": "number"})
    text = known.get("request:/api.yaml#/text", formats=True)
    known.compile()
    number = known.get("request:/api.yaml#/number", formats=True)
    assert [text.is_valid("a"), text.is_valid(1), number.is_valid("a"), number.is_valid(1)] == [True, False, False, True]


def test_paths_of_errors_lead_through_the_value() -> None:
    known = validators(tree={"properties": {"next": {"$ref": "#/tree"}, "name": {"type": "string"}}}, other={})
    known.get("request:/api.yaml#/other", formats=True)
    tree = known.get("request:/api.yaml#/tree", formats=True)
    (error,) = tree.errors({"next": {"next": {"name": 1}}})
    assert list(tree.inside(error.instance_path)) == ["next", "next", "name"]
    assert tree.errors({"next": {}}) == []


def test_schemas_that_lead_to_each_other_are_held_once() -> None:
    """A document of 150 such schemas is small; a copy of all of them for each would take the better part of a gigabyte."""
    status = Path("/proc/self/statm")
    if not status.exists():
        pytest.skip("the memory of this process is read from /proc")

    def resident() -> int:
        return int(status.read_text(encoding="ascii").split()[1]) * resource.getpagesize()

    fields = {f"field{index}": {"type": "string"} for index in range(30)}
    count = 150
    ring = {f"T{index}": {"properties": {"next": {"$ref": f"#/T{(index + 1) % count}"}, **fields}} for index in range(count)}
    known = validators(**ring)
    made = [known.get(f"request:/api.yaml#/{name}", formats=True) for name in ring]
    before = resident()
    known.compile()
    assert all(validator.is_valid({"next": {"next": {"field1": "x"}}}) for validator in made)
    assert not any(validator.is_valid({"next": {"next": {"field1": 1}}}) for validator in made)
    assert resident() - before < 100 << 20


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
