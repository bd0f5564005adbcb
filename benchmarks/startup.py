"""How soon a document is served, and in how much memory: from the document itself, and from what `specgw build` wrote.

Run `python -m benchmarks.startup DOCUMENT…`. Time runs from the start of the process to the first 200 of /readyz; memory
is what the server has then, and what it and its compiler had at most. Medians of some rounds; documents and ways take
turns, so that what the machine does besides meets them all. With `--write` the table goes into docs/performance.md.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from benchmarks.pages import machine, write

ROOT = Path(__file__).parent.parent
LOOK = 0.005
"""Seconds between two looks at a process that is about to serve."""
PATIENCE = 120.0
UPSTREAM = ("--upstream", "http://127.0.0.1:9")
"""Documents need not say where their service is; nobody is asked."""


@dataclass(frozen=True)
class Start:
    """What one start took: seconds, and MiB of the server when ready, of the server at most, of the compiler at most."""

    seconds: float
    ready: float
    most: float
    compiler: float


def main() -> None:
    """Measure, print the table, and write it into the page when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", nargs="+", type=Path, metavar="DOCUMENT")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    arguments = parser.parse_args()
    documents = [path.resolve() for path in arguments.documents]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        built = [build(path, folder / str(number)) for number, path in enumerate(documents)]
        starts: dict[Path, list[Start]] = {}
        for number in range(arguments.rounds + 1):
            for source in (*documents, *built):
                start = serve(source, folder)
                if number:  # the first round warms the disk's cache
                    starts.setdefault(source, []).append(start)
        text = table(documents, built, starts, arguments.rounds)
    print(text)
    if arguments.write:
        write(text, "startup", "python -m benchmarks.startup DOCUMENT… --write")


def command(*arguments: str | Path) -> list[str]:
    """How specgw is started."""
    return [sys.executable, "-m", "specgw", *map(str, arguments)]


def build(document: Path, folder: Path) -> Path:
    """The folder that `specgw build` wrote for a document."""
    done = subprocess.run(command("build", document, "-o", folder), capture_output=True, text=True, cwd=folder.parent)
    if done.returncode:
        raise SystemExit(f"{document} cannot be built:\n{done.stderr}")
    return folder


def serve(source: Path, folder: Path) -> Start:
    """Start a server, wait until it is ready, and end it."""
    port = free_port()
    arguments = command("serve", source, *UPSTREAM, "--port", str(port), "--admin", "off")
    with (folder / "serve.log").open("wb") as output:
        begun = time.perf_counter()
        server = subprocess.Popen(arguments, stdout=output, stderr=subprocess.STDOUT, cwd=folder)
        try:
            compiler = 0.0
            while not ready(port):
                for child in children(server.pid):
                    compiler = max(compiler, mebibytes(child, "VmHWM"))
                if server.poll() is not None or time.perf_counter() - begun > PATIENCE:
                    raise SystemExit(f"{source} is not served:\n{(folder / 'serve.log').read_text(encoding='utf-8')}")
                time.sleep(LOOK)
            seconds = time.perf_counter() - begun
            return Start(seconds, mebibytes(server.pid, "VmRSS"), mebibytes(server.pid, "VmHWM"), compiler)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(PATIENCE)


def ready(port: int) -> bool:
    """Whether /readyz answers 200."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0) as connection:
        connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return connection.recv(64).startswith(b"HTTP/1.1 200 ")
    return False


def mebibytes(pid: int, name: str) -> float:
    """`VmRSS` or `VmHWM` of a process; 0 when it has ended."""
    with contextlib.suppress(OSError):
        found = re.search(rf"^{name}:\s+(\d+) kB$", Path(f"/proc/{pid}/status").read_text(encoding="ascii"), re.MULTILINE)
        return int(found[1]) / 1024 if found is not None else 0.0
    return 0.0


def children(pid: int) -> list[int]:
    """The processes that a process has started; of its threads, too."""
    found: list[int] = []
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += map(int, listing.read_text(encoding="ascii").split())
    return found


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def table(documents: Sequence[Path], built: Sequence[Path], starts: dict[Path, list[Start]], rounds: int) -> str:
    """The figures as Markdown, with what they were taken on."""
    lines = [
        "| document | MB | operations | from the document | server MiB, most | compiler MiB | from what was built | server MiB, most |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for document, folder in zip(documents, built, strict=True):
        cold, warm = starts[document], starts[folder]
        routes = len(json.loads((folder / "plan.json").read_bytes())["routes"])
        figures = (
            f"{document.stat().st_size / 1e6:.2f}",
            f"{routes}",
            f"{statistics.median(start.seconds for start in cold):.2f} s",
            f"{statistics.median(start.ready for start in cold):.0f}, {max(start.most for start in cold):.0f}",
            f"{max(start.compiler for start in cold):.0f}",
            f"{statistics.median(start.seconds for start in warm):.2f} s",
            f"{statistics.median(start.ready for start in warm):.0f}, {max(start.most for start in warm):.0f}",
        )
        lines.append(f"| {document.name} | {' | '.join(figures)} |")
    lines.append("")
    lines.append(f"Medians of {rounds} rounds (the most memory: of all of them); specgw {metadata.version('specgw')}, {machine()}.")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
