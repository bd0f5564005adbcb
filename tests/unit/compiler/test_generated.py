from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from specgw.compiler.compile import compile_documents
from specgw.compiler.generated import Part, document_bytes, findings_document, write_build
from specgw.compiler.inputs import Inputs
from specgw.diagnostics import Diagnostic, Severity
from specgw.plan.codec import decode

USERS = (
    "paths: {/users: {get: {operationId: listUsers, responses: {'200': {description: ok, content: {application/json: {example: []}}}}}}}"
)
WARNED = USERS.replace("get: {", "get: {requestBody: {content: {application/json: {}}}, ")


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_everything_is_written(build: Any, tmp_path: Path) -> None:
    made = build(USERS)
    out = tmp_path / "deep" / "generated"
    write_build(made, out)
    assert list(tree(out)) == ["findings.json", "mocks/listUsers.json", "openapi.json", "origins.json", "plan.json", "security.json"]
    assert decode((out / "plan.json").read_bytes()) == made.plan
    assert json.loads((out / "openapi.json").read_text()) == made.merged["openapi.json"]
    assert json.loads((out / "mocks/listUsers.json").read_text())["responses"] == {"200": {"application/json": {"default": []}}}
    assert json.loads((out / "findings.json").read_text()) == {"findings": []}
    assert json.loads((out / "security.json").read_text())["operations"][0]["route"] == "listUsers"


def test_the_same_documents_give_the_same_bytes_wherever_they_stand(write: Any, tmp_path: Path) -> None:
    written = []
    for number, order in enumerate((1, -1)):
        paths = write(
            {f"{number}/a.yaml": USERS, f"{number}/b.yaml": USERS.replace("users", "others"), f"{number}/gateway.yaml": "gateway: {}"}
        )
        made = compile_documents(Inputs(paths[:2][::order], base=tmp_path / str(number)), environ={})
        write_build(made, tmp_path / f"out{number}")
        written.append(tree(tmp_path / f"out{number}"))
    assert written[0] == written[1]
    assert not any(str(tmp_path).encode() in content for content in written[0].values())


def test_no_value_of_the_environment_is_written(build: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USERS_URL", "http://secret.internal")
    made = build({"gateway.yaml": "gateway: {upstreams: {users: '${USERS_URL}'}}", "users.yaml": "x-gateway: {upstream: users}\n" + USERS})
    write_build(made, tmp_path / "out")
    written = tree(tmp_path / "out")
    assert b"${USERS_URL}" in written["plan.json"]
    assert not any(b"secret.internal" in content for content in written.values())


def test_what_an_earlier_build_left_is_removed_and_nothing_else(build: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_build(build(USERS), out)
    (out / "openapi.users-v2.json").write_bytes((out / "openapi.json").read_bytes())
    (out / "openapi.mine.json").write_text("{}")
    (out / "mocks" / "mine.json").write_text("{}")
    (out / "notes.md").write_text("mine")
    (out / "mocks" / "README").write_text("mine")
    (out / "openapi.yaml").write_text("mine")
    write_build(build(USERS.replace("listUsers", "allUsers")), out)
    assert list(tree(out)) == [
        "findings.json",
        "mocks/README",
        "mocks/allUsers.json",
        "mocks/mine.json",
        "notes.md",
        "openapi.json",
        "openapi.mine.json",
        "openapi.yaml",
        "origins.json",
        "plan.json",
        "security.json",
    ]


def test_parts_that_others_made_are_written_with_it_and_kept_fresh(build: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    marks = {".html": b"<!-- ours -->", ".css": b"/* ours */"}
    before = {"index.html": b"<!-- ours -->1", "deep/er/a.html": b"<!-- ours -->a", "assets/1.css": b"/* ours */"}
    write_build(build(USERS), out, parts=(Part("site", before, marks),))
    assert {name: content for name, content in tree(out).items() if name.startswith("site/")} == {
        f"site/{name}": content for name, content in before.items()
    }
    (out / "site" / "deep" / "mine.html").write_text("<p>mine")
    (out / "site" / "mine.css").write_text("p {}")
    (out / "site" / "mine.js").write_text("<!-- ours -->")
    (out / "other").mkdir()
    (out / "other" / "a.html").write_text("<!-- ours -->")
    after = {"index.html": b"<!-- ours -->2", "assets/2.css": b"/* ours */"}
    write_build(build(USERS), out, parts=(Part("site", after, marks),))
    assert [name for name in tree(out) if "/" in name and not name.startswith("mocks")] == [
        "other/a.html",
        "site/assets/2.css",
        "site/deep/mine.html",
        "site/index.html",
        "site/mine.css",
        "site/mine.js",
    ]
    assert (out / "site" / "index.html").read_bytes() == b"<!-- ours -->2"


def test_a_build_with_errors_writes_nothing(build: Any, tmp_path: Path) -> None:
    write_build(build("paths: []"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("strict", "severity"), [(False, "warning"), (True, "error")])
def test_findings_weigh_as_the_caller_says(build: Any, tmp_path: Path, strict: bool, severity: str) -> None:
    write_build(build(WARNED), tmp_path / "out", strict=strict)
    [finding] = json.loads((tmp_path / "out" / "findings.json").read_text())["findings"]
    assert (finding["code"], finding["severity"]) == ("body-without-meaning", severity)


def test_a_folder_that_cannot_be_written_is_an_os_error_and_stays_as_it_is(build: Any, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OSError, match="out"):
        write_build(build(USERS), tmp_path / "out")
    assert (tmp_path / "out").read_text() == "a file"


def test_nothing_is_left_behind_when_a_file_stands_in_the_way(build: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "plan.json").mkdir(parents=True)
    with pytest.raises(OSError, match=r"plan\.json"):
        write_build(build(USERS), out)
    assert [name for name in os.listdir(out) if name.startswith(".")] == []


def test_documents_are_json_that_people_can_compare() -> None:
    assert document_bytes({"b": 1, "a": ["ü"]}) == '{\n  "b": 1,\n  "a": [\n    "ü"\n  ]\n}\n'.encode()


def test_findings_are_written_as_check_shows_them() -> None:
    finding = Diagnostic("a.yaml", 3, 1, "syntax", Severity.ERROR, "no", "/x", None)
    assert findings_document([finding]) == {
        "findings": [
            {
                "code": "syntax",
                "severity": "error",
                "message": "no",
                "file": "a.yaml",
                "line": 3,
                "column": 1,
                "pointer": "/x",
                "hint": None,
            }
        ]
    }
