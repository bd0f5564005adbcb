from __future__ import annotations

import pytest

from specgw.http import MediaType, parse_media_type
from specgw.plan.model import Content
from specgw.policies.validation.media import MediaRanges, covers


def ranges(*media_ranges: str) -> MediaRanges[str]:
    return MediaRanges([Content(media_range=text) for text in media_ranges], lambda media, content: content.media_range)


DECLARED = (
    "*/*", "application/*", "application/json", "application/json; charset=utf-8", "application/json; charset=utf-8; profile=a",
    "application/*+json", "text/*", "text/plain",
)  # fmt: skip


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("application/json", "application/json"),
        ("APPLICATION/JSON", "application/json"),
        ("application/json; charset=utf-8", "application/json; charset=utf-8"),
        ("application/json;charset=UTF-8", "application/json; charset=utf-8"),
        ('application/json; charset="utf-8"', "application/json; charset=utf-8"),
        ("application/json; profile=a; charset=utf-8", "application/json; charset=utf-8; profile=a"),
        ("application/json; charset=latin1", "application/json"),
        ("application/vnd.x+json", "application/*+json"),
        ("application/xml", "application/*"),
        ("text/plain", "text/plain"),
        ("text/html", "text/*"),
        ("image/png", "*/*"),
        (" text/plain ", "text/plain"),
    ],
)
def test_the_most_specific_range_wins(content_type: str, expected: str) -> None:
    for declared in (DECLARED, DECLARED[::-1]):
        assert ranges(*declared).get(content_type.encode()) == expected


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=UTF-8", "application/json; charset=latin1"])
def test_json_has_no_charset_that_could_make_another_range_of_it(content_type: str) -> None:
    assert ranges("application/json; charset=utf-8").get(content_type.encode()) == "application/json; charset=utf-8"
    assert ranges("text/csv; charset=utf-8").get(content_type.replace("application/json", "text/csv").encode()) in (
        ("text/csv; charset=utf-8",) if "UTF-8" in content_type else (None,)
    )


@pytest.mark.parametrize(
    "content_type", ["application/json, application/json", "json", "", "application/", "a/b c", "application/json; =x", "\xff/x"]
)
def test_what_is_no_media_type_is_covered_by_nothing(content_type: str) -> None:
    assert ranges("*/*").get(content_type.encode("latin-1")) is None


@pytest.mark.parametrize(
    ("media_range", "media", "expected"),
    [
        ("application/json; version=1", "application/json", False),
        ("application/json; version=1", "application/json; version=2", False),
        ("application/json; version=a", "application/json; version=A", False),
        ("application/*+json", "application/json", False),
        ("text/*", "application/json", False),
    ],
)
def test_covers(media_range: str, media: str, expected: bool) -> None:
    one, other = parse_media_type(media_range), parse_media_type(media)
    assert one is not None
    assert other is not None
    assert covers(one, other) is expected


def test_a_type_is_decided_once_and_no_flood_of_types_is_remembered() -> None:
    asked: list[str] = []

    def decide(media: MediaType, content: Content) -> str:
        asked.append(media.essence)
        return content.media_range

    media = MediaRanges([Content(media_range="*/*")], decide)
    assert [media.get(b"a/b"), media.get(b"a/b")] == ["*/*", "*/*"]
    assert asked == ["a/b"]
    for index in range(1000):
        media.get(b"x/y%d" % index)
    del asked[:]
    media.get(b"a/b")
    media.get(b"x/y999")
    assert asked == ["x/y999"]
    assert media.allowed == "*/*"


def test_boundaries_push_nothing_out() -> None:
    media = ranges("multipart/form-data", "text/plain")
    for index in range(100):
        assert media.get(b"multipart/form-data; boundary=%d" % index) == "multipart/form-data"
    asked = media.get(b"text/plain")
    assert asked == "text/plain"
