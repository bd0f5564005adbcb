from __future__ import annotations

from datetime import UTC, datetime

import pytest

from specgw.compiler.retirement import extensions, fields, instant
from specgw.plan.model import Edits
from specgw.xgateway.settings import HeaderEdits, Settings


def test_an_operation_that_stays_says_nothing() -> None:
    assert fields(Settings(), deprecated=False) is None
    own = Edits(remove=("Server",))
    assert fields(Settings(headers=HeaderEdits(response=own)), deprecated=False) is own


def test_what_goes_says_so() -> None:
    made = fields(Settings(sunset="2027-06-30", successor="/v2/pets"), deprecated=True)
    assert made == Edits(
        set={"Deprecation": "@0", "Sunset": "Wed, 30 Jun 2027 00:00:00 GMT"},
        add={"Link": ('</v2/pets>; rel="successor-version"',)},
    )


def test_each_is_told_alone() -> None:
    assert fields(Settings(), deprecated=True) == Edits(set={"Deprecation": "@0"})
    assert fields(Settings(sunset="2027-06-30T14:00:00+02:00"), deprecated=False) == Edits(set={"Sunset": "Wed, 30 Jun 2027 12:00:00 GMT"})


def test_what_the_author_sets_stands() -> None:
    own = Edits(set={"deprecation": "@1767225600"}, add={"link": ('</about>; rel="deprecation"',)}, remove=("Server",))
    made = fields(Settings(headers=HeaderEdits(response=own), successor="/v2"), deprecated=True)
    assert made == Edits(
        set={"deprecation": "@1767225600"},
        add={"link": ('</about>; rel="deprecation"', '</v2>; rel="successor-version"')},
        remove=("Server",),
    )


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-06-30", datetime(2027, 6, 30, tzinfo=UTC)),
        ("2027-06-30T23:30:00Z", datetime(2027, 6, 30, 23, 30, tzinfo=UTC)),
        ("2027-06-30T23:30:00-01:00", datetime(2027, 7, 1, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_sunset_is_a_moment(text: str, moment: datetime) -> None:
    assert instant(text) == moment


def test_the_document_says_it_too() -> None:
    assert extensions(Settings()) == {}
    assert extensions(Settings(sunset="2027-06-30", successor="/v2")) == {"x-sunset": "2027-06-30", "x-successor": "/v2"}
