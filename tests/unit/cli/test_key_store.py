"""Which store: what gateway.yaml says, else the environment, else the file of this user."""

from __future__ import annotations

from pathlib import Path

import pytest

from specgw.cli.app import main
from specgw.cli.key_store import open_store
from specgw.cli.specs import Refused
from specgw.settings import Settings

DOCUMENT = """\
openapi: 3.1.0
info: {title: Notes, version: "1"}
servers: [{url: "http://127.0.0.1:9000"}]
security: [{key: []}]
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
paths: {/notes: {get: {responses: {"200": {description: Notes.}}}}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("GATEWAY_CONFIG", "ACTIVE_PROFILES", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def settings(folder: Path, redis: str | None = None) -> Settings:
    return Settings(state_home=folder / "state", redis_url=redis)


def documents(text: str) -> None:
    Path("specs").mkdir()
    Path("specs/notes.yaml").write_text(DOCUMENT, encoding="utf-8")
    Path("specs/gateway.yaml").write_text(text, encoding="utf-8")


def test_without_any_documents(folder: Path) -> None:
    assert open_store(None, settings(folder)).name == str(folder / "state/specgw/keys.sqlite")
    assert open_store(None, settings(folder, "redis://:secret@localhost:6379/1")).name == "redis://localhost:6379/1"


def test_the_file_that_gateway_yaml_names_lies_beside_it(folder: Path) -> None:
    documents("gateway: {state: {path: keys/all.sqlite}}")
    for of in (None, Path("specs")):
        assert open_store(of, settings(folder)).name == str(folder / "specs/keys/all.sqlite")


def test_a_built_folder_says_the_same(folder: Path) -> None:
    documents("gateway: {state: {path: keys.sqlite}}")
    assert main(["build", "specs", "-o", "built"]) == 0
    assert open_store(Path("built"), settings(folder)).name == str(folder / "specs/keys.sqlite")


def test_gateway_yaml_stands_before_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    documents("gateway: {state: {redis: '${SHARED}'}}")
    monkeypatch.setenv("SHARED", "redis://shared:6379/2")
    assert open_store(None, settings(folder, "redis://other:6379/0")).name == "redis://shared:6379/2"


def test_faults_of_documents_do_not_keep_anybody_from_revoking(folder: Path) -> None:
    documents("gateway: {state: {path: keys.sqlite}}")
    Path("specs/notes.yaml").write_text(DOCUMENT.replace("get:", "gett:"), encoding="utf-8")
    assert open_store(None, settings(folder)).name == str(folder / "specs/keys.sqlite")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gateway: {state: {redis: '${NOWHERE}'}}", "NOWHERE"),
        ("gateway: {state: {pth: a}}", "specs/gateway.yaml:1: "),
        ("gateway: {state: {redis: '${SHARED}'}}", "gateway.state.redis: not the URL of a Redis"),
    ],
)
def test_what_cannot_be_used(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str) -> None:
    documents(text)
    monkeypatch.setenv("SHARED", "http://:hunter2@shared")
    with pytest.raises(Refused) as caught:
        open_store(None, settings(folder))
    assert said in caught.value.message
    assert "hunter2" not in caught.value.message


def test_an_environment_that_names_no_redis(folder: Path) -> None:
    with pytest.raises(Refused, match="REDIS_URL: not the URL"):
        open_store(None, settings(folder, "localhost"))
