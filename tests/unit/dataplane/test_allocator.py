"""The allocator's setting is the whole process's, so that it is tried in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.scenarios.process import environment


@pytest.mark.skipif(not hasattr(os, "confstr") or "glibc" not in (os.confstr("CS_GNU_LIBC_VERSION") or ""), reason="glibc's own setting")
def test_the_c_library_takes_it() -> None:
    program = "from specgw.dataplane.allocator import join_at_once; print(join_at_once())"
    done = subprocess.run([sys.executable, "-c", program], env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
