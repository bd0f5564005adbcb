from __future__ import annotations

from datetime import date

import pytest

from specgw.changes.clients.sunset import over, sunset, sunsets


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2030-01-02", date(2030, 1, 2)),
        ("2030-01-02T10:00:00Z", date(2030, 1, 2)),
        (date(2030, 1, 2), date(2030, 1, 2)),
        ("soon", None),
        (None, None),
    ],
)
def test_a_day_in_any_form_that_is_one(said: object, day: date | None) -> None:
    assert sunset({"x-sunset": said}) == day


def test_only_what_is_deprecated_can_be_over() -> None:
    gone = {"x-sunset": "2020-01-01"}
    assert not over(gone, date(2021, 1, 1))
    assert over({**gone, "deprecated": True}, date(2020, 1, 1))
    assert not over({**gone, "deprecated": True}, date(2019, 12, 31))


def test_where_it_is_told() -> None:
    [difference] = sunsets({}, {"x-sunset": "2030-01-02"}, "query q", ("parameters", "query:q"))
    assert (difference.code, difference.place, difference.after) == ("sunset-added", "query q", "2030-01-02")
    assert difference.tokens == ("parameters", "query:q", "x-sunset")
