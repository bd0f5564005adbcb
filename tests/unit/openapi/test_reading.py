from __future__ import annotations

from pathlib import Path

import pytest

from specgw.diagnostics import Diagnostic, Findings
from specgw.openapi.model import Node
from specgw.openapi.reading import Reading
from tests.unit.openapi.documents import load


def reader(folder: Path, text: str, version: str = "3.1", **files: str) -> tuple[Reading, Node, Findings]:
    root, library, findings = load(folder, api=text, **files)
    return Reading(library, findings, version), root, findings


def checked(folder: Path, text: str, kind: str, version: str = "3.1") -> list[tuple[str, str, str | None]]:
    reading, root, findings = reader(folder, text, version)
    reading.check(root, kind)
    return [(finding.code, finding.pointer, finding.hint) for finding in findings]


def test_an_object_as_it_should_be(tmp_path: Path) -> None:
    text = "tags: [a]\nsummary: x\ndeprecated: true\nresponses: {}\nx-own: 1\nparameters: []\noperationId: a\n"
    assert checked(tmp_path, text, "Operation") == []


@pytest.mark.parametrize(
    ("text", "kind", "finding"),
    [
        # Looks like a field that is missing: what it says would be lost.
        ("operationID: a", "Operation", ("misspelt-field", "/operationID", "did you mean 'operationId'?")),
        ("operation-id: a", "Operation", ("misspelt-field", "/operation-id", "did you mean 'operationId'?")),
        ("parametres: []", "Operation", ("misspelt-field", "/parametres", "did you mean 'parameters'?")),
        ("GET: {}", "Path Item", ("misspelt-field", "/GET", "did you mean 'get'?")),
        ("gte: {}", "Path Item", ("misspelt-field", "/gte", "did you mean 'get'?")),
        ("pst: {}", "Path Item", ("misspelt-field", "/pst", "did you mean 'post'?")),
        ("securty: []", "Operation", ("misspelt-field", "/securty", "did you mean 'security'?")),
        # The same for fields that only people read.
        ("discription: x", "Operation", ("unknown-field", "/discription", "did you mean 'description'?")),
        ("tag: [x]", "Operation", ("unknown-field", "/tag", "did you mean 'tags'?")),
        # The field is there already, or nothing is like it.
        ("{get: {}, GET: {}}", "Path Item", ("unknown-field", "/GET", "fields of your own start with 'x-'")),
        ("copy: {}", "Path Item", ("unknown-field", "/copy", "fields of your own start with 'x-'")),
        ("gte: 5", "Path Item", ("unknown-field", "/gte", "fields of your own start with 'x-'")),
        ("throttle: 5", "Operation", ("unknown-field", "/throttle", "fields of your own start with 'x-'")),
        # Brought along from Swagger 2.0.
        (
            "consumes: [a/b]",
            "Operation",
            ("unknown-field", "/consumes", "in OpenAPI 3 media types are the keys of `requestBody: content:`"),
        ),
        # Wrong types.
        ("required: 'true'", "Parameter", ("read-as-meant", "/required", "leave out the quotes")),
        ("name: 12", "Parameter", ("unquoted-text", "/name", "put it in quotes: name: '12'")),
        ("name: true", "Parameter", ("unquoted-text", "/name", "put it in quotes: name: 'true'")),
        ("required: 3", "Parameter", ("wrong-type", "/required", None)),
        ("tags: x", "Operation", ("ignored-value", "/tags", None)),
        ("examples: [1]", "Media Type", ("ignored-value", "/examples", None)),
        ("parameters: {}", "Operation", ("wrong-type", "/parameters", None)),
        ("content: []", "Response", ("wrong-type", "/content", None)),
        ("schema: []", "Media Type", ("wrong-type", "/schema", None)),
        ("version: 1.0", "Info", ("unquoted-text", "/version", "put it in quotes: version: '1.0'")),
        ("description: {a: b}", "Info", ("unquoted-text", "/description", None)),
        ("parameters:", "Operation", ("empty-field", "/parameters", "leave it out, or give it one")),
        ("description:", "Response", ("empty-field", "/description", "leave it out, or give it one")),
    ],
)
def test_faults(tmp_path: Path, text: str, kind: str, finding: tuple[str, str, str | None]) -> None:
    assert checked(tmp_path, text, kind) == [finding]


def test_fields_that_came_with_3_1(tmp_path: Path) -> None:
    assert checked(tmp_path, "webhooks: {}", "OpenAPI", "3.1") == []
    ((code, pointer, _),) = checked(tmp_path, "webhooks: {}", "OpenAPI", "3.0")
    assert (code, pointer) == ("unknown-field", "/webhooks")


def test_boolean_schemas_came_with_3_1(tmp_path: Path) -> None:
    assert checked(tmp_path, "schema: true", "Media Type", "3.1") == []
    assert [code for code, *_ in checked(tmp_path, "schema: true", "Media Type", "3.0")] == ["wrong-type"]


