from __future__ import annotations

import json
from pathlib import Path

import pytest

from specgw.cli.app import main
from specgw.cli.routes import remarks, requirement, security_table
from specgw.compiler.listing import Entry

DOCUMENT = """\
openapi: 3.1.0
info: {title: Notes, version: "1"}
servers: [{url: "http://127.0.0.1:9000"}]
x-gateway: {mount: /api, service: notes}
components:
  securitySchemes:
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: "https://id.example.com/token", scopes: {read: Read, write: Write}}}}
    key: {type: apiKey, in: header, name: X-Key}
paths:
  /notes:
    get:
      operationId: listNotes
      responses: {"200": {description: Notes.}}
    post:
      operationId: createNote
      security: [{oauth: [read, write], key: []}, {key: []}]
      responses: {"201": {description: A note.}}
  /notes/{id}:
    delete:
      x-gateway: {enabled: false}
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"204": {description: Gone.}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("GATEWAY_CONFIG", "ACTIVE_PROFILES"):
        monkeypatch.delenv(name, raising=False)
    Path("specs").mkdir()
    Path("specs/notes.yaml").write_text(DOCUMENT, encoding="utf-8")
    return tmp_path


def routes(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["routes", *arguments]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out


def test_one_line_an_operation(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line.split() for line in routes(capsys, "specs").splitlines()]
    assert lines[0] == ["METHOD", "PATH", "UPSTREAM", "SECURITY", "ENFORCEMENT", "SOURCE"]
    assert [line[:2] for line in lines[1:]] == [["GET", "/api/notes"], ["POST", "/api/notes"], ["DELETE", "/api/notes/{id}"]]
    assert [line[-2:] for line in lines[1:]] == [
        ["full", "specs/notes.yaml:11"],
        ["full", "specs/notes.yaml:14"],
        ["disabled", "specs/notes.yaml:19"],
    ]
    assert lines[1][4] == "public"


def test_piped_lines_are_plain_and_end_where_their_text_does(capsys: pytest.CaptureFixture[str]) -> None:
    text = routes(capsys, "specs")
    assert "\x1b" not in text
    assert text.count("\n") == 4
    assert all(line == line.rstrip() for line in text.splitlines())


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    listed = json.loads(routes(capsys, "specs", "--format", "json"))["routes"]
    assert [set(route) for route in listed] == [
        {"operationId", "method", "path", "upstream", "security", "enforcement", "file", "line"}
    ] * 3
    assert listed[1]["security"] == [{"oauth": ["read", "write"], "key": []}, {"key": []}]
    assert (listed[0]["operationId"], listed[0]["method"], listed[0]["path"]) == ("listNotes", "GET", "/api/notes")


def test_security_alone(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line.split("  ") for line in routes(capsys, "specs", "--security").splitlines()]
    assert [[cell.strip() for cell in line if cell.strip()] for line in lines] == [
        ["METHOD", "PATH", "SCHEMES", "CREDENTIALS", "SCOPES"],
        ["GET", "/api/notes", "public"],
        ["POST", "/api/notes", "oauth and key", "oauth2 (verified by nobody: 401), apiKey in header X-Key", "read write"],
        ["or", "/api/notes", "key", "apiKey in header X-Key"],
    ]


def test_what_is_required_beyond_security_has_a_column_of_its_own() -> None:
    require = {"roles": ["a", "b"], "scopes": ["c"], "claims": {"org": 7}, "when": "request.method == 'GET'"}
    operation = {"method": "GET", "path": "/", "alternatives": [], "require": require}
    table = security_table({"operations": [operation, {"method": "PUT", "path": "/", "alternatives": []}]})
    assert list(table.columns[-1].cells) == ["role a or b, scope c, org = 7, request.method == 'GET'", ""]


def test_a_built_folder_lists_what_its_documents_declare(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "specs", "-o", "generated"]) == 0
    capsys.readouterr()
    from_documents = json.loads(routes(capsys, "specs", "--format", "json"))["routes"]
    from_plan = json.loads(routes(capsys, "generated", "--format", "json"))["routes"]
    assert from_plan == from_documents
    assert routes(capsys, "generated", "--security") == routes(capsys, "specs", "--security")
    assert json.loads(routes(capsys, "generated", "--security", "--format", "json")) == json.loads(
        Path("generated/security.json").read_bytes()
    )


def test_documents_with_an_error_have_no_routes(capsys: pytest.CaptureFixture[str]) -> None:
    Path("specs/notes.yaml").write_text("openapi: 3.1.0\npaths: [\n", encoding="utf-8")
    assert main(["routes", "specs"]) == 1
    printed = capsys.readouterr()
    assert "error[syntax]" in printed.err
    assert printed.out == ""


@pytest.mark.parametrize(
    ("alternatives", "phrase"),
    [
        ([], "public"),
        ([[]], "public"),
        ([[("key", [])]], "key"),
        ([[("oauth", ["read", "write"]), ("key", [])], []], "oauth(read write) and key or public"),
    ],
)
def test_a_requirement_in_words(alternatives: list[list[tuple[str, list[str]]]], phrase: str) -> None:
    assert requirement(alternatives) == phrase


def test_what_is_not_enforced_is_said_below() -> None:
    entry = Entry("a", "GET", "/a", "notes", (), "partial", "a.yaml", 3, unenforced=("the pattern of 'id'", "the body"))
    assert remarks([entry]) == ["\nnot enforced:\n", "  GET /a: the pattern of 'id'\n", "  GET /a: the body\n"]
    assert remarks([]) == []
