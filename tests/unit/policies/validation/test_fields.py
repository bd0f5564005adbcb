from __future__ import annotations

import pytest

from specgw.policies.validation.escapes import Malformed
from specgw.policies.validation.fields import by_name, carries_body, split_cookies, split_pairs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"a=1&b=2", {"a": "1", "b": "2"}),
        (b"a=1&a=2&a=3", {"a": ["1", "2", "3"]}),
        (b"a", {"a": ""}),
        (b"a=", {"a": ""}),
        (b"a=b=c", {"a": "b=c"}),
        (b"=x", {"": "x"}),
        (b"a=1&&b=2&", {"a": "1", "b": "2"}),
        # `;` separates nothing
        (b"a=1;b=2", {"a": "1;b=2"}),
        # names are decoded, values stay raw
        (b"a%5Bb%5D=%20+", {"a[b]": "%20+"}),
        (b"a+b=1", {"a b": "1"}),
        (b"%61=1&a=2", {"a": ["1", "2"]}),
        ("é=ü".encode(), {"é": "ü"}),
    ],
)
def test_pairs(text: bytes, expected: dict[str, object]) -> None:
    assert split_pairs(text) == expected


@pytest.mark.parametrize("text", [b"a%=1", b"%E9=1", b"\xff=1", b"a=\xff"])
def test_names_that_cannot_be_decoded_are_refused(text: bytes) -> None:
    with pytest.raises(Malformed):
        split_pairs(text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"a=1; b=2", {"a": "1", "b": "2"}),
        (b"a=1;b=2", {"a": "1", "b": "2"}),
        (b'a="x y"; b="', {"a": "x y", "b": '"'}),
        (b"a=1; a=2", {"a": ["1", "2"]}),
        (b"nameless; a=b=c", {"a": "b=c"}),
        (b"", {}),
    ],
)
def test_cookies(value: bytes, expected: dict[str, object]) -> None:
    assert split_cookies(value) == expected


def test_repeated_fields_are_joined() -> None:
    headers = [(b"x", b"1"), (b"cookie", b"a=1"), (b"x", b"2"), (b"cookie", b"b=2"), (b"y", b"3")]
    assert by_name(headers) == {b"x": b"1, 2", b"cookie": b"a=1; b=2", b"y": b"3"}
    assert by_name(headers[:2]) == {b"x": b"1", b"cookie": b"a=1"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, False),
        ({b"content-length": b"0"}, False),
        ({b"content-length": b"00"}, False),
        ({b"content-length": b"1"}, True),
        ({b"content-length": b"10"}, True),
        ({b"transfer-encoding": b"chunked"}, True),
        ({b"content-type": b"application/json"}, False),
    ],
)
def test_what_announces_a_body(fields: dict[bytes, bytes], expected: bool) -> None:
    assert carries_body(fields) is expected
