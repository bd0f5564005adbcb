from __future__ import annotations

import pytest

from specgw.policies.auth import compact
from specgw.policies.auth.compact import Unacceptable, read
from tests.unit.policies.auth.issuing import b64, claims, parts, token


def test_a_token_is_taken_apart_and_what_was_signed_is_kept_as_it_came() -> None:
    text = token("ES256")
    header, payload, signature = parts(text)
    taken = read(text)
    assert (taken.algorithm, taken.kid) == ("ES256", "es256")
    assert taken.signed == header + b"." + payload
    assert compact.json_object(taken.payload, "claims") == claims()
    assert b64(taken.signature) == signature


@pytest.mark.parametrize("data", [b"", b"\0", b"\xff\xfe", b"abc", bytes(range(256))])
def test_base64url_is_read_exactly(data: bytes) -> None:
    assert compact.decoded(b64(data)) == data


@pytest.mark.parametrize(
    "text", [b"A", b"AAAAA", b"AA==", b"AAA=", b"AB", b"AAB", b"A+", b"A/", b"A A", b"AA\n", b"\nAA", "ÄÄ".encode(), b"AA.", b"A\0"]
)
def test_what_is_not_quite_base64url_is_refused(text: bytes) -> None:
    with pytest.raises(Unacceptable, match="base64url"):
        compact.decoded(text)


def test_the_bound_is_exact() -> None:
    filler = compact.LONGEST - len(token(header={"x": ""}))
    longest = next(text for size in range(filler, 0, -1) if len(text := token(header={"x": "x" * (size * 3 // 4)})) <= compact.LONGEST)
    assert read(longest).algorithm == "RS256"
    with pytest.raises(Unacceptable, match="longer than 8192 bytes"):
        read(longest + b"A" * (compact.LONGEST + 1 - len(longest)))


def test_an_encrypted_token_is_told_as_such() -> None:
    with pytest.raises(Unacceptable, match="encrypted"):
        read(b"a.b.c.d.e")
