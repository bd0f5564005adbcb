"""Contract tests of the sandboxes of published documents, each phase and each check: `nox -s published` runs it.

`python -m tests.contract.published [--seed N]… [--rounds N] [--examples N] [--write] DOCUMENT|FOLDER…` says of each document what came
with each seed. It ends with 1 where something is not clean for another reason than those of `exceptions.py`, or where a listed reason
did not show with the fixed seeds (1 and 2, unless others are named). `--rounds N` goes on with random seeds. `--write` keeps what came in
published.json, and docs/contract-tests.md shows it. It goes on for an hour or more.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from tests.contract.exceptions import EMPTY, EXCEPTIONS, REASONS, sorted_out
from tests.contract.verdict import Run, outcome
from tests.scenarios.process import ROOT

KEPT = Path(__file__).with_name("published.json")
PAGE = ROOT / "docs" / "contract-tests.md"
FIXED = (1, 2)
_BEGIN, _END = "<!-- published: made by tests/contract/published.py -->\n", "<!-- published: end -->\n"


def main() -> int:
    """Run; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", nargs="+", type=Path, metavar="DOCUMENT|FOLDER")
    parser.add_argument("--seed", dest="seeds", type=int, action="append", help="a fixed seed; may be repeated")
    parser.add_argument("--rounds", type=int, default=0, help="rounds with a random seed each, after the fixed ones")
    parser.add_argument("--examples", type=int, help="requests that are generated for one operation, at most")
    parser.add_argument("--write", action="store_true", help="keep what came, for docs/contract-tests.md")
    chosen = parser.parse_args()
    fixed = tuple(chosen.seeds or FIXED)
    seeds = [*fixed, *(random.SystemRandom().randrange(3, 1 << 31) for _ in range(chosen.rounds))]
    print(f"seeds: {' '.join(map(str, seeds))}", flush=True)
    wrong = 0
    shown: dict[str, set[str]] = {}
    for seed in seeds:
        for document in documents(chosen.places):
            run = outcome(document, seed=seed, examples=chosen.examples)
            left, reasons = sorted_out(document.stem, run.failures)
            clean = not left and verdict_fits(document.stem, run)
            wrong += not clean
            if seed in fixed:
                shown.setdefault(document.stem, set()).update(reasons)
            print(f"{'clean' if clean else 'NOT CLEAN'}: {document.stem}, seed {seed}: {told(run, reasons)}", flush=True)
            for failure in left:
                print(f"  {failure.operation}\n    {failure.text}".replace("\n", "\n    "), flush=True)
            if not clean and not left:
                print(run.said, flush=True)
            if chosen.write:
                keep(document.stem, seed, run, len(left), reasons)
    for name, reasons_shown in shown.items():
        for reason in sorted({*EXCEPTIONS.get(name, ())} - reasons_shown):
            wrong += 1
            print(f"NO LONGER NEEDED: {name} with the fixed seeds: {reason} ({REASONS[reason].schemathesis})", flush=True)
    return int(wrong > 0)


def documents(places: Sequence[Path]) -> Iterator[Path]:
    """The OpenAPI documents among files, and in folders."""
    for place in places:
        for file in sorted(place.iterdir()) if place.is_dir() else [place]:
            if file.suffix in (".json", ".yaml") and yaml.load(file.read_bytes(), yaml.CSafeLoader).keys() & {"openapi", "swagger"}:
                yield file


def verdict_fits(name: str, run: Run) -> bool:
    """Whether the exit code is what the failures make it: 0 without any, 2 where there is nothing to test."""
    return run.code == (2 if name in EMPTY else int(bool(run.failures)))


def told(run: Run, reasons: Sequence[str]) -> str:
    """A run in a line."""
    excused = f", {len(run.failures)} failures for {', '.join(reasons)}" if reasons else ""
    return f"{run.operations} operations, {run.cases} cases, {run.filtered} filtered, {run.seconds:.0f} s{excused}"


def keep(name: str, seed: int, run: Run, left: int, reasons: Sequence[str]) -> None:
    """Keep what came of a run, instead of what came of an earlier one, and show it."""
    kept: dict[str, Any] = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    if kept.get("schemathesis") != version("schemathesis"):
        kept = {"schemathesis": version("schemathesis"), "runs": []}
    others = [entry for entry in kept["runs"] if (entry["document"], entry["seed"]) != (name, seed)]
    entry = {"document": name, "seed": seed, "operations": run.operations, "cases": run.cases, "seconds": round(run.seconds, 1)}
    made = {**entry, "failures": left, "exceptions": list(reasons)}
    kept["runs"] = sorted([*others, made], key=lambda entry: (entry["document"], entry["seed"]))
    lines = ",\n".join(f"  {json.dumps(entry)}" for entry in kept["runs"])
    KEPT.write_text(f'{{"schemathesis": "{kept["schemathesis"]}", "runs": [\n{lines}\n]}}\n')
    PAGE.write_text(written())


def written() -> str:
    """The page with the tables of what was kept."""
    text = PAGE.read_text()
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    lines = "".join(f"{line}\n" for line in tables())
    return f"{before}{_BEGIN}{lines}{_END}{after}"


def tables() -> Iterator[str]:
    """The reasons, and the documents."""
    kept = json.loads(KEPT.read_text())
    yield "| | schemathesis | the rule |"
    yield "|---|---|---|"
    for name, reason in REASONS.items():
        yield f"| {name} | {reason.schemathesis} | {reason.rule} |"
    yield ""
    seeds = sorted({entry["seed"] for entry in kept["runs"]})
    cases = sum(entry["cases"] for entry in kept["runs"])
    yield f"With schemathesis {kept['schemathesis']}, {len(kept['runs'])} runs with {len(seeds)} seeds, {cases:,} cases:"
    yield ""
    yield "| document | operations | seeds | cases | seconds | failures | exceptions |"
    yield "|---|--:|--:|--:|--:|--:|---|"
    for name in sorted({entry["document"] for entry in kept["runs"]}):
        runs = [entry for entry in kept["runs"] if entry["document"] == name]
        operations, numbers = max(entry["operations"] for entry in runs), len(runs)
        cases, seconds, left = (sum(entry[key] for entry in runs) for key in ("cases", "seconds", "failures"))
        reasons = EMPTY.get(name) or ", ".join(sorted({reason for entry in runs for reason in entry["exceptions"]}))
        yield f"| {name} | {operations} | {numbers} | {cases} | {seconds:.0f} | {left} | {reasons} |"


if __name__ == "__main__":
    sys.exit(main())
