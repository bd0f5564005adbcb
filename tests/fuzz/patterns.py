"""How long an expression may keep the gateway: `python -m tests.fuzz.patterns [--patterns N] [--seed N]`.

Expressions, known ones and made ones, are compiled as those of a document are, and asked of texts that make engines slow, of 50 KB and
of the lengths at which the compiler draws its lines. None that it accepts may take more than 10 ms of processor time for one
text, in the best of many tries, since a machine that does other things as well is slow at times.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import thread_time

from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.policies.validation.validators import Validator, Validators

SIZE = 50_000
LIMIT = 0.010
TRIES = 50
KNOWN = (
    "(a|a)*b", "(a+)+$", "^(a+)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(x+x+)+y", "(.*a){20}b", "(?:a?){1000}b", "([a-z]+)*1", "(a|aa)+$",
    r"^(\w+\s?)*$", r"(\d+)*\.\d+$", r"^\s+|\s+$", "a[ab]{12}c", "a[ab]{30}c", "a[ab]{100}c", r"a\w{30}1x", "a.{40}c", "^.*a.{100}c",
    r"\p{L}{1,20}1", r"\p{L}{1,50}1", r"\p{L}{1,200}1", r"\p{L}{100}1", "(?!b)a*c", "(?=.*c)a", "(?!(a|a)*b)c", "(?<!b)(a+)+c",
    r"(a*)*\1b", r"(.*)\1c", r"(.*)(.*)\1\2c", r"(a)(?=.*\1c)", "(?:(?=a*c)|a)*b", "(?:(?!.*c).)*b", "(?:(?!.*c)(?!.*d)(?!.*e).)*f",
    r"(?:(?!\w{1,60}1).)*2", r"^(?!.*(a|a)*b).*$", r"^(?=.*\d)(?=.*[a-z])(?!.*(.)\1\1).{8,}$", "^((?!x).)*$", "^(?!.*a.{30}c)[ab]+$",
    r"^[a-z-]+(?<!-)$", r"^[\w.+-]+@[\w-]+\.[\w.-]+$", r"^[^@]+@[^@]{1,255}$", "^[A-Za-z0-9+/]{4,5000}={0,2}$",
)  # fmt: skip
ATOMS = ("a", "b", ".", r"\w", "[ab]", "[^a]", r"\d", r"\p{L}", "(?:a|b)", "(a|ab)", "(?!b)", "(?=.*b)", "(?<=a)", "é", r"\s")
REPEATS = ("", "", "", "*", "+", "?", "*?", "{2}", "{1,20}", "{0,40}", "{3,}")


@dataclass
class Figures:
    """What a run has found."""

    patterns: int = 0
    findings: int = 0
    slowest: float = 0.0
    slow: int = 0

    def __str__(self) -> str:
        return (
            f"{self.patterns} expressions, {self.findings} of them with a finding: the slowest took {1000 * self.slowest:.1f} ms"
            f" for one text, {self.slow} took more than {1000 * LIMIT:.0f} ms"
        )


def made(random: Random) -> str:
    """An expression that nobody would write."""
    pattern = ""
    for _ in range(random.randint(1, 5)):
        atom = random.choice(ATOMS)
        pattern += atom + (random.choice(REPEATS) if not atom.startswith(("(?!", "(?=", "(?<")) else "")
        if random.random() < 0.2:
            pattern = f"({pattern}){random.choice(REPEATS)}"
    return random.choice(("", "", "^")) + pattern + random.choice(("", "", "$", "x"))


def texts(random: Random) -> Iterator[str]:
    """Long texts that nearly match, and those of the lengths at which the compiler draws its lines."""
    for size in (SIZE, 8000, 500):
        for unit in ("a", "ab", "é", "a b", "1"):
            yield (unit * size)[:size]
        yield "".join(random.choices("ab", k=size))
        yield "".join(random.choices("abé 1", k=size))


def validators(patterns: Sequence[str], folder: Path) -> tuple[list[Validator], int]:
    """The validators of texts with these expressions, made by the compiler, and how many of them have a finding."""
    body = {"required": True, "content": {"application/json": {}}}
    operations = {
        f"/p{number}": {
            "post": {
                "operationId": f"p{number}",
                "requestBody": {**body, "content": {"application/json": {"schema": {"type": "string", "pattern": pattern}}}},
                "responses": {"204": {"description": "ok"}},
            }
        }
        for number, pattern in enumerate(patterns)
    }
    info = {"title": "Patterns", "version": "1"}
    document = {"openapi": "3.1.0", "info": info, "servers": [{"url": "http://127.0.0.1"}], "paths": operations}
    (folder / "patterns.json").write_text(json.dumps(document))
    build = compile_documents(Inputs((folder,), base=folder))
    assert build.plan is not None, [str(finding) for finding in build.findings]
    compiled = Validators(build.plan.schemas)
    references = {route.path: None if route.body is None else route.body.content[0].schema for route in build.plan.routes}
    found = [compiled.get(references[path] or "", formats=True) for path in operations]
    compiled.compile()
    return found, sum(finding.code.startswith("pattern-") for finding in build.findings)


def measure(patterns: Sequence[str], random: Random, figures: Figures) -> Iterator[tuple[str, str, float]]:
    """Each expression, the text that took it longest, and the seconds."""
    with tempfile.TemporaryDirectory() as folder:
        asked, findings = validators(patterns, Path(folder))
    figures.findings += findings
    for pattern, validator in zip(patterns, asked, strict=True):
        worst, longest = "", 0.0
        for text in texts(random):
            best = float("inf")
            for _ in range(TRIES):
                begun = thread_time()
                validator.is_valid(text)
                best = min(best, thread_time() - begun)
                if best < LIMIT:
                    break
            if best > longest:
                worst, longest = text, best
        yield pattern, worst, longest


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 1 where an expression takes too long."""
    parser = argparse.ArgumentParser(description="Searches for expressions that keep the gateway too long.")
    parser.add_argument("--patterns", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    random = Random(options.seed)
    patterns = list(dict.fromkeys([*KNOWN, *(made(random) for _ in range(options.patterns))]))
    figures = Figures()
    for batch in _batches(patterns, 200):
        for pattern, text, seconds in measure(batch, random, figures):
            figures.patterns += 1
            figures.slowest = max(figures.slowest, seconds)
            if seconds > LIMIT:
                figures.slow += 1
                print(f"{1000 * seconds:8.1f} ms  {pattern}  on {len(text)} characters: {text[:20]}...", flush=True)
    print(figures)
    return 1 if figures.slow else 0


def _batches(patterns: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (patterns[start : start + size] for start in range(0, len(patterns), size))


if __name__ == "__main__":
    raise SystemExit(main())
