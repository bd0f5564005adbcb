from __future__ import annotations

import pytest

from specgw.compiler.names import unused


@pytest.mark.parametrize(
    ("taken", "name"),
    [(set(), "users"), ({"users"}, "users-2"), ({"users", "users-2", "users-4"}, "users-3"), ({"users-2"}, "users")],
)
def test_a_name_that_is_taken_gets_the_first_free_number(taken: set[str], name: str) -> None:
    assert unused("users", taken.__contains__) == name


def test_the_number_stands_behind_its_mark_and_before_the_end() -> None:
    assert unused("openapi.users", {"openapi.users.json"}.__contains__, mark=".", end=".json") == "openapi.users.2.json"
