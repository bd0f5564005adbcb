from __future__ import annotations

from specgw.diagnostics import Findings
from specgw.openapi.mending import mend_paths
from specgw.openapi.source import SourceDocument, parse


def mended(text: str) -> tuple[SourceDocument, Findings]:
    findings = Findings()
    document = parse(text.encode(), "api.yaml", findings)
    assert document is not None
    mend_paths(document, findings)
    return document, findings


def test_keys_get_the_form_that_they_were_meant_to_have_and_keep_their_places() -> None:
    document, findings = mended("paths:\n  x-own: 1\n  a/{id}:\n    GET: {}\n    parameters: []\n  /b:\n    Post: {}\n")
    assert document.value == {"paths": {"x-own": 1, "/a/{id}": {"get": {}, "parameters": []}, "/b": {"post": {}}}}
    assert [document.position(pointer)[0] for pointer in ("/paths/~1a~1{id}", "/paths/~1a~1{id}/get", "/paths/~1b/post")] == [3, 4, 7]
    assert [(finding.code, finding.line, finding.pointer) for finding in findings] == [
        ("read-as-meant", 3, "/paths/a~1{id}"),
        ("read-as-meant", 4, "/paths/a~1{id}/GET"),
        ("read-as-meant", 7, "/paths/~1b/Post"),
    ]


def test_nothing_is_put_over_what_is_there() -> None:
    text = "paths:\n  a: {get: {}}\n  /a: {get: {}, GET: {}}\n  https://a.example/b: {}\n  /c: {GET: 5, COPY: {}}\n"
    document, findings = mended(text)
    assert list(document.value["paths"]) == ["a", "/a", "https://a.example/b", "/c"]
    assert list(document.value["paths"]["/c"]) == ["GET", "COPY"]
    assert list(findings) == []


def test_two_keys_that_mean_one_thing() -> None:
    document, findings = mended("paths: {/a: {GET: {a: 1}, Get: {b: 1}}}")
    assert document.value["paths"]["/a"] == {"get": {"a": 1}, "Get": {"b": 1}}
    assert len(findings) == 1


def test_documents_without_paths() -> None:
    for text in ("openapi: 3.1.0", "paths: []", "[1]"):
        assert list(mended(text)[1]) == []
