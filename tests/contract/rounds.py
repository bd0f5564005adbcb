"""Contract tests at length, each round with other requests: `nox -s contract` runs it.

`python -m tests.contract.rounds [--rounds N] [--examples N] [--seed N] [DOCUMENT…]` tests the sample system behind its gateway and in its
sandbox; where documents are named, the sandbox of each of them instead. It ends with 1 if anything was not clean; the seeds
that are printed repeat it. docs/contract-tests.md has what schemathesis reports wrongly.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.contract.system import STATELESS, keeping, sample_system, sandbox
from tests.scenarios.process import ROOT, command, environment


def main() -> int:
    """Run the rounds; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--examples", type=int, default=200, help="requests that are generated for one operation, at most")
    parser.add_argument("--seed", type=int, help="of the first round; by default a random one")
    chosen = parser.parse_args()
    first = random.SystemRandom().randrange(1 << 31) if chosen.seed is None else chosen.seed
    verdicts: dict[str, int] = {}
    for seed in range(first, first + chosen.rounds):
        options = ("--seed", str(seed), "--examples", str(chosen.examples))
        for document in chosen.documents:
            with sandbox(document.absolute()) as url:
                verdicts[f"sandbox of {document}, seed {seed}"] = tested(document, url, ("--sandbox", *STATELESS, *options), dev=False)
        if not chosen.documents:
            with tempfile.TemporaryDirectory() as folder:
                specs = keeping(Path(folder))
                with sandbox(specs) as url:
                    verdicts[f"sandbox, seed {seed}"] = tested(specs, url, ("--sandbox", *options), dev=False)
            with sample_system() as url:
                verdicts[f"gateway, seed {seed}"] = tested(ROOT / "specs", url, options, dev=True)
    for name, code in verdicts.items():
        print(f"{'clean' if code == 0 else 'NOT CLEAN'}: {name}", flush=True)
    return int(any(verdicts.values()))


def tested(document: Path, url: str, options: Sequence[str], *, dev: bool) -> int:
    """Test once, with what schemathesis says on standard output; returns the exit code."""
    words = command("test", document.absolute(), "--url", url, *options)
    environ = environment(ACTIVE_PROFILES="dev") if dev else environment()
    return subprocess.run(words, cwd=ROOT, env=environ, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
