"""CPU per mock answer of specgw and Prism on the same document, in one run: `nox -s bench-mock`.

One core carries the mock server, the other one wrk. Every round measures all in turn; the median is told. Requests are
checked by all, with a parameter in the path and one in the query.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.load import Figures, Work, free_port, measure
from benchmarks.pages import write
from benchmarks.rivals import Bench, bench, program, said
from specgw import __version__

DOCUMENT = """\
openapi: 3.0.3
info: {title: People, version: "1"}
paths:
  /people/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, minimum: 1}}
        - {name: fields, in: query, schema: {type: string, maxLength: 50}}
      responses:
        "200":
          description: OK
          content:
            application/json:
              example: {id: 7, name: Ada Lovelace, email: ada@example.org, age: 36, tags: [maths, engines]}
              schema:
                type: object
                required: [id, name, email]
                properties:
                  id: {type: integer, minimum: 1}
                  name: {type: string, maxLength: 80}
                  email: {type: string, format: email}
                  age: {type: integer, minimum: 0, maximum: 150}
                  tags: {type: array, items: {type: string}, maxItems: 10}
"""
DYNAMIC = 'wrk.headers["Prefer"] = "dynamic=true"\n'


def main() -> None:
    """Measure, print the table, and write it into the page when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of each measurement")
    parser.add_argument("--compiled", type=Path, metavar="FOLDER", help="measure specgw from here too: a wheel's contents")
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, bench(Path(name)) as started:
        servers = started_servers(started, Path(name), arguments.compiled)
        text = table(servers, Path(name), arguments.rounds, arguments.seconds)
    print(text)
    if arguments.write:
        write(text, "mocking", "nox -s bench-mock -- --write")


def started_servers(started: Bench, folder: Path, compiled: Path | None = None) -> list[tuple[str, str, int, int]]:
    """Name, version, process and port of each that is installed: specgw as a wheel has it where there is one, and as plain Python."""
    document = folder / "mocked.yaml"
    document.write_text(DOCUMENT)
    (folder / "gateway.yaml").write_text("gateway: {telemetry: {accessLog: /dev/null}}\n")
    found = []
    sources = Path(__file__).parents[1]
    for name, package in (("specgw", compiled), ("specgw, as Python", sources)) if compiled else (("specgw", sources),):
        port = free_port()
        command = [sys.executable, "-m", "specgw", "mock", str(document), "--port", str(port)]
        found.append((name, __version__, started.start(f"mock-{port}", command, port, package=package), port))
    prism = program("prism")
    if prism is not None:
        port = free_port()
        command = [prism, "mock", str(document), "--port", str(port), "--verboseLevel", "fatal"]
        found.append(("Prism", said(prism, "--version"), started.start("prism-mock", command, port), port))
    return found


def table(servers: list[tuple[str, str, int, int]], folder: Path, rounds: int, seconds: int) -> str:
    """The medians as a Markdown table; a first, short round warms everything up."""
    script = folder / "dynamic.lua"
    script.write_text(DYNAMIC)
    works = [Work("example", "/people/7?fields=name"), Work("made from the schema", "/people/7?fields=name", script)]
    taken: dict[tuple[str, str], list[Figures]] = {}
    for number in range(rounds + 1):
        for name, _, process, port in servers:
            for work in works:
                figures = measure(name, process, port, work, 32, seconds if number else 1)
                if number:
                    taken.setdefault((name, work.name), []).append(figures)
    lines = ["| | answer | CPU µs per request | requests/s |", "|---|---|---|---|"]
    for name, version, _, _ in servers:
        for work in works:
            cpu, rate = (statistics.median(getattr(one, part) for one in taken[name, work.name]) for part in ("cpu", "rate"))
            lines.append(f"| {name} {version} | {work.name} | {cpu:.1f} | {rate:,.0f} |")
    return "\n".join([*lines, "", f"Medians of {rounds} rounds of {seconds} s at 32 connections."])


if __name__ == "__main__":
    main()
