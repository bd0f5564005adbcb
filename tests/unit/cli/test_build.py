from __future__ import annotations

import json
from pathlib import Path

import pytest

from specgw.cli.app import main
from specgw.plan.codec import decode

DOCUMENT = """\
openapi: 3.1.0
info: {title: Notes, version: "1"}
servers: [{url: SERVER}]
paths:
  /notes:
    get:
      operationId: listNotes
      responses: {"200": {description: Notes.}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("GATEWAY_CONFIG", "ACTIVE_PROFILES"):
        monkeypatch.delenv(name, raising=False)
    Path("specs").mkdir()
    return tmp_path


def write(server: str = "http://127.0.0.1:9000", *, replace: tuple[str, str] = ("", "")) -> None:
    Path("specs/notes.yaml").write_text(DOCUMENT.replace("SERVER", server).replace(*replace), encoding="utf-8")


def test_the_plan_and_what_belongs_to_it_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    write()
    assert main(["build", "specs", "-o", "deep/generated"]) == 0
    written = Path("deep/generated")
    assert [route.id for route in decode((written / "plan.json").read_bytes()).routes] == ["listNotes"]
    assert {"openapi.json", "security.json", "findings.json"} <= {path.name for path in written.iterdir()}
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "no findings in 1 document, 1 route\n")


def test_the_portal_belongs_to_it() -> None:
    write()
    assert main(["build", "specs", "-o", "generated"]) == 0
    portal = Path("generated/portal")
    assert "listNotes" in (portal / "index.html").read_text()
    assert (portal / "operations" / "listNotes.html").is_file()
    [sheet] = (portal / "assets").glob("*.css")
    assert f"assets/{sheet.name}" in (portal / "index.html").read_text()
    write(replace=("listNotes", "allNotes"))
    assert main(["build", "specs", "-o", "generated"]) == 0
    assert {path.name for path in (portal / "operations").iterdir()} == {"allNotes.html", "allNotes.md"}


def test_specs_default_as_everywhere() -> None:
    write()
    assert main(["build", "--output", "generated"]) == 0
    assert Path("generated/plan.json").is_file()


def test_nothing_is_written_where_there_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    write(replace=("operationId", "x-gateway: {timout: 1s}\n      operationId"))
    assert main(["build", "specs", "-o", "generated"]) == 1
    assert not Path("generated").exists()
    assert "did you mean 'timeout'?" in capsys.readouterr().err


def test_strict_counts_warnings_as_errors() -> None:
    write("/relative")
    assert main(["build", "specs", "-o", "generated", "--strict"]) == 1
    assert not Path("generated").exists()
    assert main(["build", "specs", "-o", "generated"]) == 0
    findings = json.loads(Path("generated/findings.json").read_bytes())["findings"]
    assert [finding["severity"] for finding in findings] == ["warning"]


def test_a_folder_that_cannot_be_written_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    write()
    Path("taken").touch()
    assert main(["build", "specs", "-o", "taken/generated"]) == 2
    assert capsys.readouterr().err.endswith("error: taken/generated: Not a directory\n")


def test_a_build_is_not_mixed_with_its_documents(capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with a plan.json is served as a build: the documents in it would be out of sight."""
    write()
    assert main(["build", "specs", "-o", "./specs"]) == 2
    assert "holds the documents themselves" in capsys.readouterr().err
    assert not Path("specs/plan.json").exists()


def test_a_build_is_the_same_wherever_the_command_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("/relative")  # a finding names its file as well
    assert main(["build", "specs", "-o", "here"]) == 0
    monkeypatch.chdir("/")
    assert main(["build", str(folder / "specs"), "-o", str(folder / "there")]) == 0
    monkeypatch.chdir(folder)
    for name in ("plan.json", "openapi.json", "security.json", "findings.json"):
        assert Path("here", name).read_bytes() == Path("there", name).read_bytes(), name
    assert [route.origin.file for route in decode(Path("here/plan.json").read_bytes()).routes] == ["specs/notes.yaml"]


def test_findings_name_files_from_where_the_command_runs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write("/relative")
    monkeypatch.chdir(folder.parent)
    assert main(["build", f"{folder.name}/specs", "-o", f"{folder.name}/generated"]) == 0
    printed = capsys.readouterr().err
    assert f"--> {folder.name}/specs/notes.yaml:3:12" in printed
    assert "servers: [{url: /relative}]" in printed
    findings = json.loads((folder / "generated/findings.json").read_bytes())["findings"]
    assert [finding["file"] for finding in findings] == ["specs/notes.yaml"]
