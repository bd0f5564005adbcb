"""What tests/golden/explain does not show: control characters, and styles that only a terminal gets."""

from __future__ import annotations

from specgw.cli.explaining.asked import read_asked
from specgw.cli.explaining.explanation import explain
from specgw.cli.explaining.text import as_text
from tests.unit.cli.explaining.test_explanation import MATRIX, ORIGINS, PLAN


def test_nothing_of_a_request_moves_the_cursor() -> None:
    asked = read_asked("GET", "http://a\x1b[2Jb/api/users?x=\x07")
    assert not any(character in as_text(explain(PLAN, ORIGINS, MATRIX, asked)).plain for character in "\x1b\x07")


def test_columns_stand_below_each_other() -> None:
    lines = as_text(explain(PLAN, ORIGINS, MATRIX, read_asked("GET", "/api/users"))).plain.splitlines()
    settings = lines[lines.index("settings") + 1 :]
    assert settings[0].split() == ["mount", "/api", "root,", "api.yaml:3"]
    assert len({line.index(place) for line in settings for place in ("root, ", "path, ", "operation, ", "built-in") if place in line}) == 1
