"""The limit of descriptors, raised and counted, in a process of its own."""

from __future__ import annotations

import resource
import subprocess
import sys

PROBE = """
import resource
from specgw.dataplane import descriptors
resource.setrlimit(resource.RLIMIT_NOFILE, (64, {hard}))
print(descriptors.room())
descriptors.raise_limit()
print(resource.getrlimit(resource.RLIMIT_NOFILE), descriptors.room())
"""


def test_the_soft_limit_becomes_the_hard_one_and_two_connections_fit_for_each_client() -> None:
    said = subprocess.run([sys.executable, "-c", PROBE.format(hard=464)], capture_output=True, text=True, check=True).stdout
    assert said.split("\n") == ["1", "(464, 464) 200", ""]


def test_there_is_room_here() -> None:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    from specgw.dataplane import descriptors

    room = descriptors.room()
    assert room is None if soft == resource.RLIM_INFINITY else room is not None and room * 2 + descriptors.RESERVE <= soft
