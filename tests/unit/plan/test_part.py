from __future__ import annotations

import msgspec
import pytest

from specgw.plan.part import Part


class Thing(Part, frozen=True, kw_only=True):
    name: str = "a"


def test_defaults_are_left_out_and_nothing_unknown_is_read() -> None:
    assert msgspec.json.encode(Thing()) == b"{}"
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"nme": "b"}', type=Thing)


def test_a_part_does_not_change() -> None:
    with pytest.raises(AttributeError):
        Thing().name = "b"  # type: ignore[misc]
