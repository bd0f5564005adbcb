"""Who asked for a change: each of the three signs is needed."""

from __future__ import annotations

import pytest

from specgw.http import Request
from specgw.portal.live.guard import elsewhere, foreign, forged
from specgw.portal.live.place import Place
from specgw.problems import CROSS_SITE

PLACE = Place("https://api.example")


def request(*fields: tuple[str, str]) -> Request:
    return Request(method="POST", path="/portal/keys", headers=[(name.encode(), value.encode()) for name, value in fields])


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ([("origin", "https://api.example")], False),
        ([("origin", "https://api.example"), ("sec-fetch-site", "same-origin")], False),
        ([], True),
        ([("sec-fetch-site", "same-origin")], True),
        ([("origin", "null")], True),
        ([("origin", "http://api.example")], True),
        ([("origin", "https://api.example:8443")], True),
        ([("origin", "https://api.example.evil.example")], True),
        ([("origin", "https://api.example"), ("origin", "https://api.example")], True),
        ([("origin", "https://api.example"), ("sec-fetch-site", "same-site")], True),
        ([("origin", "https://api.example"), ("sec-fetch-site", "cross-site")], True),
        ([("origin", "https://api.example"), ("sec-fetch-site", "none")], True),
    ],
)
def test_only_pages_of_this_origin_change_anything(fields: list[tuple[str, str]], refused: bool) -> None:
    problem = foreign(request(*fields), PLACE)
    assert (problem is not None) is refused
    assert problem is None or problem.kind is CROSS_SITE


@pytest.mark.parametrize(
    ("site", "refused"), [(None, False), ("none", False), ("same-origin", False), ("same-site", True), ("cross-site", True)]
)
def test_no_other_site_begins_to_sign_anybody_in(site: str | None, refused: bool) -> None:
    assert (elsewhere(request(*([] if site is None else [("sec-fetch-site", site)]))) is not None) is refused


@pytest.mark.parametrize(
    ("tokens", "refused"), [(["t-1"], False), ([], True), ([""], True), (["t-2"], True), (["t-1", "t-1"], True), (["é"], True)]
)
def test_a_change_brings_the_token_of_its_session(tokens: list[str], refused: bool) -> None:
    assert (forged(request(*(("x-csrf-token", token) for token in tokens)), "t-1") is not None) is refused
