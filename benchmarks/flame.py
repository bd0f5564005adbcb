"""A flame graph of the hot path: py-spy looks at a loaded gateway, and docs/flame.svg shows where the time goes.

    nox -s flame

Half of the load are GETs, half POSTs, with everything on; the width of a box is the share of CPU time. What the graph calls
native is uvloop and the system.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import tempfile
from pathlib import Path

from benchmarks.gateways import works
from benchmarks.load import LOAD_CORE, measure
from benchmarks.pages import DOCS
from benchmarks.rivals import ENFORCING, bench, program

TITLE = "specgw under load, everything on: where the time goes"


def main() -> None:
    """Load the gateway and record it meanwhile."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=10, help="of each kind of request")
    parser.add_argument("--output", type=Path, default=DOCS / "flame.svg")
    arguments = parser.parse_args()
    spy = program("py-spy")
    if spy is None:
        raise SystemExit("needs py-spy: 'nox -s flame' installs it")
    with tempfile.TemporaryDirectory() as name, bench(Path(name)) as started:
        gateway = started.specgw("everything on", ENFORCING)
        asked = works(Path(name))
        for work in asked:
            measure(gateway.name, gateway.pid, gateway.port, work, 32, 1)
        command = [spy, "record", "--pid", str(gateway.pid), "--output", str(arguments.output), "--rate", "500", "--function"]
        command += ["--duration", str(arguments.seconds * len(asked))]
        recording = subprocess.Popen(["taskset", "-c", LOAD_CORE, *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for work in asked:
            measure(gateway.name, gateway.pid, gateway.port, work, 32, arguments.seconds)
        _, said = recording.communicate(timeout=60)
        if recording.returncode:
            raise SystemExit(said.decode())
    arguments.output.write_text(titled(arguments.output.read_text()))


def titled(drawn: str) -> str:
    """The picture with a title of its own: py-spy's is its command, with the paths of the machine."""
    return re.sub(r'(<text id="title"[^>]*>)[^<]*', rf"\1{TITLE}", drawn)


if __name__ == "__main__":
    main()
