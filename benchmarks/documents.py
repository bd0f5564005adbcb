"""What real documents cost to compile, and what is found in them: time, memory, operations, routes, findings.

Run `python -m benchmarks.documents FOLDER`: every OpenAPI document below the folder is checked by `specgw check` in a
process of its own, with the files that it refers to; the fastest of some rounds counts. With `--write` the table goes into
docs/documents.md. A document with another number of entries in `specgw routes` than operations ends the program with 1.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.pages import DOCS, write
from specgw.diagnostics import Findings
from specgw.openapi.source import parse

METHODS = frozenset(("get", "put", "post", "delete", "options", "head", "patch", "trace"))
# A process begins with the memory of the one that it was forked from: a small one stands between.
MEASURE = """
import json, resource, subprocess, sys
with open(sys.argv[1], "wb") as file:
    subprocess.run([sys.executable, "-m", "specgw", *sys.argv[2:]], stdout=file, stderr=subprocess.DEVNULL, check=False)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]))
"""


@dataclass(frozen=True)
class Row:
    """What was measured of one document."""

    name: str
    version: str
    size: int
    seconds: float
    mebibytes: float
    operations: int
    entries: int
    served: int
    findings: Counter[str]
    errors: int


def main() -> int:
    """Measure, print the table, and write it into the page when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="write the table into docs/documents.md")
    arguments = parser.parse_args()
    rows = [measure(path, root, arguments.folder, arguments.rounds) for path, root in documents(arguments.folder)]
    text = table(rows)
    print(text)
    if arguments.write:
        write(text, "documents", "python -m benchmarks.documents FOLDER --write", DOCS / "documents.md")
    return int(any(row.operations != row.entries for row in rows))


def documents(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The documents below a folder, each with its root."""
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".yaml", ".yml", ".json") or not path.is_file():
            continue
        parsed = parse(path.read_bytes(), path.name, Findings())
        root = parsed.value if parsed is not None else None
        if isinstance(root, dict) and ("openapi" in root or "swagger" in root):
            yield path, root


def measure(path: Path, root: dict[str, Any], folder: Path, rounds: int) -> Row:
    """Check one document in processes of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        listing = json.loads(run(["routes", str(path), "--format", "json"], Path(scratch))[0])["routes"]
        spent: list[tuple[float, float]] = []
        found: list[dict[str, Any]] = []
        for _ in range(rounds):
            text, seconds, mebibytes = run(["check", str(path), "--format", "json"], Path(scratch))
            found = json.loads(text)["findings"]
            spent.append((seconds, mebibytes))
    return Row(
        name=path.relative_to(folder).as_posix(),
        version=str(root.get("openapi", root.get("swagger"))),
        size=path.stat().st_size,
        seconds=min(seconds for seconds, _ in spent),
        mebibytes=min(mebibytes for _, mebibytes in spent),
        operations=declared(root),
        entries=len(listing),
        served=sum(entry["enforcement"] not in ("disabled", "unreachable") for entry in listing),
        findings=Counter(finding["code"] for finding in found),
        errors=sum(finding["severity"] == "error" for finding in found),
    )


def run(arguments: Sequence[str], scratch: Path) -> tuple[str, float, float]:
    """What a command wrote, the seconds of a processor that it took, and the most memory that it had in MiB."""
    output = scratch / "output"
    command = [sys.executable, "-c", MEASURE, str(output), *arguments]
    seconds, mebibytes = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return output.read_text(), seconds, mebibytes


def declared(root: dict[str, Any]) -> int:
    """How many operations a root declares; path items in other files hold what they hold, and are not counted here."""
    items = root.get("paths")
    return sum(
        method.lower() in METHODS and isinstance(operation, dict)
        for item in (items.values() if isinstance(items, dict) else ())
        if isinstance(item, dict)
        for method, operation in item.items()
    )


def table(rows: Sequence[Row]) -> str:
    """The table of the page."""
    lines = [
        "| document | version | KiB | CPU seconds | MiB | operations | entries | served | errors | findings |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---|",
    ]
    for row in rows:
        found = ", ".join(f"{code} {count}" for code, count in sorted(row.findings.items())) or "none"
        lines.append(
            f"| {row.name} | {row.version} | {row.size // 1024} | {row.seconds:.2f} | {row.mebibytes:.0f} | {row.operations} "
            f"| {row.entries} | {row.served} | {row.errors} | {found} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
