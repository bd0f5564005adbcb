from __future__ import annotations

from pathlib import Path

from tests.unit.openapi.swagger.documents import operation, read, upgraded


def test_a_schema_in_another_file_stays_there(tmp_path: Path) -> None:
    text = "consumes: [a/b]\n" + operation("[{$ref: 'sub/my%20parts.yaml#/b~0/c'}]")
    files = {"sub__my parts": "b~: {c: {in: body, name: b, schema: {type: string, minLength: x}}}\n"}
    root = upgraded(tmp_path, text, **files)
    schema = root.value["paths"]["/a"]["post"]["requestBody"]["content"]["a/b"]["schema"]
    assert schema == {"$ref": "sub/my%20parts.yaml#/b~0/c/schema"}


def test_references_in_a_circle_are_told_where_they_stand(tmp_path: Path) -> None:
    outcome = read(
        tmp_path, "parameters: {a: {$ref: '#/parameters/b'}, b: {$ref: '#/parameters/a'}}\n" + operation("[{$ref: '#/parameters/a'}]")
    )
    assert [code for code, _ in outcome.found] == ["reference-cycle"]


def test_a_reference_that_leads_nowhere_is_told_in_words_of_the_file(tmp_path: Path) -> None:
    outcome = read(tmp_path, operation("[{in: body, name: b, schema: {$ref: '#/definitions/Cat'}}]", ", consumes: [a/b]"))
    assert outcome.only.message == "'#/definitions/Cat' leads nowhere: api.yaml has no 'definitions'"
    assert outcome.only.pointer == "/paths/~1a/post/parameters/0/schema/$ref"
