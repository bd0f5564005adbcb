from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from specgw.telemetry import access
from specgw.telemetry.access import FLUSH_AT, KEEP_AT_MOST, USER_AGENT_LIMIT, AccessLog

NOON = 1_700_000_000.0
"""2023-11-14 22:13:20 UTC"""


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


def write(log: AccessLog, **members: Any) -> None:
    usual: dict[str, Any] = {"request_id": "r1", "client": "192.0.2.1", "method": "GET", "path": b"/a", "status": 200, "seconds": 0.0015}
    log.write(**usual | members)


def lines(path: Path) -> list[dict[str, Any]]:
    text = path.read_bytes()
    assert text == b"" or text.endswith(b"\n")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "access.log"


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        with suppress(OSError):  # the test may have closed it
            os.close(end)


def test_a_line_has_every_member_in_this_order(file: Path) -> None:
    log = AccessLog(str(file), Clock())
    write(
        log,
        path=b"/users/7",
        upstream_seconds=0.00125,
        bytes_in=10,
        bytes_out=20,
        operation_id="getUser",
        service="users",
        upstream="users",
        problem="upstream-timeout",
        trace="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        user_agent=b"curl/8",
        notes={"violations": 2},
    )
    log.close()
    assert file.read_text() == (
        '{"time":"2023-11-14T22:13:20.000Z","requestId":"r1","client":"192.0.2.1","method":"GET","path":"/users/7",'
        '"status":200,"durationMs":1.5,"bytesIn":10,"bytesOut":20,"upstreamMs":1.25,"operationId":"getUser","service":"users",'
        '"upstream":"users","problem":"upstream-timeout","traceId":"0af7651916cd43dd8448eb211c80319c","userAgent":"curl/8",'
        '"notes":{"violations":2}}\n'
    )


def test_members_without_a_value_are_left_out(file: Path) -> None:
    log = AccessLog(str(file), Clock())
    write(log, notes={})
    log.close()
    (line,) = lines(file)
    assert set(line) == {"time", "requestId", "client", "method", "path", "status", "durationMs", "bytesIn", "bytesOut"}


@pytest.mark.parametrize(
    ("after", "text"),
    [
        (0.0, "22:13:20.000Z"),
        (0.25, "22:13:20.250Z"),
        (0.9999, "22:13:20.999Z"),
        (1.0, "22:13:21.000Z"),
        (-0.5, "22:13:19.500Z"),
        (86400.0, "22:13:20.000Z"),
    ],
)
def test_the_time_is_utc_with_milliseconds(file: Path, after: float, text: str) -> None:
    clock = Clock()
    log = AccessLog(str(file), clock)
    write(log)
    clock.now += after
    write(log)
    log.close()
    assert lines(file)[1]["time"].endswith(text)
    assert (lines(file)[1]["time"][:10] != "2023-11-14") is (after == 86400.0)


def test_what_a_client_sends_cannot_break_out_of_its_line(file: Path) -> None:
    log = AccessLog(str(file), Clock())
    write(log, path=b'/"\\\n\x00\xff', user_agent=b'"}\r\n{"status":500}\xe9', request_id='"', notes={"a\n": "b\n"})
    log.close()
    (line,) = lines(file)
    assert line["path"] == '/"\\\n\x00\xff'
    assert line["userAgent"] == '"}\r\n{"status":500}\xe9'
    assert line["requestId"] == '"'
    assert line["notes"] == {"a\n": "b\n"}


def test_a_note_of_any_type_can_be_written(file: Path) -> None:
    log = AccessLog(str(file), Clock())
    write(log, notes={"path": Path("/x")})
    log.close()
    assert lines(file)[0]["notes"] == {"path": "/x"}


def test_a_user_agent_is_shortened(file: Path) -> None:
    log = AccessLog(str(file), Clock())
    write(log, user_agent=b"x" * 5000)
    log.close()
    assert lines(file)[0]["userAgent"] == "x" * USER_AGENT_LIMIT


def test_lines_wait_for_a_flush(file: Path) -> None:
    log = AccessLog(str(file), Clock())
    write(log)
    write(log)
    assert lines(file) == []
    log.flush()
    assert len(lines(file)) == 2
    log.flush()
    assert len(lines(file)) == 2
    log.close()


