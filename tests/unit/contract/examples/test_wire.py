"""Values as they are sent; that they are read again as the same values is what `proof` shows."""

from __future__ import annotations

from typing import Any

import pytest

from specgw.contract.examples.wire import Unwritable, body
from specgw.plan.model import Content, Encoding


@pytest.mark.parametrize(
    ("content", "value", "kind", "text"),
    [
        (Content(media_range="application/json", kind="json"), {"a": [1, None]}, "application/json", b'{"a":[1,null]}'),
        (Content(media_range="application/*", kind="json"), "a", "application/json", b'"a"'),
        (Content(media_range="text/plain", kind="text"), "ä", "text/plain", "ä".encode()),
        (Content(media_range="text/plain", kind="text"), 7, "text/plain", b"7"),
        (Content(media_range="application/xml", kind="xml"), "<a/>", "application/xml", b"<a/>"),
        (
            Content(
                media_range="application/x-www-form-urlencoded",
                kind="urlencoded",
                encoding={"c": Encoding(style="pipeDelimited", explode=False, styled=True)},
            ),
            {"a b": "x&y", "list": [1, 2], "c": ["p", "q"]},
            "application/x-www-form-urlencoded",
            b"a%20b=x%26y&list=1&list=2&c=p%7Cq",
        ),
    ],
)
def test_bodies(content: Content, value: Any, kind: str, text: bytes) -> None:
    assert body(content, value) == (kind, text)


def test_multipart() -> None:
    content = Content(media_range="multipart/form-data", kind="multipart", encoding={"b": Encoding(content_types=("image/png",))})
    kind, text = body(content, {"a": {"x": 1}, "b": "bytes"})
    assert kind == "multipart/form-data; boundary=example"
    assert b'name="a"\r\nContent-Type: application/json\r\n\r\n{"x": 1}\r\n' in text
    assert b'name="b"\r\nContent-Type: image/png\r\n\r\nbytes\r\n' in text
    assert text.endswith(b"--example--\r\n")


@pytest.mark.parametrize(
    "content", [Content(media_range="application/xml", kind="xml"), Content(media_range="image/png"), Content(media_range="nothing")]
)
def test_what_cannot_be_sent_says_why(content: Content) -> None:
    with pytest.raises(Unwritable, match=r"is not said by the example|is no media type"):
        body(content, {"a": 1})


def test_a_number_that_json_does_not_have() -> None:
    with pytest.raises(Unwritable, match="no JSON value"):
        body(Content(media_range="application/json", kind="json"), 1 << 70)
