from __future__ import annotations

import os
import pty
from collections.abc import Iterator
from typing import TextIO

import pytest
from rich.text import Text

from specgw.cli.terminal import discard, styled, write


@pytest.fixture
def pipe() -> Iterator[tuple[int, TextIO]]:
    reader, writer = os.pipe()
    with open(writer, "w", encoding="utf-8") as stream:
        yield reader, stream


@pytest.fixture
def screen() -> Iterator[tuple[int, TextIO]]:
    leader, follower = pty.openpty()
    with open(follower, "w", encoding="utf-8") as stream:
        yield leader, stream
    os.close(leader)


RED = Text("wrong", style="bold red")


def test_what_is_written_is_flushed(pipe: tuple[int, TextIO]) -> None:
    reader, stream = pipe
    write("routes\n", stream=stream)
    assert os.read(reader, 100) == b"routes\n"
    os.close(reader)


def test_a_reader_that_leaves_early_is_no_error(pipe: tuple[int, TextIO]) -> None:
    reader, stream = pipe
    os.close(reader)
    write("x" * 100_000, stream=stream)
    write("and more", stream=stream)


def test_nor_is_it_for_styled_text(pipe: tuple[int, TextIO]) -> None:
    reader, stream = pipe
    os.close(reader)
    console = styled(stream)
    console.print("x" * 100_000)
    console.print("and more")


def test_a_discarded_stream_goes_nowhere(pipe: tuple[int, TextIO]) -> None:
    reader, stream = pipe
    discard(stream)
    stream.write("lost")
    stream.flush()
    assert os.read(reader, 100) == b""
    os.close(reader)


def test_a_pipe_gets_no_colour_and_no_folding(pipe: tuple[int, TextIO]) -> None:
    reader, stream = pipe
    styled(stream).print(RED)
    styled(stream).print("word " * 100)
    assert os.read(reader, 1000).decode() == "wrong\n" + "word " * 100 + "\n"
    os.close(reader)


def test_a_terminal_gets_colour(screen: tuple[int, TextIO], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    leader, stream = screen
    styled(stream).print(RED)
    assert os.read(leader, 100) == b"\x1b[1;31mwrong\x1b[0m\r\n"


def test_a_terminal_gets_none_where_it_is_not_wanted(screen: tuple[int, TextIO], monkeypatch: pytest.MonkeyPatch) -> None:
    leader, stream = screen
    monkeypatch.setenv("TERM", "xterm")
    styled(stream, no_color=True).print(RED)
    assert os.read(leader, 100) == b"wrong\r\n"
    monkeypatch.setenv("TERM", "dumb")
    styled(stream).print(RED)
    assert os.read(leader, 100) == b"wrong\r\n"
