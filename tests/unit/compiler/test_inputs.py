from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from specgw.compiler.inputs import Inputs


def test_only_the_paths_have_to_be_said() -> None:
    assert Inputs((Path("specs"),)) == Inputs((Path("specs"),), None, (), None, None)


def test_they_do_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Inputs(()).upstream = "http://a"  # type: ignore[misc]
