"""Which schemas are compiled together."""

from __future__ import annotations

from typing import Any

from jsonschema_rs import Draft202012, Draft202012Validator, Registry

from specgw.dataplane.slices import at_once
from specgw.policies.validation import bundles
from specgw.policies.validation.bundles import Bundle, bundled, schema_at

URI = "request:/api.yaml"


def reference(name: str) -> str:
    return f"{URI}#/schemas/{name}"


def large(*leads_to: str) -> dict[str, Any]:
    """More than is put together without need."""
    own = {f"p{number}": {"type": "string", "maxLength": number} for number in range(bundles.ENOUGH // 2)}
    return {"properties": {**own, **{name: {"$ref": reference(name)} for name in leads_to}}}


def made(schemas: dict[str, Any], *names: str) -> list[Bundle] | None:
    return at_once(bundled([reference(name) for name in names], {URI: {"schemas": schemas}}, frozenset()))


def groups(schemas: dict[str, Any], *names: str) -> list[set[str]]:
    found = made(schemas, *names)
    assert found is not None
    return [{name.rpartition("/")[2] for name in bundle.references} for bundle in found]


def test_small_ones_are_together_and_large_ones_that_share_nothing_are_not() -> None:
    schemas = {"a": {"type": "string"}, "b": {"$ref": reference("a")}, "x": large(), "y": large()}
    assert sorted(map(sorted, groups(schemas, "a", "b", "x", "y"))) == [["a", "b"], ["x"], ["y"]]


def test_what_is_a_part_of_another_one_goes_with_it() -> None:
    schemas = {"whole": large("part"), "part": large("leaf"), "leaf": {"minimum": 1}}
    assert groups(schemas, "leaf", "part", "whole") == [{"leaf", "part", "whole"}]


def test_schemas_that_all_lead_to_each_other_are_one_bundle() -> None:
    names = [f"s{number}" for number in range(6)]
    schemas = {name: large(*names) for name in names}
    assert groups(schemas, *names) == [set(names)]


def test_what_is_compiled_more_than_once_is_limited() -> None:
    names = [f"s{number}" for number in range(20)]
    heavy = {"allOf": [large() for _ in range(10)]}
    schemas = {"base": heavy, **{name: large("base") for name in names}}
    found, alone, one = made(schemas, *names), made(schemas, "base"), made(schemas, "s0")
    assert found is not None
    assert alone is not None
    assert one is not None
    union = alone[0].weight + 20 * (one[0].weight - alone[0].weight)
    assert 1 < len(found) < 20
    assert union < sum(bundle.weight for bundle in found) <= (bundles.REPEATED + 1) * union
    assert {name for bundle in found for name in bundle.references} == {reference(name) for name in names}


def test_other_ways_to_refer_leave_everything_together() -> None:
    for name in ("$id", "$anchor", "$dynamicAnchor", "$dynamicRef"):
        assert made({"a": {"properties": {"b": {name: "x"}}}}, "a") is None
    assert made({}, "a") is None, "what leads nowhere is left to the library, which says so"
    assert at_once(bundled([f"{URI}#name"], {URI: {"name": {}}}, frozenset())) is None


def test_a_bundle_holds_what_it_leads_to_and_nothing_else() -> None:
    whole = {
        URI: {
            "schemas": {
                "a/b": {"properties": {"x": {"$ref": f"{URI}#/paths/0/schema"}, "y": {"$ref": "#/schemas/c/items"}}},
                "c": {"items": {"minimum": 3}, "maxItems": 2},
                "d": {"$ref": f"{URI}#/schemas/c"},
                "unused": large(),
            },
            "paths": [{"schema": {"type": "integer"}}, {"schema": large()}],
        },
        "request:/b.yaml": {"type": "null"},
    }
    first, both = f"{URI}#/schemas/a~1b", [f"{URI}#/schemas/a~1b", f"{URI}#/schemas/d"]
    for references, has in (([first], False), (both, True)):
        (bundle,) = at_once(bundled(references, whole, frozenset())) or []
        parts = bundle.resources(whole)
        assert set(parts) == {URI}
        assert set(parts[URI]["schemas"]) == {"a/b", "c", "d"} if has else {"a/b", "c"}
        assert ("maxItems" in parts[URI]["schemas"]["c"]) is has
        validator = Draft202012Validator({"$ref": first}, registry=Registry(parts.items(), draft=Draft202012))
        assert validator.is_valid({"x": 1, "y": 3})
        assert not validator.is_valid({"x": "1"})
        assert not validator.is_valid({"y": 2})
    (alone,) = at_once(bundled(["request:/b.yaml"], whole, frozenset())) or []
    assert alone.resources(whole) == {"request:/b.yaml": {"type": "null"}}


def test_a_schema_is_found_by_its_pointer() -> None:
    whole = {URI: {"a/b": [{"c~d": True}], "e f": 1}}
    assert schema_at(whole, f"{URI}#/a~1b/0/c~0d") is True
    assert schema_at(whole, f"{URI}#/e%20f") == 1
    assert schema_at(whole, URI) == whole[URI]
    for nowhere in (f"{URI}#/a~1b/1", f"{URI}#/a~1b/x", f"{URI}#/e%20f/x", "other#/a"):
        assert schema_at(whole, nowhere) is None
