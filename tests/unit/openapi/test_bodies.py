from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.openapi.documents import Reading, reading


def body(folder: Path, text: str, method: str = "post") -> Reading:
    return reading(folder, f"paths: {{/a: {{{method}: {{responses: {{default: {{description: ''}}}}, requestBody: {text}}}}}}}\n")


def test_content(tmp_path: Path) -> None:
    text = """{required: true, content: {application/json: {schema: {type: object}}, 'text/*; charset=utf-8': {}, '*/*': {schema: true},
      multipart/form-data: {schema: {}, encoding: {file: {contentType: image/png}}}}}"""
    outcome = body(tmp_path, text)
    request = outcome.operation.request_body
    assert request is not None
    assert request.required
    assert [entry.media_range for entry in request.content] == ["application/json", "text/*; charset=utf-8", "*/*", "multipart/form-data"]
    assert [entry.schema is not None for entry in request.content] == [True, False, True, True]
    assert [entry.encoding is not None for entry in request.content] == [False, False, False, True]
    assert request.content[0].node.pointer == "/paths/~1a/post/requestBody/content/application~1json"
    assert outcome.found == []


def test_a_body_behind_a_reference(tmp_path: Path) -> None:
    outcome = reading(
        tmp_path,
        "paths: {/a: {put: {responses: {default: {description: ''}}, requestBody: {$ref: '#/components/requestBodies/B'}}}}\n"
        "components: {requestBodies: {B: {content: {a/b: {}}}}}\n",
    )
    request = outcome.operation.request_body
    assert request is not None
    assert request.node.pointer == "/components/requestBodies/B"
    assert not request.required


@pytest.mark.parametrize("media_range", ["jason", "'a/b, c'", "a/", "''"])
def test_what_is_no_media_type_is_left_out(tmp_path: Path, media_range: str) -> None:
    outcome = body(tmp_path, f"{{content: {{{media_range}: {{}}, a/b: {{}}}}}}")
    request = outcome.operation.request_body
    assert request is not None
    assert [entry.media_range for entry in request.content] == ["a/b"]
    assert outcome.only.code == "invalid-media-type"


@pytest.mark.parametrize(
    ("media_range", "meant"),
    [("json", ["application/json"]), ("'*'", ["*/*"]), ("'a/b, c/d'", ["c/d"]), ("'c/d, Xml'", ["c/d", "application/xml"])],
)
def test_what_a_name_that_is_no_media_type_plainly_means(tmp_path: Path, media_range: str, meant: list[str]) -> None:
    outcome = body(tmp_path, f"{{content: {{{media_range}: {{}}, a/b: {{}}}}}}")
    request = outcome.operation.request_body
    assert request is not None
    assert [entry.media_range for entry in request.content] == [*meant, "a/b"]
    assert outcome.only.code == "read-as-meant"


def test_a_vendor_type_that_looks_like_an_extension_is_none(tmp_path: Path) -> None:
    outcome = body(tmp_path, "{content: {x-own/type: {}}}")
    assert outcome.operation.request_body is not None
    assert len(outcome.operation.request_body.content) == 1


@pytest.mark.parametrize("method", ["get", "head", "delete", "trace"])
def test_methods_whose_bodies_mean_nothing(tmp_path: Path, method: str) -> None:
    outcome = body(tmp_path, "{content: {a/b: {}}}", method)
    assert outcome.only.code == "body-without-meaning"
    assert outcome.operation.request_body is not None


@pytest.mark.parametrize("method", ["put", "post", "patch", "options"])
def test_methods_whose_bodies_mean_something(tmp_path: Path, method: str) -> None:
    assert body(tmp_path, "{content: {a/b: {}}}", method).found == []


@pytest.mark.parametrize(
    ("text", "code", "kept"),
    [
        ("{}", "incomplete", True),
        ("text", "wrong-type", False),
        ("null", "empty-field", False),
        ("{content: []}", "wrong-type", True),
        ("{content: {a/b: text}}", "wrong-type", True),
        ("{content: {a/b: {encoding: text}}}", "wrong-type", True),
        ("{$ref: '#/components/requestBodies/None'}", "broken-reference", False),
    ],
)
def test_faults(tmp_path: Path, text: str, code: str, kept: bool) -> None:
    outcome = body(tmp_path, text)
    assert [found for found, _ in outcome.found] == [code]
    assert (outcome.operation.request_body is not None) == kept


def test_a_body_whose_content_lost_its_indentation_is_an_error(tmp_path: Path) -> None:
    outcome = body(tmp_path, "{content: , application/json: {schema: {}}}")
    assert "missing-field" in [code for code, _ in outcome.found]
