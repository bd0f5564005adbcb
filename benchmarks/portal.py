"""What a portal costs: how long its pages take to be made, and what one of them weighs with everything that it asks for.

Run `python -m benchmarks.portal DOCUMENT…` (files or folders). Each portal is made in a process of its own, the fastest of some
rounds counts. With `--write` the table goes into docs/performance.md. A page that weighs more than 150 KiB, or 1,000 operations
that take more than 10 s, end the program with 1.
"""

from __future__ import annotations

import argparse
import gzip
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from posixpath import dirname, join, normpath

from benchmarks.pages import machine, write
from specgw.cli.publishing import published
from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.portal import site

LARGEST = 150 << 10
SLOWEST = 10.0
"""Seconds for 1,000 operations."""
OWN = ("index", "guides", "operations", "schemas", "services", "changes", "errors", "404")
"""Pages of our own: Swagger UI's are not weighed."""
# Time of the processor, so that what the machine does besides does not count.
MEASURE = """
import sys, time
from pathlib import Path
from specgw.cli.publishing import published
from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.portal import site
made = published(compile_documents(Inputs((Path(sys.argv[1]),), examples=False)))
made.documents
begun = time.process_time()
site.render(made)
print(time.process_time() - begun)
"""
# What a page and a script ask for by themselves; what they ask for when somebody does something is not among it.
_ASKED = re.compile(r'<(?:script|link|img)\b[^>]*?(?:src|href)="([^"]+)"[^>]*>')
_IMPORTED = re.compile(r'^(?:import|export)\b[^"(]*?"\./([^"]+)"', re.MULTILINE)
_ALTERNATE = 'rel="alternate"'


@dataclass(frozen=True)
class Weight:
    """Bytes of a page with everything that it asks for, as it is and as it is sent."""

    page: str
    plain: int
    packed: int
    alone: int
    """Of the packed page without the rest."""


@dataclass(frozen=True)
class Row:
    """What was measured of one document."""

    name: str
    operations: int
    pages: int
    seconds: float
    weights: tuple[Weight, ...]
    index: tuple[int, int]
    scripts: tuple[int, int]
    """Of all scripts of our own together, the index of the search excepted, as they are and as they are sent."""


def main() -> int:
    """Measure, print the table, and write it into the page when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", nargs="+", type=Path, metavar="DOCUMENT")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    arguments = parser.parse_args()
    rows = [measure(path, arguments.rounds) for path in arguments.documents]
    text = table(rows, arguments.rounds)
    print(text)
    if arguments.write:
        write(text, "portal", "python -m benchmarks.portal DOCUMENT… --write")
    heavy = [weight for row in rows for weight in row.weights if weight.plain > LARGEST]
    slow = [row for row in rows if row.seconds > SLOWEST * max(row.operations, 1000) / 1000]
    for weight in heavy:
        print(f"{weight.page} weighs {weight.plain} bytes", file=sys.stderr)
    return int(bool(heavy or slow))


def measure(document: Path, rounds: int) -> Row:
    """Make the portal of a document some times, and weigh it."""
    times = [
        float(subprocess.run([sys.executable, "-c", MEASURE, document], capture_output=True, text=True, check=True).stdout)
        for _ in range(rounds)
    ]
    build = compile_documents(Inputs((document,), examples=False))
    files = site.render(published(build))
    index = next(content for name, content in files.items() if name.startswith("assets/search-index."))
    pages = [name for name in files if name.endswith(".html") and re.split(r"[/.]", name)[0] in OWN]
    operations = sum(name.startswith("operations/") for name in pages)
    weights = tuple(weigh(name, files) for name in pages)
    own = [files[name] for name in files if name.startswith("assets/") and name.endswith(".js") and "search-index." not in name]
    scripts = sum(map(len, own)), sum(len(packed(content)) for content in own)
    return Row(document.name, operations, len(pages), min(times), weights, (len(index), len(packed(index))), scripts)


def packed(content: bytes) -> bytes:
    """As the gateway sends it."""
    return gzip.compress(content, 6, mtime=0)


def weigh(page: str, files: Mapping[str, bytes]) -> Weight:
    """A page with what it asks for: style sheets, scripts and what these import, pictures."""
    text = files[page].decode()
    asked = [match[1] for match in _ASKED.finditer(text) if _ALTERNATE not in match[0]]
    waiting = [normpath(join(dirname(page), path)) for path in asked]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            if name.endswith(".js"):
                waiting += [f"assets/{path}" for path in _IMPORTED.findall(files[name].decode())]
    alone = len(packed(files[page]))
    plain = len(files[page]) + sum(len(files[name]) for name in found)
    return Weight(page, plain, alone + sum(len(packed(files[name])) for name in found), alone)


def table(rows: Sequence[Row], rounds: int) -> str:
    """The table, with what was measured where."""
    heads = (
        *("document", "operations", "pages", "made in", "for 1,000 operations"),
        *("largest page with all that it asks for", "the same as sent", "median page as sent, alone", "index of the search", "all scripts"),
    )
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for row in rows:
        heaviest = max(row.weights, key=lambda weight: weight.plain)
        median = sorted(weight.alone for weight in row.weights)[len(row.weights) // 2]
        thousand = f"{row.seconds / row.operations * 1000:.1f} s" if row.operations >= 100 else "–"
        cells = (
            *(row.name, row.operations, f"{row.pages:,}", f"{row.seconds:.2f} s", thousand),
            *(f"{kib(heaviest.plain)} (`{heaviest.page}`)", kib(max(weight.packed for weight in row.weights)), kib(median)),
            *(f"{kib(plain)}, as sent {kib(sent)}" for plain, sent in (row.index, row.scripts)),
        )
        lines.append(f"| {' | '.join(map(str, cells))} |")
    about = f"specgw {metadata.version('specgw')}, {machine()}"
    return "\n".join([*lines, "", f"KiB; processor time, least of {rounds} rounds; {about}."])


def kib(count: int) -> str:
    """Bytes in KiB."""
    return f"{count / 1024:.1f}"


if __name__ == "__main__":
    sys.exit(main())
