from __future__ import annotations

from typing import Any

import pytest

from specgw.plan.model import Conditions, Origin, Route, Validate


def route(**members: Any) -> Route:
    return Route(id="a", service="s", method="GET", path="/", document_path="/", origin=Origin(file="f", line=1), **members)


@pytest.mark.parametrize(
    ("members", "enforcement"),
    [
        ({}, "full"),
        ({"unenforced": ("a pattern",)}, "partial"),
        ({"validate": Validate(request="report")}, "off"),
        ({"validate": Validate(request="off"), "unenforced": ("a pattern",)}, "off"),
    ],
)
def test_enforcement_says_how_much_of_the_contract_holds(members: dict[str, Any], enforcement: str) -> None:
    assert route(**members).enforcement == enforcement


def test_every_header_and_query_parameter_weighs() -> None:
    assert Conditions().weight == 0
    assert Conditions(headers={"a": None, "b": "1"}, query={"c": "2"}).weight == 3


def test_a_plan_cannot_be_changed() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        route().id = "b"  # type: ignore[misc]
