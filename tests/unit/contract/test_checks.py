"""The words of the installed schemathesis."""

from __future__ import annotations

import click
from schemathesis.cli import schemathesis

from specgw.contract.checks import CHECKS, PHASES


def known(option: str) -> set[str]:
    [parameter] = [parameter for parameter in schemathesis.commands["run"].params if option in parameter.opts]
    choices = getattr(parameter.type, "choices", None)
    assert isinstance(parameter, click.Option)
    assert choices, option
    return {str(getattr(choice, "value", choice)) for choice in choices}


def test_phases_are_those_that_it_has() -> None:
    assert known("--phases") == set(PHASES)


def test_checks_are_those_that_it_has() -> None:
    assert known("--checks") - {"all"} == set(CHECKS)
