from __future__ import annotations

from typing import Any

from specgw.portal.machine.schemas import ROOM, Lists, below, line, reference
from specgw.portal.schema_tree import Members, Schemas


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def test_a_row_is_a_line() -> None:
    schema = {"type": "string", "minLength": 1, "enum": ["a", "b`c"], "description": "One\n*line*.", "deprecated": True}
    row = Schemas({}).row("a_b", schema, "both", said=True, required=True)
    assert line(row) == "`a_b` (string, required, deprecated): at least 1 character; one of `a`, ``b`c``. One *line*."
    assert line(Schemas({}).row("Each item", {}, "both")) == "Each item (any)"


def test_what_has_no_name_is_nested_and_what_has_one_stands_below() -> None:
    document: dict[str, Any] = {"components": {"schemas": {"Cat": {"properties": {"name": {"type": "string"}}}}}}
    schemas = Schemas(document)
    row = schemas.row("", {"properties": {"pets": {"properties": {"first": ref("Cat")}}}}, "both")
    named: dict[Members, None] = {}
    assert below(row.members, "", named) == "- `pets` (any)\n  - `first` (any) (schema `Cat`)\n"
    assert [members.name for members in named] == ["Cat"]
    assert Lists().sections(named) == ("### Cat\n\n- `name` (string)\n\n", 0)


def test_named_schemas_stand_once_the_nearest_first() -> None:
    loop = {
        "A": {"properties": {"b": ref("B"), "self": ref("A")}},
        "B": {"properties": {"a": ref("A"), "c": ref("C")}},
        "C": {"properties": {"x": {}}},
    }
    schemas = Schemas({"components": {"schemas": loop}})
    members = schemas.members(ref("A"), "both")
    assert members is not None
    text, missing = Lists().sections([members, members])
    assert [part for part in text.splitlines() if part.startswith("#")] == ["### A", "### B", "### C"]
    assert missing == 0


def test_what_has_no_room_is_counted() -> None:
    wide = {f"S{number}": {"properties": {f"m{other}": {"description": "word " * 100} for other in range(50)}} for number in range(10)}
    schemas = Schemas({"components": {"schemas": wide}})
    found = [members for name in wide if (members := schemas.members(ref(name), "both")) is not None]
    text, missing = Lists().sections(found)
    assert (len(text) < ROOM + 1000, missing > 0) == (True, True)
    assert text.count("### ") + missing == 10


def test_levels_and_rows_end() -> None:
    deep: dict[str, Any] = {"type": "string"}
    for _ in range(40):
        deep = {"properties": {"m": deep}}
    assert below(Schemas({}).members(deep, "both"), "", {}).count("\n") == 9
    many = Schemas({}).members({"properties": {f"m{number}": {} for number in range(200)}}, "both")
    assert below(many, "", {}).endswith("- and 50 more\n")


def test_nothing_is_no_reference() -> None:
    assert reference(None, {}) == ""
    assert below(None, "", {}) == ""
