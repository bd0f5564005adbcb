from __future__ import annotations

import subprocess
import sys

from specgw.plan import folder


def test_a_build_is_known_by_files_that_it_writes() -> None:
    assert folder.PLAN in folder.SIGNS
    assert set(folder.SIGNS) <= {value for value in vars(folder).values() if isinstance(value, str)}


def test_the_names_cost_nothing_to_import() -> None:
    code = "import sys, specgw.plan.folder; sys.exit('msgspec' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
