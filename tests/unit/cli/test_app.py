from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from specgw import __version__
from specgw.cli.app import COMMANDS, main

ROOT = Path(__file__).parents[3]
RUN = [sys.executable, "-W", "error", "-m", "specgw"]


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out in {f"specgw {__version__} ({form})\n" for form in ("compiled", "pure Python")}


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_lists_every_command(capsys: pytest.CaptureFixture[str], flag: str) -> None:
    assert main([flag]) == 0
    shown = capsys.readouterr().out
    assert [name for name in COMMANDS if f"\n  {name} " in shown] == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_helps(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main([name, "--help"]) == 0
    assert f"Usage: specgw {name} " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["serv"], "There is no command 'serv'; did you mean 'serve'?"),
        (["check", "--fromat", "json"], "No such option"),
        (["check", "--format", "xml"], "'xml' is not one of 'text', 'json', 'sarif'"),
        (["build"], "Missing option '-o'"),
        (["serve", "--port", "70000"], "'70000' is not a port"),
        (["serve", "--upstream", "somewhere"], "is not an http or https URL"),
        (["serve", "--admin", "9901"], "is neither HOST:PORT nor off"),
        (["check", "nowhere.yaml"], "error: nowhere.yaml: no such file or folder"),
    ],
)
def test_wrong_usage_says_what_is_wrong(capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.out == ""


def test_where_there_is_nothing_to_work_on_it_says_what_was_looked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GATEWAY_CONFIG", raising=False)
    for command in (["check"], ["routes"], ["serve"], ["build", "-o", "generated"]):
        assert main(command) == 2
        assert "error: no SPECS" in capsys.readouterr().err


def test_ctrl_c_is_no_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("specgw.cli.specs.locate_documents", interrupted)
    assert main(["check", str(tmp_path)]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_nobody_reads_the_help() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*RUN, "--help"], cwd=ROOT, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert done.stderr == b""


def test_without_a_standard_output_it_works_too() -> None:
    done = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", *RUN, "--version"], cwd=ROOT, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str) -> None:
    done = subprocess.run([*RUN, "--completion", shell], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0
    assert "_SPECGW_COMPLETE" in done.stdout


@pytest.mark.parametrize(("words", "completed"), [("specgw ro", ["plain,routes"]), ("specgw serve --ad", ["plain,--admin"])])
def test_commands_and_options_are_completed(words: str, completed: list[str]) -> None:
    environ = {**os.environ, "_SPECGW_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    done = subprocess.run(RUN, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.stdout.splitlines() == completed


def test_the_command_starts_light() -> None:
    """What every command pays: click and the standard library, nothing that only some need."""
    source = "import sys, specgw.__main__; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert "click" in modules
    assert not {"asyncio", "msgspec", "pydantic", "rich", "uvicorn", "yaml"}.intersection(modules)
