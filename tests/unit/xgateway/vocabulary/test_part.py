from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import BeforeValidator, ValidationError

from specgw.xgateway.vocabulary.part import Part, wrong


def refuse(value: object) -> Any:
    raise wrong("something {else}", hint="try that", secret=True)


class Sample(Part):
    """A part."""

    max_body: int | None = None
    """A field."""
    secret: Annotated[str, BeforeValidator(refuse)] | None = None
    """Another."""


def test_names_outside_are_camel_case() -> None:
    assert Sample.model_validate({"maxBody": 5}).max_body == 5
    with pytest.raises(ValidationError, match="max_body"):
        Sample.model_validate({"max_body": 5})


@pytest.mark.parametrize("value", [{"maxBody": "5"}, {"maxBody": True}, {"maxBody": 5.0}, {"other": 1}])
def test_nothing_is_converted_and_nothing_unknown_accepted(value: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Sample.model_validate(value)


def test_a_part_does_not_change() -> None:
    with pytest.raises(ValidationError):
        Sample.model_validate({}).max_body = 5


def test_what_is_wrong_is_told_with_its_context() -> None:
    with pytest.raises(ValidationError) as caught:
        Sample.model_validate({"secret": "x"})
    (error,) = caught.value.errors()
    assert error["msg"] == "something {else}"
    assert error["type"] == "wrong-value"
    assert error["ctx"] == {"phrase": "something {else}", "hint": "try that", "secret": True, "resolves": False}
