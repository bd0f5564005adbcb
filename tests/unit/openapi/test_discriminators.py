from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from specgw.policies.validation.bundles import schema_at
from tests.unit.openapi.schema_bench import bench

CAT = {"type": "object"}


@pytest.mark.parametrize(
    "mapping",
    [{}, {"cat": "Cat"}, {"cat": "#/components/schemas/Cat"}, {"cat": "other.json#/Cat"}, {"cat": "other.json#/v1/Cat"}],
)
def test_what_leads_to_schemas_is_right(tmp_path: Path, mapping: dict[str, str]) -> None:
    schema = {"oneOf": [{"$ref": "#/components/schemas/Cat"}], "discriminator": {"propertyName": "kind", "mapping": mapping}}
    case = bench(tmp_path, schema, files={"other.json": {"Cat": CAT, "v1": {"Cat": CAT}}}, Cat=CAT)
    assert case.accepts({"kind": "dog"}), "a discriminator never changes what is valid"
    assert case.found == []


@pytest.mark.parametrize(
    ("discriminator", "place", "hint"),
    [
        ("kind", "", "write 'discriminator: {propertyName: kind}'"),
        ([], "", None),
        ({"mapping": {}}, "", None),
        ({"propertyName": "kind", "mapping": {"cat": "Cta"}}, "/mapping/cat", "did you mean 'Cat'?"),
        (
            {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cats"}},
            "/mapping/cat",
            "did you mean '#/components/schemas/Cat'?",
        ),
        ({"propertyName": "kind", "mapping": {"cat": "nowhere.json"}}, "/mapping/cat", None),
        ({"propertyName": "kind", "mapping": {"cat": "#/info"}}, "/mapping/cat", None),
        ({"propertyName": "kind", "mapping": {"cat": {"$ref": "#/components/schemas/Cat"}}}, "/mapping/cat", None),
    ],
)
def test_what_leads_nowhere_is_a_fault_without_harm(tmp_path: Path, discriminator: Any, place: str, hint: str | None) -> None:
    case = bench(tmp_path, {"anyOf": [{"$ref": "#/components/schemas/Cat"}], "discriminator": discriminator}, Cat=CAT)
    assert case.lower().unenforced == ()
    assert case.found == [("schema-fault", f"/components/schemas/S/discriminator{place}")]
    assert [finding.hint for finding in case.findings] == [hint]


def test_names_in_a_file_that_is_only_referred_to_are_those_of_the_referrer(tmp_path: Path) -> None:
    other = {"Pet": {"discriminator": {"propertyName": "kind", "mapping": {"cat": "Cat", "dog": "#/Dog"}}}}
    case = bench(tmp_path, {"$ref": "other.json#/Pet"}, files={"other.json": other}, Cat=CAT)
    case.lower()
    assert case.found == [("schema-fault", "/Pet/discriminator/mapping/dog")]


DOG = {"type": "object", "required": ["barks"]}


def lowered(case: Any) -> Any:
    reference = case.lower().reference
    return schema_at(case.schemas.resources(), reference)


def test_which_value_means_which_alternative_is_kept(tmp_path: Path) -> None:
    mapping = {"dog": "Dog", "puppy": "#/components/schemas/Dog", "gone": "Nowhere"}
    schema = {
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}, {"type": "string"}],
        "discriminator": {"propertyName": "kind", "mapping": mapping},
    }
    case = bench(tmp_path, schema, Cat=CAT, Dog=DOG)
    expected = {"propertyName": "kind", "mapping": {"Cat": 0, "Dog": 1, "dog": 1, "puppy": 1}}
    assert lowered(case)["discriminator"] == expected


def test_what_other_values_mean_since_3_2(tmp_path: Path) -> None:
    schema = {"oneOf": [{"$ref": "#/components/schemas/Cat"}], "discriminator": {"propertyName": "kind", "defaultMapping": "Cat"}}
    assert lowered(bench(tmp_path, schema, "3.2", Cat=CAT))["discriminator"]["default"] == 0
    (tmp_path / "before").mkdir()
    assert "default" not in lowered(bench(tmp_path / "before", schema, "3.1", Cat=CAT))["discriminator"]
    for wrong in ("Cta", 3):
        (tmp_path / str(wrong)).mkdir()
        schema["discriminator"]["defaultMapping"] = wrong  # type: ignore[index]  # a mapping, among lists
        case = bench(tmp_path / str(wrong), schema, "3.2", Cat=CAT)
        case.lower()
        assert case.found == [("schema-fault", "/components/schemas/S/discriminator/defaultMapping")]


def test_without_alternatives_there_is_nothing_to_keep(tmp_path: Path) -> None:
    case = bench(tmp_path, {"type": "object", "discriminator": {"propertyName": "kind"}})
    assert "discriminator" not in lowered(case)
