"""The whole compiled validation against openapi-core, on documents and requests at random.

The verdict is the same, or the difference belongs to a row of tests/conformance/differences.py: docs/differences.md.
"""

from __future__ import annotations

import pytest
from hypothesis import event, given, settings

from tests.conformance import generated
from tests.conformance.asking import Gateway
from tests.conformance.differences import DIFFERENCES, Difference, ask_both, asked, explained
from tests.conformance.generated import Contract
from tests.conformance.others import openapi_core


def agree(contract: Contract, texts: list[str | None]) -> None:
    ours, theirs = Gateway(contract.document), openapi_core(contract.document)
    for text in texts:
        found = ask_both(ours, theirs, contract, text)
        event("admitted" if found.ours else "refused")
        if found.ours != found.theirs:
            rows = explained(found)
            assert rows, f"{contract.part} of {contract.version}, sent {text!r}: we say {found.ours}, openapi-core {found.theirs}"


@settings(max_examples=60)
@given(generated.parameters())
def test_parameters(case: tuple[Contract, list[str | None]]) -> None:
    agree(*case)


@settings(max_examples=40)
@given(generated.forms())
def test_forms(case: tuple[Contract, list[str | None]]) -> None:
    agree(*case)


@settings(max_examples=80)
@given(generated.json_bodies())
def test_json_bodies_without_any_difference(case: tuple[Contract, list[str | None]]) -> None:
    contract, texts = case
    ours, theirs = Gateway(contract.document), openapi_core(contract.document)
    for text in texts:
        found = ask_both(ours, theirs, contract, text)
        assert found.ours == found.theirs, (contract.part, text)


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in DIFFERENCES])
def test_the_example_of_a_row_shows_it(row: Difference) -> None:
    found = asked(row.contract, row.text)
    assert found.ours != found.theirs
    assert row in explained(found)
