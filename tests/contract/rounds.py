"""Contract tests at length, each round with other requests: `nox -s contract` runs it.

`python -m tests.contract.rounds [--rounds N] [--examples N] [--seed N]` tests the sample system behind its gateway. It ends with 1 at
the first round that is not clean; its seed, which is printed, repeats it.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys

from tests.contract.system import sample_system
from tests.scenarios.process import ROOT, command, environment


def main() -> int:
    """Run the rounds; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--examples", type=int, default=200, help="requests that are generated for one operation, at most")
    parser.add_argument("--seed", type=int, help="of the first round; by default a random one")
    chosen = parser.parse_args()
    first = random.SystemRandom().randrange(1 << 31) if chosen.seed is None else chosen.seed
    for seed in range(first, first + chosen.rounds):
        with sample_system() as url:
            print(f"seed {seed}", flush=True)
            words = command("test", "specs", "--url", url, "--seed", str(seed), "--examples", str(chosen.examples))
            ended = subprocess.run(words, cwd=ROOT, env=environment(ACTIVE_PROFILES="dev"), check=False).returncode
        if ended:
            return ended
    return 0


if __name__ == "__main__":
    sys.exit(main())
