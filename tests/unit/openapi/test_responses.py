from __future__ import annotations

from pathlib import Path

import pytest

from specgw.openapi.responses import status_key
from tests.unit.openapi.documents import Reading, reading


def responses(folder: Path, text: str) -> Reading:
    return reading(
        folder, f"paths: {{/a: {{get: {text}}}}}\ncomponents: {{responses: {{Ok: {{description: fine, content: {{a/b: {{}}}}}}}}}}\n"
    )


def test_statuses(tmp_path: Path) -> None:
    outcome = responses(
        tmp_path,
        "{responses: {200: {description: a}, 404: {$ref: '#/components/responses/Ok'}, 5XX: {description: b}, default: {description: c}}}",
    )
    assert [response.status for response in outcome.operation.responses] == ["200", "404", "5XX", "default"]
    assert [len(response.content) for response in outcome.operation.responses] == [0, 1, 0, 0]
    assert outcome.found == []


def test_one_response_object_under_two_statuses(tmp_path: Path) -> None:
    outcome = responses(tmp_path, "{responses: {200: {$ref: '#/components/responses/Ok'}, 201: {$ref: '#/components/responses/Ok'}}}")
    assert [response.status for response in outcome.operation.responses] == ["200", "201"]


def test_a_range_in_lower_case_is_meant(tmp_path: Path) -> None:
    outcome = responses(tmp_path, "{responses: {2xx: {description: a}}}")
    assert [response.status for response in outcome.operation.responses] == ["2XX"]
    assert outcome.only.code == "invalid-status"


@pytest.mark.parametrize("status", ["ok", "20", "2000", "600", "0XX", "2X0", "'200 OK'", "defualt", "''"])
def test_what_is_no_status_is_left_out(tmp_path: Path, status: str) -> None:
    outcome = responses(tmp_path, f"{{responses: {{{status}: {{description: a}}}}}}")
    assert outcome.operation.responses == ()
    assert outcome.only.code == "invalid-status"


def test_extensions_are_no_responses(tmp_path: Path) -> None:
    assert responses(tmp_path, "{responses: {x-own: 1, 200: {description: a}}}").found == []


@pytest.mark.parametrize(
    ("text", "code", "count"),
    [
        ("{}", "incomplete", 0),
        ("{responses: {}}", "incomplete", 0),
        ("{responses: {200: {}}}", "incomplete", 1),
        ("{responses: []}", "wrong-type", 0),
        ("{responses: null}", "empty-field", 0),
        ("{responses: {200: text}}", "wrong-type", 0),
        ("{responses: {200: {$ref: '#/components/responses/No'}}}", "broken-reference", 0),
        ("{responses: {200: {description: a, schema: {}}}}", "unknown-field", 1),
    ],
)
def test_faults(tmp_path: Path, text: str, code: str, count: int) -> None:
    outcome = responses(tmp_path, text)
    assert [found for found, _ in outcome.found] == [code]
    assert len(outcome.operation.responses) == count


@pytest.mark.parametrize(
    ("key", "status"),
    [("200", "200"), ("2xx", "2XX"), ("4XX", "4XX"), ("default", "default"), ("Default", None), ("99", None), ("ok", None)],
)
def test_statuses_are_written_as_openapi_writes_them(key: str, status: str | None) -> None:
    assert status_key(key) == status
