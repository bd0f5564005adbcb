from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from specgw import __version__
from specgw.__main__ import main
from specgw.cli import app

ROOT = Path(__file__).parents[2]


def test_the_script_and_the_module_are_the_same_command() -> None:
    assert main is app.main
    run = [sys.executable, "-m", "specgw"]
    done = subprocess.run([*run, "--version"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stdout.startswith(f"specgw {__version__} (")
    assert subprocess.run([*run, "no-such-command"], cwd=ROOT, capture_output=True).returncode == 2