def test_schema(tmp_path: Path) -> None:
    reading, root, _ = reader(tmp_path, "a: {schema: {}}\nb: {schema: true}\nc: {schema: x}\nd: {}\n")
    assert [(node := reading.schema(root.at(key))) is not None and node.value for key in "abcd"] == [{}, True, False, False]
    reading, root, _ = reader(tmp_path, "b: {schema: true}\n", "3.0")
    assert reading.schema(root.at("b")) is None


def test_an_object_is_reported_once_however_often_it_is_used(tmp_path: Path) -> None:
    reading, root, findings = reader(tmp_path, "throttle: 1\n")
    reading.check(root, "Operation")
    count = len(findings)
    reading.check(root, "Operation")
    assert len(findings) == count == 1


def test_objects_are_followed_and_have_to_be_mappings(tmp_path: Path) -> None:
    reading, root, findings = reader(tmp_path, "a: {$ref: '#/b'}\nb: {description: x}\nc: text\nd: {$ref: '#/c'}\n")
    found = reading.object(root.at("a"), "Response")
    assert found is not None
    assert found.pointer == "/b"
    assert reading.object(None, "Response") is None
    assert list(findings) == []
    assert reading.object(root.at("d"), "Response") is None
    assert [(finding.code, finding.pointer) for finding in findings] == [("wrong-type", "/c")]


def only(findings: Findings) -> Diagnostic:
    (finding,) = findings
    return finding


@pytest.mark.parametrize("beside", ["required: true", "x-gateway: {}"])
def test_keys_beside_a_reference(tmp_path: Path, beside: str) -> None:
    reading, root, findings = reader(tmp_path, f"a: {{$ref: '#/b', summary: x, description: y, x-own: z, {beside}}}\nb: {{}}\n")
    assert reading.object(root.at("a"), "Parameter") is not None
    assert (only(findings).code, only(findings).pointer) == ("reference-siblings", f"/a/{beside.partition(':')[0]}")


def test_references_in_odd_places_are_followed_and_reported_once_for_a_file(tmp_path: Path) -> None:
    reading, root, findings = reader(tmp_path, "a: {$ref: '#/c'}\nb: {$ref: '#/c'}\nc: {schema: {}}\n")
    for key in "ab":
        assert reading.object(root.at(key), "Media Type") is not None
    assert (only(findings).code, only(findings).line) == ("misplaced-reference", 1)


def test_containers_behind_references(tmp_path: Path) -> None:
    text = "parameters: {$ref: other.yaml#/list}\nresponses: {$ref: other.yaml#/map}\n"
    reading, root, findings = reader(tmp_path, text, other="list: [1, 2]\nmap: {a: 1, x-b: 2}\n")
    reading.check(root, "Operation")
    assert [node.value for node in reading.elements(root, "parameters")] == [1, 2]
    assert [name for name, _ in reading.members(root, "responses")] == ["a", "x-b"]
    assert [name for name, _ in reading.members(root, "responses", extensible=True)] == ["a"]
    assert {finding.code for finding in findings} == {"misplaced-reference"}


def test_a_text_behind_a_reference_takes_its_place(tmp_path: Path) -> None:
    (tmp_path / "long.md").write_text("# Not YAML\n\n| a | b |\n")
    reading, root, findings = reader(tmp_path, "description: {$ref: long.md}\nsummary: {$ref: other.yaml#/short}\n", other="short: Brief\n")
    reading.check(root, "Operation")
    assert root.value == {"description": "# Not YAML\n\n| a | b |\n", "summary": "Brief"}
    assert [(finding.code, finding.pointer) for finding in findings] == [
        ("misplaced-reference", "/description/$ref"),
        ("misplaced-reference", "/summary/$ref"),
    ]


@pytest.mark.parametrize("target", ["other.yaml#/a", "other.yaml#/gone"])
def test_a_reference_to_what_is_no_text(tmp_path: Path, target: str) -> None:
    reading, root, findings = reader(tmp_path, f"description: {{$ref: '{target}'}}\n", other="a: [1]\n")
    reading.check(root, "Operation")
    assert root.value == {"description": {"$ref": target}}
    assert "unquoted-text" in {finding.code for finding in findings}


def test_containers_that_are_none_are_empty(tmp_path: Path) -> None:
    reading, root, _ = reader(tmp_path, "a: text\nb: {}\nc: []\n")
    assert list(reading.elements(root, "a")) == list(reading.elements(root, "b")) == list(reading.elements(root, "none")) == []
    assert list(reading.members(root, "a")) == list(reading.members(root, "c")) == []


def test_fields_of_the_wrong_type_are_absent(tmp_path: Path) -> None:
    reading, root, _ = reader(tmp_path, "a: 'true'\nb: true\nc: 1\n")
    assert reading.flag(root, "a") is False
    assert reading.flag(root, "a", True) is True
    assert reading.flag(root, "b") is True
    assert reading.field(root, "c", str) is None
    assert reading.field(root, "a", str) == "true"
