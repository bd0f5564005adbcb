from __future__ import annotations

import pytest

from specgw.policies.auth.passwords import NoHash, read, write


def test_a_password_matches_its_hash_and_no_other_does() -> None:
    found = read(write("correct horse"))
    assert found.matches(b"correct horse")
    assert not found.matches(b"correct horse ")


def test_the_vector_of_the_standard() -> None:
    # RFC 7914 section 12: N 16384, r 8, p 1; the first 32 bytes.
    expected = bytes.fromhex("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2")
    assert read(write("pleaseletmein", salt=b"SodiumChloride")).hash == expected


def test_two_hashes_of_one_password_differ() -> None:
    assert write("a") != write("a")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hunter2",
        "$2b$12$abcdefghijklmnopqrstuv",
        "$scrypt$ln=9,r=8,p=1$c2FsdHNhbHRzYWx0$" + "A" * 43,
        "$scrypt$ln=20,r=8,p=1$c2FsdHNhbHRzYWx0$" + "A" * 43,
        "$scrypt$ln=14,r=8,p=9$c2FsdHNhbHRzYWx0$" + "A" * 43,
        "$scrypt$ln=14,r=8,p=1$short$" + "A" * 43,
        "$scrypt$ln=14,r=8,p=1$c2FsdHNhbHRzYWx0$" + "A" * 41,
    ],
)
def test_what_is_no_hash_is_not_shown(text: str) -> None:
    with pytest.raises(NoHash) as caught:
        read(text)
    assert not text or text not in str(caught.value)
