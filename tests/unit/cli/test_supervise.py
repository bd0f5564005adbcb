from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence

import pytest

from specgw.cli.supervise import Ended, Member, Supervisor

# Answers every connection with the status given, after printing its process id.
SERVER = """
import os, signal, socket, sys
print("pid", os.getpid(), flush=True)
if "deaf" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if "child" in sys.argv:
    told, tell = os.pipe()
    if os.fork() == 0:
        print("pid", os.getpid(), flush=True)
        os.close(tell)
        signal.pause()
    os.close(tell)
    os.read(told, 1)  # ends when the child has printed: only then is there something to be ready with
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    connection, _ = server.accept()
    connection.recv(1000)
    connection.sendall(f"HTTP/1.1 {sys.argv[2]} X\\r\\n\\r\\n".encode())
    connection.close()
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def server(name: str, *arguments: str, status: int = 200) -> Member:
    port = free_port()
    return Member(name, (sys.executable, "-c", SERVER, str(port), str(status), *arguments), os.environ, "127.0.0.1", port, "/")


def program(name: str, source: str) -> Member:
    return Member(name, (sys.executable, "-c", source), os.environ, "127.0.0.1", free_port())


class Shown:
    """What members printed, and their process ids."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def __call__(self, name: str, line: str) -> None:
        self.lines.append((name, line))

    def pids(self) -> list[int]:
        return [int(line.removeprefix("pid ")) for _, line in self.lines if line.startswith("pid ")]


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(pids: Sequence[int]) -> bool:
    """Whether all processes end: one that has been killed needs a moment on a busy machine."""
    until = time.monotonic() + 10
    while any(alive(pid) for pid in pids):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def run(members: Sequence[Member], shown: Shown, *, stop: bool = True, patience: float = 30) -> tuple[Ended | None, int]:
    """Runs members and stops them as soon as all are ready; returns the outcome and how often they were ready."""
    ready = 0

    async def supervised() -> Ended | None:
        supervisor = Supervisor(members, shown, patience=patience)

        def on_ready() -> None:
            nonlocal ready
            ready += 1
            if stop:
                supervisor.stop()

        return await supervisor.run(on_ready)

    return asyncio.run(supervised()), ready


def test_all_are_started_ready_once_and_gone_after_stop() -> None:
    shown = Shown()
    assert run([server("users"), server("products")], shown) == (None, 1)
    assert sorted(name for name, _ in shown.lines) == ["products", "users"]
    assert gone(shown.pids())


def test_what_a_member_started_ends_with_it() -> None:
    shown = Shown()
    run([server("users", "child")], shown)
    assert len(shown.pids()) == 2
    assert gone(shown.pids())


def test_a_member_that_ends_ends_all() -> None:
    shown = Shown()
    assert run([server("users"), program("products", "print('no'); raise SystemExit(3)")], shown) == (Ended("products", 3), 0)
    assert ("products", "no") in shown.lines
    assert gone(shown.pids())


def test_one_that_ends_later_ends_all_too() -> None:
    gone = server("products")
    source = SERVER.replace("while True:", "for _ in range(1):") + "\nos.kill(os.getpid(), signal.SIGKILL)"
    gone = Member(gone.name, (sys.executable, "-c", source, *gone.command[3:]), os.environ, gone.host, gone.port, "/")
    assert run([gone], Shown(), stop=False) == (Ended("products", -signal.SIGKILL), 1)


def test_a_server_error_is_not_yet_ready() -> None:
    async def supervised() -> tuple[Ended | None, int]:
        ready: list[int] = []
        supervisor = Supervisor([server("starting", status=503)], lambda name, line: supervisor.stop())
        return await supervisor.run(lambda: ready.append(1)), len(ready)

    assert asyncio.run(supervised()) == (None, 0)


def test_without_a_path_a_connection_is_enough() -> None:
    broken = server("users", status=503)
    member = Member("users", broken.command, os.environ, broken.host, broken.port)
    assert run([member], Shown()) == (None, 1)


def test_one_that_does_not_listen_to_sigterm_is_killed() -> None:
    shown = Shown()
    assert run([server("users", "deaf")], shown, patience=0.1) == (None, 1)
    assert gone(shown.pids())


def test_a_second_stop_does_not_wait() -> None:
    shown = Shown()

    async def supervised() -> Ended | None:
        supervisor = Supervisor([server("users", "deaf")], shown, patience=1000)

        def twice() -> None:
            supervisor.stop()
            supervisor.stop()

        return await supervisor.run(twice)

    assert asyncio.run(supervised()) is None
    assert gone(shown.pids())


def test_lines_come_whole_and_the_last_one_without_its_end() -> None:
    shown = Shown()
    source = "import sys; sys.stdout.buffer.write(b'one\\r\\ntwo \\xff\\n' + b'x' * 200000 + b'\\nlast')"
    run([program("users", source)], shown)
    lines = [line for _, line in shown.lines]
    assert lines[:2] == ["one", "two �"]
    assert lines[-1] == "last"
    assert "".join(lines[2:-1]) == "x" * 200_000


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help against orphans is Linux's")
def test_members_end_when_their_supervisor_is_killed() -> None:
    source = f"""
import asyncio, sys
sys.path.insert(0, {os.getcwd()!r})
from specgw.cli.supervise import Member, Supervisor
member = Member("users", {tuple(server("users").command)!r}, {{}}, "127.0.0.1", 0)
asyncio.run(Supervisor([member], lambda name, line: print(line, flush=True)).run(lambda: None))
"""

    async def orphaned() -> bytes:
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", source, stdout=asyncio.subprocess.PIPE)
        assert process.stdout is not None
        pid = int((await process.stdout.readline()).split()[1])
        watched = os.pidfd_open(pid)
        gone = asyncio.Event()
        asyncio.get_running_loop().add_reader(watched, gone.set)
        process.kill()
        await process.wait()
        await asyncio.wait_for(gone.wait(), 20)
        os.close(watched)
        return b"gone"

    assert asyncio.run(orphaned()) == b"gone"
