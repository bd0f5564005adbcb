from __future__ import annotations

import signal
import socket

import pytest

from specgw.cli.app import main
from specgw.cli.up import _ending, _occupied


def test_a_port_is_occupied_while_somebody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert _occupied(port)
    assert not _occupied(port)


@pytest.mark.parametrize("option", ["--port", "--users-port", "--products-port"])
def test_an_occupied_port_is_named_before_anything_starts(capsys: pytest.CaptureFixture[str], option: str) -> None:
    free = {}
    for name in ("--port", "--users-port", "--products-port"):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            free[name] = listener.getsockname()[1]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free[option] = taken.getsockname()[1]
        arguments = [str(part) for pair in free.items() for part in pair]
        assert main(["up", *arguments]) == 2
    assert capsys.readouterr().err == (f"error: port {free[option]} is in use: stop what listens there, or choose another with {option}\n")


@pytest.mark.parametrize(
    ("code", "said"), [(0, "ended with exit code 0"), (3, "ended with exit code 3"), (-signal.SIGKILL, "was ended by SIGKILL")]
)
def test_how_a_part_ended_in_words(code: int, said: str) -> None:
    assert _ending(code) == said
