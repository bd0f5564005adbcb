import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specgw.state import key_text
from specgw.state.key_text import LENGTH, checksum, generate, well_formed

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
POSITIONS = st.integers(min_value=len("sgw_"), max_value=LENGTH - 1)


def test_a_key_can_be_found_by_scanners() -> None:
    assert re.fullmatch(r"sgw_[0-9A-Za-z]{36}", generate())


def test_a_key_holds_more_chance_than_anybody_can_guess() -> None:
    assert 62**key_text.RANDOM > 2**160


def test_no_two_keys_are_the_same() -> None:
    assert len({generate() for _ in range(100)}) == 100


def test_the_checksum_is_the_crc_32_in_base_62() -> None:
    # CRC-32 of "123456789" is 0xCBF43926, the check value of the algorithm: 3421780262 is 3JZFhS in base 62.
    number = 0
    for digit in checksum(b"123456789"):
        number = number * 62 + ALPHABET.index(digit)
    assert number == 0xCBF43926


@given(POSITIONS, st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(position: int, other: str) -> None:
    key = generate()
    assert well_formed(key.encode())
    mistyped = key[:position] + other + key[position + 1 :]
    assert well_formed(mistyped.encode()) == (mistyped == key)


@given(st.integers(min_value=len("sgw_"), max_value=LENGTH - 2))
def test_two_neighbours_exchanged_are_always_noticed(position: int) -> None:
    key = generate()
    mistyped = key[:position] + key[position + 1] + key[position] + key[position + 2 :]
    assert well_formed(mistyped.encode()) == (mistyped == key)


@given(st.binary())
def test_anything_can_be_asked_about(text: bytes) -> None:
    assert not well_formed(text)


@pytest.mark.parametrize(
    "text", ["", "sgw_", "DEV_KEY_12345", "SGW_" + "0" * 36, "sgw_" + "0" * 35, "sgw_" + "é" * 36, "sgw_" + "0" * 36 + "\n"]
)
def test_what_is_no_key(text: str) -> None:
    assert not well_formed(text.encode())
