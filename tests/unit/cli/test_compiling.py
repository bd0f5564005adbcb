from __future__ import annotations

import os
import pty
from pathlib import Path

import pytest

from specgw.cli import compiling
from specgw.cli.specs import Documents
from specgw.diagnostics import Diagnostic, Severity
from specgw.settings import Settings

DOCUMENT = """\
openapi: 3.1.0
info: {title: Notes, version: "1"}
servers: [{url: "http://127.0.0.1:9000"}]
paths:
  /notes:
    get:
      responses: {"200": {description: Notes.}}
"""


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Documents:
    monkeypatch.chdir(tmp_path)
    Path("notes.yaml").write_text(DOCUMENT, encoding="utf-8")
    return Documents((Path("notes.yaml"),))


def test_settings_are_those_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACTIVE_PROFILES", "dev,local")
    assert compiling.settings().active_profiles == ("dev", "local")


def test_documents_become_a_plan(documents: Documents) -> None:
    build = compiling.compiled(documents, Settings())
    assert build.plan is not None
    assert [route.path for route in build.plan.routes] == ["/notes"]


def test_profiles_and_gateway_reach_the_compiler(documents: Documents) -> None:
    Path("conf").mkdir()
    Path("conf/gateway.yaml").write_text("gateway:\n  defaults: {mount: /a}\n", encoding="utf-8")
    Path("conf/gateway.dev.yaml").write_text("gateway:\n  listen: {port: 8123}\n", encoding="utf-8")
    chosen = Documents(documents.paths, Path("conf/gateway.yaml"))
    assert compiling.compiled(chosen, Settings()).edge.listen.port == 8080
    assert compiling.compiled(chosen, Settings(active_profiles=("dev",))).edge.listen.port == 8123


@pytest.mark.parametrize("chosen", [Settings(), Settings(no_color=True)])
def test_something_moves_on_a_terminal_alone(documents: Documents, chosen: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    leader, follower = pty.openpty()
    with open(follower, "w", encoding="utf-8") as screen:
        monkeypatch.setattr("sys.stderr", screen)
        compiling.compiled(documents, chosen)
        screen.write("end")
        screen.flush()
        shown = ""
        while not shown.endswith("end"):  # a terminal hands out what it has so far
            shown += os.read(leader, 10_000).decode()
    os.close(leader)
    # Who wants no colour gets no other control sequences either.
    assert ("compiling" in shown) is not chosen.no_color
    assert ("\x1b" in shown) is not chosen.no_color


@pytest.mark.parametrize("to_stderr", [True, False])
def test_findings_are_reported_where_they_belong(documents: Documents, capsys: pytest.CaptureFixture[str], to_stderr: bool) -> None:
    build = compiling.compiled(documents, Settings())
    finding = Diagnostic("notes.yaml", 1, 1, "syntax", Severity.ERROR, "no such version")
    compiling.report(build, [finding], Settings(), to_stderr=to_stderr)
    printed = capsys.readouterr()
    text = printed.err if to_stderr else printed.out
    assert printed.out + printed.err == text
    assert "1 | openapi: 3.1.0\n  | ^^^^^^^\n" in text
    assert text.endswith("\n1 error in 1 document, 1 route\n")


@pytest.mark.parametrize(("severities", "code"), [([], 0), ([Severity.WARNING], 0), ([Severity.WARNING, Severity.ERROR], 1)])
def test_an_error_decides_the_exit_code(severities: list[Severity], code: int) -> None:
    assert compiling.verdict(Diagnostic("a", 1, 1, "syntax", severity, "x") for severity in severities) == code
