"""The exceptions for schemathesis are needed, each of them, and docs/contract-tests.md shows what came of the published documents."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.contract import published
from tests.contract.exceptions import EXCEPTIONS, RARE, REASONS, sorted_out
from tests.contract.verdict import Failure, outcome

DOCUMENT = Path(__file__).with_name("documents") / "disagreements.yaml"
KEPT = json.loads(published.KEPT.read_text())


@pytest.mark.slow
def test_schemathesis_still_reports_each_of_them() -> None:
    """The operation of a reason that no longer fails: schemathesis agrees now. Remove the reason, and its documents from the list."""
    run = outcome(DOCUMENT, seed=7, examples=15)
    shown = {
        name
        for name, reason in REASONS.items()
        for failure in run.failures
        if reason.explains(failure) and (f" /{name}" in failure.operation or name == "kept-json")
    }
    # The last one comes once in thousands of cases: the runs that were kept have it (below).
    assert shown == REASONS.keys() - {"unknown-format"}, run.said
    assert [failure for failure in run.failures if not any(reason.explains(failure) for reason in REASONS.values())] == []


def test_what_is_not_listed_for_a_document_is_a_failure() -> None:
    text = '- ST202 Schema-valid request rejected\n\n`{"keyword":"oneOf"}`'
    failure = Failure("PATCH /pets", "ST202", text)
    assert sorted_out("3.0-polymorphism", [failure]) == ([], ["discriminator"])
    assert sorted_out("museum", [failure]) == ([failure], [])


def test_every_listed_exception_came_in_the_runs_that_were_kept() -> None:
    """The installed schemathesis is the one that they were made with: another one needs `nox -s published -- --write FOLDER`."""
    assert KEPT["schemathesis"] == version("schemathesis")
    came = {(run["document"], reason) for run in KEPT["runs"] for reason in run["exceptions"]}
    assert {(name, reason) for listed in (EXCEPTIONS, RARE) for name, reasons in listed.items() for reason in reasons} <= came
    assert [run for run in KEPT["runs"] if run["failures"]] == []


def test_the_page_shows_what_was_kept(request: pytest.FixtureRequest) -> None:
    made = published.written()
    if request.config.getoption("--update-golden"):
        published.PAGE.write_text(made)
    assert published.PAGE.read_text() == made, "pytest tests/contract --update-golden writes it anew"