def test_many_lines_are_written_without_a_flush(file: Path) -> None:
    log = AccessLog(str(file), Clock())
    for _ in range(3):
        write(log, path=b"/" + b"a" * (FLUSH_AT // 3))
    assert len(lines(file)) == 3
    log.close()


def test_a_file_is_appended_to_and_not_for_everybody(file: Path) -> None:
    file.write_text('{"old":1}\n')
    log = AccessLog(str(file), Clock())
    write(log)
    log.close()
    assert len(lines(file)) == 2
    file.unlink()
    AccessLog(str(file), Clock()).close()
    assert file.stat().st_mode & 0o007 == 0


def test_a_file_that_cannot_be_opened_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        AccessLog(str(tmp_path / "none" / "access.log"), Clock())


def test_off_writes_nothing() -> None:
    log = AccessLog("off", Clock())
    assert not log.enabled
    write(log)
    log.flush()
    log.reopen()
    log.close()
    assert log.dropped == 0


def test_stdout(capfd: pytest.CaptureFixture[str]) -> None:
    log = AccessLog("stdout", Clock())
    assert log.enabled
    write(log)
    log.reopen()
    log.close()
    assert json.loads(capfd.readouterr().out)["requestId"] == "r1"
    os.fstat(1)  # it is not ours to close


def test_after_rotation_the_next_lines_go_to_the_new_file(file: Path) -> None:
    log = AccessLog(str(file), Clock())
    write(log, request_id="before")
    file.rename(file.with_suffix(".1"))
    log.reopen()
    write(log, request_id="after")
    log.close()
    assert [line["requestId"] for line in lines(file.with_suffix(".1"))] == ["before"]
    assert [line["requestId"] for line in lines(file)] == ["after"]


def test_where_reopening_fails_the_old_file_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    said: list[str] = []
    log = AccessLog(str(folder / "access.log"), Clock(), said.append)
    folder.rename(tmp_path / "moved")
    log.reopen()
    write(log)
    log.close()
    assert len(lines(tmp_path / "moved" / "access.log")) == 1
    assert said == ["the access log cannot be opened again, it goes on in the old file: No such file or directory"]


def test_a_closed_log_takes_nothing(file: Path) -> None:
    log = AccessLog(str(file), Clock())
    log.close()
    write(log)
    log.flush()
    log.close()
    assert lines(file) == []


def piped(monkeypatch: pytest.MonkeyPatch, end: int, said: list[str]) -> AccessLog:
    """A log whose standard output is a pipe."""
    monkeypatch.setattr(access, "_STDOUT", end)
    return AccessLog("stdout", Clock(), said.append)


def test_a_reader_that_has_gone_ends_the_log_and_nothing_else(monkeypatch: pytest.MonkeyPatch, pipe: tuple[int, int]) -> None:
    said: list[str] = []
    log = piped(monkeypatch, pipe[1], said)
    os.close(pipe[0])
    write(log)
    write(log)
    log.flush()
    assert not log.enabled
    assert log.dropped == 2
    write(log)
    log.flush()
    assert said == ["the access log ends here: its reader has gone"]


def test_a_slow_reader_stops_nobody_and_gets_whole_lines(monkeypatch: pytest.MonkeyPatch, pipe: tuple[int, int]) -> None:
    said: list[str] = []
    log = piped(monkeypatch, pipe[1], said)
    sent = 3 * KEEP_AT_MOST // 1000
    for number in range(sent):
        write(log, request_id=str(number), path=b"/" + b"a" * 1000)
    log.flush()  # returns although nobody reads
    assert 0 < log.dropped < sent
    received = b""
    os.set_blocking(pipe[0], False)
    while True:
        log.flush()
        try:
            received += os.read(pipe[0], 1 << 20)
        except BlockingIOError:
            break
    numbers = [int(json.loads(line)["requestId"]) for line in received.splitlines()]
    assert numbers == list(range(sent - log.dropped))
    write(log, request_id="later")
    log.flush()
    assert b'"later"' in os.read(pipe[0], 1 << 20)


def test_closing_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch, pipe: tuple[int, int]) -> None:
    monkeypatch.setattr(access, "_CLOSE_SECONDS", 0.01)
    log = piped(monkeypatch, pipe[1], [])
    for _ in range(200):
        write(log, path=b"/" + b"a" * 1000)
    log.close()
    assert log.dropped > 0


def test_a_full_disk_is_said_once_and_passes(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    said: list[str] = []
    log = AccessLog(str(file), Clock(), said.append)
    real = os.write

    def full(descriptor: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    write(log, request_id="first")
    log.flush()
    write(log, request_id="second")
    log.flush()
    assert said == ["the access log cannot be written: No space left on device"]
    monkeypatch.setattr(os, "write", real)
    log.flush()
    assert [line["requestId"] for line in lines(file)] == ["first", "second"]
    assert said[1:] == ["the access log is written again; 0 lines were dropped so far"]
    assert log.enabled
    log.close()


def test_a_write_that_takes_only_a_part_is_gone_on_with(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    log = AccessLog(str(file), Clock())
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, bytes(data[:7])))
    write(log)
    write(log)
    log.flush()
    assert len(lines(file)) == 2
    log.close()


def test_a_pipe_gets_whole_lines_at_once_since_others_may_write_into_it_too(monkeypatch: pytest.MonkeyPatch, pipe: tuple[int, int]) -> None:
    monkeypatch.setattr(access, "_STDOUT", pipe[1])
    pieces: list[bytes] = []
    real = os.write

    def noted(descriptor: int, data: bytes | memoryview) -> int:
        pieces.append(bytes(data))
        return real(descriptor, data)

    log = AccessLog("stdout", Clock())
    for number in range(60):
        write(log, path=b"/" + b"x" * number)
    monkeypatch.setattr(os, "write", noted)
    log.flush()
    assert len(pieces) > 2
    assert all(piece.endswith(b"}\n") for piece in pieces)
    assert sum(piece.count(b"\n") for piece in pieces) == 60
