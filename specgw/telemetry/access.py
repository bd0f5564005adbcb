"""The access log: one JSON object a line for each exchange.

It never holds a secret: no query (tokens travel in queries), no header value but a shortened User-Agent, no body. The
path is written as it came, one character for each byte.

Lines are collected and written together: by `flush`, which somebody calls a few times a second, and when 64 KiB have
come together. A reader that is too slow, a full disk or a closed pipe never stops or ends the gateway: lines that
find no room are counted in `dropped`.
"""

from __future__ import annotations

import errno
import os
import select
import stat
import time
from collections.abc import Callable, Mapping

import msgspec

from specgw.telemetry.line import Line

USER_AGENT_LIMIT = 256
"""Characters of a User-Agent that are kept."""

FLUSH_AT = 64 * 1024
"""Bytes that are written at once."""

KEEP_AT_MOST = 1024 * 1024
"""Bytes that wait while nothing can be written; lines beyond it are dropped."""

# A pipe that is ready takes this much without blocking (POSIX PIPE_BUF; Linux has 4096).
_PIECE = select.PIPE_BUF

_CLOSE_SECONDS = 1.0
_STDOUT = 1


class AccessLog:
    """Writes lines to `stdout`, to a file (appending), or nowhere with `off`.

    `clock` is wall time in seconds. `report` is told in one sentence when writing begins to fail or works again.
    Raises OSError where a file cannot be opened.
    """

    def __init__(
        self,
        target: str,
        clock: Callable[[], float] = time.time,
        report: Callable[[str], None] | None = None,
    ) -> None:
        self.dropped = 0
        """Lines that could not be written."""
        self._clock = clock
        self._report = report
        self._path = None if target in ("stdout", "off") else target
        self._descriptor = -1
        self._encode = msgspec.json.Encoder(enc_hook=str).encode
        self._lines: list[bytes] = []
        self._size = 0
        self._rest = b""
        self._second = -1
        self._prefix = ""
        self._failing = False
        self._poll: select.poll | None = None
        if self._path is not None:
            self._use(_opened(self._path))
        elif target == "stdout":
            self._use(_STDOUT)

    @property
    def enabled(self) -> bool:
        """Whether lines are written; a closed pipe ends it."""
        return self._descriptor >= 0

    def write(
        self,
        request_id: str,
        client: str,
        method: str,
        path: bytes,
        status: int,
        seconds: float,
        *,
        upstream_seconds: float | None = None,
        bytes_in: int = 0,
        bytes_out: int = 0,
        operation_id: str | None = None,
        service: str | None = None,
        upstream: str | None = None,
        problem: str | None = None,
        consumer: str | None = None,
        subject: str | None = None,
        trace: str | None = None,
        user_agent: bytes | None = None,
        notes: Mapping[str, object] | None = None,
    ) -> None:
        """Note one exchange.

        `path` is raw and without the query; `operation_id`, `service`, `upstream` and `problem` are names of the Plan;
        `consumer` and `subject` say who called, as it was verified;
        `trace` is the traceparent that went upstream.
        """
        if self._descriptor < 0:
            return
        now = self._clock()
        second = int(now)
        if second != self._second:
            self._second = second
            self._prefix = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
        line = self._encode(
            Line(
                f"{self._prefix}.{int((now - second) * 1000):03d}Z",
                request_id,
                client,
                method,
                path.decode("latin-1"),
                status,
                int(seconds * 1e6) / 1e3,
                bytes_in,
                bytes_out,
                None if upstream_seconds is None else int(upstream_seconds * 1e6) / 1e3,
                operation_id,
                service,
                upstream,
                problem,
                consumer,
                subject,
                None if trace is None else trace[3:35],
                None if user_agent is None else user_agent[:USER_AGENT_LIMIT].decode("latin-1"),
                notes or None,
            )
        )
        size = self._size
        if size + len(self._rest) > KEEP_AT_MOST:
            self.dropped += 1
            return
        self._lines.append(line)
        self._size = size = size + len(line) + 1
        if size > FLUSH_AT:
            self.flush()

    def flush(self) -> None:
        """Write what has come together, without waiting for a slow reader."""
        self._flush(0.0)

    def reopen(self) -> None:
        """Open the file anew after somebody renamed it; where that fails, go on with the old one."""
        if self._path is None:
            return
        self.flush()
        try:
            descriptor = _opened(self._path)
        except OSError as error:
            self._tell(f"the access log cannot be opened again, it goes on in the old file: {error.strerror}")
            return
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._use(descriptor)

    def close(self) -> None:
        """Write the rest, waiting up to a second for a slow reader, and close the file."""
        self._flush(_CLOSE_SECONDS)
        self._drop()
        if self._path is not None and self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1

    def _use(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._poll = None
        # Writing to a file returns soon. A pipe, socket or terminal whose reader rests would stop the loop.
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            self._poll = select.poll()
            self._poll.register(descriptor, select.POLLOUT)

    def _flush(self, patience: float) -> None:
        if self._lines:
            self._rest += b"\n".join(self._lines) + b"\n"
            self._lines = []
            self._size = 0
        if not self._rest or self._descriptor < 0:
            return
        try:
            self._rest = self._rest[self._written(memoryview(self._rest), patience) :]
        except OSError as error:
            self._failed(error)
            return
        if self._failing:
            self._failing = False
            self._tell(f"the access log is written again; {self.dropped} lines were dropped so far")

    def _written(self, data: memoryview, patience: float) -> int:
        """Write as much as goes without waiting longer than `patience` seconds at a time; how many bytes that were."""
        done = 0
        while done < len(data):
            if self._poll is None:
                done += os.write(self._descriptor, data[done:])
            elif self._poll.poll(patience * 1000):
                done += os.write(self._descriptor, data[done : done + _whole(data[done : done + _PIECE])])
            else:
                break
        return done

    def _failed(self, error: OSError) -> None:
        if error.errno in (errno.EPIPE, errno.EBADF):
            self._drop()
            self._descriptor = -1
            self._tell("the access log ends here: its reader has gone")
        elif not self._failing:
            self._failing = True
            self._tell(f"the access log cannot be written: {error.strerror}")

    def _drop(self) -> None:
        self.dropped += self._rest.count(b"\n") + len(self._lines)
        self._rest, self._lines, self._size = b"", [], 0

    def _tell(self, sentence: str) -> None:
        if self._report is not None:
            self._report(sentence)


def _whole(piece: memoryview) -> int:
    """The length of the lines of a piece that are whole: several processes may write into one pipe. A longer line is cut."""
    return bytes(piece).rfind(b"\n") + 1 or len(piece)


def _opened(path: str) -> int:
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
