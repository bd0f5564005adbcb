"""The command: what is refused before anything is sent, and its verdict against a small service."""

from __future__ import annotations

from pathlib import Path

import pytest

from specgw.cli.app import main
from tests.scenarios.process import free_port, service

DOCUMENT = """\
openapi: 3.1.0
info: {title: Notes, version: "1"}
servers: [{url: "http://127.0.0.1:9000"}]
x-gateway: {service: notes, mount: /api}
security: [{key: []}]
paths:
  /notes:
    get:
      operationId: listNotes
      responses:
        "200": {description: ok, content: {application/json: {schema: {type: object, required: [id]}}}}
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
"""
SPECS = str(Path("specs"))
QUICK = ("--phases", "fuzzing", "--examples", "1", "--seed", "1", "--skip-checks", "ignored_auth, negative_data_rejection")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("GATEWAY_CONFIG", "ACTIVE_PROFILES"):
        monkeypatch.delenv(name, raising=False)
    Path("specs").mkdir()
    Path("specs/notes.yaml").write_text(DOCUMENT, encoding="utf-8")
    return tmp_path


def test_clean_broken_and_the_service_itself(capfd: pytest.CaptureFixture[str]) -> None:
    with service({"id": 1}) as url:
        assert main(["test", SPECS, "--url", url, *QUICK, "--credential", "key=s3cret"]) == 0
        told = capfd.readouterr()
        assert f"openapi.json: 1 operation at {url}; identity 1 with key" in told.err
        assert "s3cret" not in told.err + told.out
        assert main(["test", SPECS, "--url", url, "--service", "notes", *QUICK]) == 0
        assert main(["build", SPECS, "-o", "built"]) == 0
    with service([]) as url:
        assert main(["test", "built", "--url", url, *QUICK]) == 1
    assert "/api/notes" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--url", "ftp://x"), "is not an http or https URL"),
        (("--url", "http://127.0.0.1:1", "--phases", "fuzing"), "did you mean 'fuzzing'"),
        (("--url", "http://127.0.0.1:1", "--skip-checks", "ignored_aut"), "did you mean 'ignored_auth'"),
        (("--url", "http://127.0.0.1:1", "--operation", "listNote"), "there is no operationId 'listNote'; did you mean 'listNotes'?"),
        (("--url", "http://127.0.0.1:1", "--exclude", "note"), "there is no operationId 'note'; allowed: listNotes"),
        (("--url", "http://127.0.0.1:1", "--service", "notes", "--operation", "list"), "did you mean 'listNotes'?"),
        (("--url", "http://127.0.0.1:1", "--rate-limit", "50"), "'50' is no rate; for example 20/s"),
        (("--url", "http://127.0.0.1:1", "--credential", "kee=1"), "did you mean 'key'"),
        (("--url", "http://127.0.0.1:1", "--credential", "key"), "SCHEME=VALUE"),
        (("--url", "http://127.0.0.1:1", "--service", "note"), "did you mean 'notes'"),
        ((), "--url"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", SPECS, *arguments]) == 2
    assert said in capsys.readouterr().err


def test_where_nobody_listens(capsys: pytest.CaptureFixture[str]) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    assert main(["test", SPECS, "--url", url]) == 2
    assert f"nobody answers at {url}" in capsys.readouterr().err


def test_a_built_folder_has_no_services(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", SPECS, "-o", "built"]) == 0
    assert main(["test", "built", "--url", "http://127.0.0.1:1", "--service", "notes"]) == 2
    assert "--service needs the documents" in capsys.readouterr().err


def test_documents_with_errors_are_not_tested(capsys: pytest.CaptureFixture[str]) -> None:
    Path("specs/notes.yaml").write_text(DOCUMENT.replace("mount", "mont"), encoding="utf-8")
    assert main(["test", SPECS, "--url", "http://127.0.0.1:1"]) == 1
    assert "did you mean 'mount'" in capsys.readouterr().err


def test_where_nothing_is_public(capsys: pytest.CaptureFixture[str]) -> None:
    Path("specs/notes.yaml").write_text(DOCUMENT.replace("mount: /api", "visibility: internal"), encoding="utf-8")
    assert main(["test", SPECS, "--url", "http://127.0.0.1:1"]) == 2
    assert "nothing to test" in capsys.readouterr().err


def test_a_sandbox_is_called_as_the_identities_that_it_knows(capfd: pytest.CaptureFixture[str]) -> None:
    with service({"id": 1}) as url:
        assert main(["test", SPECS, "--url", url, "--sandbox", *QUICK]) == 0
    assert "identity 1 with key, identity 2 with key" in capfd.readouterr().err


def test_operations_that_nobody_has_credentials_for(capfd: pytest.CaptureFixture[str]) -> None:
    """A warning, and no failure: that they refuse is what is tested of them. Where somebody has some, they have to open something."""
    problem = {"type": "about:blank", "title": "no"}
    fields = {"WWW-Authenticate": "ApiKey"}
    with service(problem, status=401, fields=fields) as url:
        skipped = *QUICK[:-1], f"{QUICK[-1]}, response_schema_conformance, content_type_conformance"
        assert main(["test", SPECS, "--url", url, *skipped]) == 0
        said = capfd.readouterr().err
        assert f"openapi.json: 1 operation at {url}; nobody has credentials\n" in said
        assert "warning: nobody has credentials for 1 operation of 1 (key): " in said
        assert "--credential key=VALUE" in said
        assert main(["test", SPECS, "--url", url, *skipped, "--credential", "key=outdated"]) == 1
    told = capfd.readouterr()
    assert "warning" not in told.err
    assert "1 operation returned only 401/403 responses" in told.out


def test_operations_that_are_left_out(capfd: pytest.CaptureFixture[str]) -> None:
    with service({"id": 1}) as url:
        assert main(["test", SPECS, "--url", url, "--exclude", "listNotes", *QUICK]) == 2
        assert main(["test", SPECS, "--url", url, "--operation", "listNotes", "--rate-limit", "100/s", *QUICK]) == 0
    assert "Selected: 0/1" in capfd.readouterr().out


def test_a_service_is_no_sandbox(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", SPECS, "--url", "http://127.0.0.1:1", "--sandbox", "--service", "notes"]) == 2
    assert "choose one" in capsys.readouterr().err
