"""The command from the outside: both sides, its forms, what is accepted, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from specgw.cli.app import main

DOCUMENT = """\
openapi: 3.1.0
info: {title: Notes, version: "1"}
servers: [{url: "http://127.0.0.1:9000"}]
security: [{key: []}]
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
paths:
  /notes:
    get: {operationId: listNotes, responses: {"200": {description: Notes.}}}
"""
OPEN = DOCUMENT.replace("listNotes,", "listNotes, security: [],")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("GATEWAY_CONFIG", "ACTIVE_PROFILES"):
        monkeypatch.delenv(name, raising=False)
    for name, text in (("old", DOCUMENT), ("new", OPEN)):
        Path(name).mkdir()
        Path(name, "notes.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def diff(capsys: pytest.CaptureFixture[str], *arguments: str, code: int) -> tuple[str, str]:
    assert main(["diff", *arguments]) == code
    printed = capsys.readouterr()
    return printed.out, printed.err


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str, code: int) -> Any:
    return json.loads(diff(capsys, *arguments, "--format", "json", code=code)[0])


def test_who_lets_more_people_in_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    out, err = diff(capsys, "old", "new", code=1)
    assert out.startswith("weaker protection:\n")
    assert "GET /notes: public is enough now; before it took notes/key" in out
    assert "(old/notes.yaml:8 → new/notes.yaml:8)" in out
    assert err == "error: 1 change weakens protection; --accept FILE takes their marks once they are wanted\n"


def test_the_other_way_round_it_is_stronger_and_breaks_who_had_no_key(capsys: pytest.CaptureFixture[str]) -> None:
    out, err = diff(capsys, "new", "old", code=1)
    assert out.startswith("breaking:\n")
    assert "GET /notes: credentials that were enough are not any more: public before, key now" in out
    assert "\nstronger protection:\n" in out
    assert err == "error: 1 change breaks clients; --accept FILE takes their marks once they are wanted\n"


def test_what_clients_notice_is_told_with_both_lines(capsys: pytest.CaptureFixture[str]) -> None:
    limit = "parameters: [{name: limit, in: query, schema: {type: integer, maximum: %d}}],"
    for name, most in (("old", 9), ("new", 8)):
        text = DOCUMENT.replace("listNotes,", f"listNotes,\n      {limit % most}\n     ")
        Path(name, "notes.yaml").write_text(text, encoding="utf-8")
    [change] = as_json(capsys, "old", "new", code=1)["changes"]
    assert (change["class"], change["code"], change["subject"]) == ("breaking", "request-limit-narrowed", "GET /notes, query limit")
    assert change["message"] == "a limit is tighter: maximum 9 before, maximum 8 now"
    assert (change["old"], change["new"]) == ({"file": "old/notes.yaml", "line": 9}, {"file": "new/notes.yaml", "line": 9})
    assert main(["build", "old", "-o", "built"]) == 0
    capsys.readouterr()
    [of_built] = as_json(capsys, "built", "new", code=1)["changes"]
    assert (of_built["mark"], of_built["old"]["line"]) == (change["mark"], 8)


def test_what_only_the_gateway_enforces_is_told_with_the_lines_of_its_settings(capsys: pytest.CaptureFixture[str]) -> None:
    taken = "x-gateway: {timeout: {response: 5s}}, requestBody: {content: {text/plain: {}}}"
    operation = f'get: {{operationId: listNotes, {taken}, responses: {{"200": {{description: Notes.}}}}}}'
    for name, said in (("old", "headers: 32KiB"), ("new", "requestLine: 8KiB\n    headers: 16KiB")):
        Path(name, "gateway.yaml").write_text(f"gateway:\n  defaults: {{maxBody: 1KiB}}\n  limits:\n    {said}\n", encoding="utf-8")
        taking = DOCUMENT.replace("listNotes,", "listNotes, requestBody: {content: {text/plain: {}}},")
        Path(name, "notes.yaml").write_text(taking, encoding="utf-8")
    Path("new/notes.yaml").write_text(DOCUMENT[: DOCUMENT.index("get: {")] + operation + "\n", encoding="utf-8")
    Path("new/gateway.yaml").write_text(Path("new/gateway.yaml").read_text().replace("1KiB}", "512}"), encoding="utf-8")
    assert main(["build", "old", "-o", "built"]) == 0
    capsys.readouterr()
    for old in ("old", "built"):
        found = as_json(capsys, old, "new", code=1)["changes"]
        assert [(change["class"], change["code"], change["subject"], change["old"], change["new"]) for change in found] == [
            ("breaking", "max-body-lowered", "GET /notes, maxBody", at("old/gateway.yaml", 2), at("new/gateway.yaml", 2)),
            ("breaking", "edge-limit-lowered", "gateway limits.headers", at("old/gateway.yaml", 4), at("new/gateway.yaml", 5)),
            ("risky", "timeout-shorter", "GET /notes, timeout.response", at("old/notes.yaml", 8), at("new/notes.yaml", 8)),
        ]


def test_webhooks_and_schemes_are_told_with_their_lines_of_a_built_folder_too(capsys: pytest.CaptureFixture[str]) -> None:
    webhook = "webhooks: {paid: {post: {requestBody: {content: {text/plain: {schema: {type: string, maxLength: %d}}}}}}}\n"
    for name, most, field in (("old", 8, "X-Key"), ("new", 9, "X-Other")):
        Path(name, "notes.yaml").write_text(DOCUMENT.replace("X-Key", field) + webhook % most, encoding="utf-8")
    assert main(["build", "old", "-o", "built"]) == 0
    capsys.readouterr()
    for old in ("old", "built"):
        found = as_json(capsys, old, "new", code=1)["changes"]
        assert [(change["code"], change["subject"], change["old"], change["new"]) for change in found if change["class"] == "breaking"] == [
            ("credentials-place", "scheme key", at("old/notes.yaml", 5), at("new/notes.yaml", 5)),
            ("response-limit-widened", "webhook paid POST, body text/plain", at("old/notes.yaml", 9), at("new/notes.yaml", 9)),
        ]


def at(file: str, line: int) -> dict[str, Any]:
    return {"file": file, "line": line}


@pytest.mark.parametrize("built", [False, True])
def test_where_clients_reach_the_gateway_and_what_people_do_in_its_portal_is_told_with_its_line(
    capsys: pytest.CaptureFixture[str], built: bool
) -> None:
    said = "gateway:\n  listen: {publicUrl: https://a.example}\n  portal:\n    keys: {most: 9}\n"
    Path("old", "gateway.yaml").write_text(said, encoding="utf-8")
    Path("new", "notes.yaml").write_text(DOCUMENT, encoding="utf-8")
    Path("new", "gateway.yaml").write_text(said.replace("a.example", "b.example").replace("9", "8"), encoding="utf-8")
    sides = ["old", "new"]
    if built:
        for name in sides:
            assert main(["build", name, "-o", f"{name}-built"]) == 0
        sides = ["old-built", "new-built"]
        capsys.readouterr()
    changes = as_json(capsys, *sides, code=1)["changes"]
    assert [(each["class"], each["code"], each["old"], each["new"]) for each in changes] == [
        ("breaking", "server", {"file": "old/gateway.yaml", "line": 2}, {"file": "new/gateway.yaml", "line": 2}),
        ("risky", "own-keys-fewer", {"file": "old/gateway.yaml", "line": 4}, {"file": "new/gateway.yaml", "line": 4}),
    ]


def test_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert diff(capsys, "old", "old", code=0) == ("no changes\n", "")


def test_what_is_accepted_weighs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    [change] = as_json(capsys, "old", "new", code=1)["changes"]
    assert (change["class"], change["accepted"]) == ("weaker protection", False)
    Path("accepted.txt").write_text(f"# reviewed\n{change['mark']}  public on purpose\n0123456789ab\n", encoding="utf-8")
    out, err = diff(capsys, "old", "new", "--accept", "accepted.txt", code=0)
    assert "[accepted]" in out
    assert err == "note: accepted.txt accepts 0123456789ab, and there is no such change\n"
    assert as_json(capsys, "old", "new", "--accept", "accepted.txt", code=0)["changes"][0]["accepted"]


def test_a_built_folder_is_a_side_like_any_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "old", "-o", "built"]) == 0
    capsys.readouterr()
    assert as_json(capsys, "built", "new", code=1)["changes"][0]["subject"] == "GET /notes"
    assert diff(capsys, "built", "old", code=0)[0] == "no changes\n"


def test_markdown_for_a_review(capsys: pytest.CaptureFixture[str]) -> None:
    assert "### Weaker protection" in diff(capsys, "old", "new", "--format", "markdown", code=1)[0]


def test_documents_with_errors(capsys: pytest.CaptureFixture[str]) -> None:
    Path("new/notes.yaml").write_text(OPEN.replace("security: [],", "x-gateway: {maxBody: much},"), encoding="utf-8")
    out, err = diff(capsys, "old", "new", code=1)
    assert out == ""
    assert "new/notes.yaml:8" in err
    assert "maxBody" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("old", "none"), "none: no such file or folder"),
        (("old",), "Missing argument 'NEW'"),
        (("old", "new", "--accept", "none"), "none: No such file or directory"),
        (("old", "new", "--accept", "wrong.txt"), "wrong.txt: line 1 does not begin with the mark of a change"),
    ],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str) -> None:
    Path("wrong.txt").write_text("everything\n", encoding="utf-8")
    out, err = diff(capsys, *arguments, code=2)
    assert out == ""
    assert said in " ".join(err.split())
