from __future__ import annotations

import pytest

from specgw.policies.auth.bearer import MALFORMED, TWICE, token_of


@pytest.mark.parametrize(
    ("value", "token"),
    [(b"Bearer abc", b"abc"), (b"bearer abc", b"abc"), (b"BEARER   a-._~+/9==", b"a-._~+/9==")],
)
def test_one_token(value: bytes, token: bytes) -> None:
    assert token_of([(b"host", b"h"), (b"authorization", value)]) == token


@pytest.mark.parametrize("value", [b"Basic YTpi", b"Bearerx abc", b"DPoP abc", b"", b"abc"])
def test_other_credentials_are_somebody_elses(value: bytes) -> None:
    assert token_of([(b"authorization", value)]) is None


@pytest.mark.parametrize(
    "value",
    [
        b"Bearer", b"Bearer ", b"Bearer\tabc", b"Bearer a b", b"Bearer =", b"Bearer a=b", b"Bearer a,", b"Bearer a, Bearer b",
        b'Bearer "abc"', b"Bearer a\xe9", b"bearer, abc", b"Bearer abc ", b"Bearer a;b", b"Bearer \x00",
    ],
)  # fmt: skip
def test_what_is_not_one_token(value: bytes) -> None:
    assert token_of([(b"authorization", value)]) is MALFORMED


def test_two_fields_are_refused_whichever_they_are() -> None:
    assert token_of([(b"authorization", b"Bearer a"), (b"authorization", b"Bearer a")]) is TWICE
    assert token_of([(b"authorization", b"Basic YTpi"), (b"authorization", b"Bearer a")]) is TWICE


def test_no_field() -> None:
    assert token_of([(b"x-authorization", b"Bearer a"), (b"proxy-authorization", b"Bearer a")]) is None
