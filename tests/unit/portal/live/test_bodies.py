"""Bodies: small, exact, every fault at its place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from specgw.http import Request
from specgw.portal.live.bodies import DAY, LONGEST_OVERLAP, Members, Refused


def request(body: bytes | dict[str, Any], *, media: str = "application/json", **fields: str) -> Request:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = [(b"content-type", media.encode()), *((name.replace("_", "-").encode(), value.encode()) for name, value in fields.items())]
    return Request(method="POST", path="/portal/keys", headers=headers, body=data)


def places(refused: Refused) -> list[str]:
    return [violation.pointer for violation in refused.problem.violations]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (request({}, media="text/plain"), 415),
        (request({}, media="application/x-www-form-urlencoded"), 415),
        (request({}, media="application/json-patch+json"), 415),
        (request({}, media="x"), 415),
        (request({}, content_encoding="gzip"), 415),
        (Request(method="POST", path="/"), 415),
        (request(b""), 400),
        (request(b"[]"), 400),
        (request(b"null"), 400),
        (request(b'{"a":1,"a":1}'), 400),
        (request(b'{"a":[[[[[]]]]]}'), 400),
        (request(b'{"a":"\xff"}'), 400),
    ],
)
def test_what_is_no_body(asked: Request, status: int) -> None:
    with pytest.raises(Refused) as refused:
        Members.of(asked)
    assert refused.value.problem.status == status


def test_a_charset_makes_no_difference() -> None:
    Members.of(request({}, media="application/json; charset=utf-8")).done()


@pytest.mark.parametrize(
    ("said", "name"),
    [("till 4", "till 4"), ("  Kasse  Süd ", "Kasse  Süd"), ("x" * 80, "x" * 80), ("レジ", "レジ")],
)
def test_names_that_are_taken(said: str, name: str) -> None:
    members = Members.of(request({"name": said}))
    assert members.name() == name
    members.done("name")


@pytest.mark.parametrize(
    "said", [None, "", "   ", 5, ["a"], "x" * 81, "a\nb", "a\x00b", "a\x7f", "a\u202eb", "a\u200bb", "a\u2028b", "a\ue000b", "\ufeffa"]
)
def test_names_that_are_not(said: Any) -> None:
    members = Members.of(request({"name": said}))
    members.name()
    with pytest.raises(Refused) as refused:
        members.done("name")
    assert places(refused.value) == ["/name"]


@pytest.mark.parametrize(
    ("said", "longest", "lifetime"),
    [({}, None, None), ({}, 600.0, 600.0), ({"days": 30}, None, 30 * DAY), ({"days": 2}, 2.5 * DAY, 2 * DAY), ({"days": 1}, 600.0, 600.0)],
)
def test_how_long_a_key_is_good(said: dict[str, Any], longest: float | None, lifetime: float | None) -> None:
    members = Members.of(request(said))
    assert members.lifetime(longest) == lifetime
    members.done("days")


@pytest.mark.parametrize(("said", "longest"), [(0, None), (-1, None), (3651, None), (1.5, None), (True, None), ("1", None), (3, 2.5 * DAY)])
def test_how_long_it_cannot_be(said: Any, longest: float | None) -> None:
    members = Members.of(request({"days": said}))
    members.lifetime(longest)
    with pytest.raises(Refused) as refused:
        members.done("days")
    assert places(refused.value) == ["/days"]


@pytest.mark.parametrize(
    ("said", "good"), [(0, True), (LONGEST_OVERLAP, True), (LONGEST_OVERLAP + 1, False), (-1, False), (None, False), (True, False)]
)
def test_overlaps(said: Any, good: bool) -> None:
    members = Members.of(request({"overlap": said}))
    assert members.overlap() == (said if good else 0)
    if good:
        members.done("overlap")
    else:
        with pytest.raises(Refused):
            members.done("overlap")


def test_all_faults_are_told_at_once() -> None:
    members = Members.of(request({"name": "", "days": 0, "consumer": "shop", "scopes": ["admin"]}))
    members.name()
    members.lifetime(None)
    with pytest.raises(Refused) as refused:
        members.done("name", "days")
    assert places(refused.value) == ["/name", "/days", ""]
    assert b"shop" not in refused.value.problem.body()
