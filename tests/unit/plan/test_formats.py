from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from specgw.plan import formats

NATIVE_WRONG = {
    "date": "2023-02-29",
    "date-time": "2024-02-29 12:00",
    "time": "25:00:00Z",
    "duration": "P1",
    "email": "nobody",
    "idn-email": "nobody",
    "hostname": "-a.example",
    "idn-hostname": "-a.example",
    "ipv4": "256.1.1.1",
    "ipv6": "1::2::3",
    "uri": "/relative",
    "uri-reference": "\\\\host",
    "iri": "/relative",
    "iri-reference": "\\\\host",
    "uri-template": "/{open",
    "uuid": "2eb8aa08aa9811eab4aa73b441d16380",
    "json-pointer": "a",
    "relative-json-pointer": "/a",
    "regex": "(",
}


def verdict(name: str, value: Any, *, enforced: bool = True) -> bool:
    """As the run time asks: strings by `format`, numbers by the reference that the compiler writes."""
    schema = {"$ref": f"{formats.RESOURCE}#/{name}"} if formats.ENFORCED[name].by == "number" else {"format": name}
    registry = jsonschema_rs.Registry(list(formats.resources(enforced).items()))
    validator = jsonschema_rs.Draft202012Validator(schema, registry=registry, formats=formats.CHECKS, validate_formats=enforced)
    return validator.is_valid(value)


def test_every_format_has_its_way_of_checking() -> None:
    by = {way: {entry.name for entry in formats.FORMATS if entry.by == way} for way in ("native", "text", "number")}
    assert by["native"] == set(NATIVE_WRONG)
    assert by["text"] == set(formats.CHECKS)
    assert by["number"] == set(formats.resources(True)[formats.RESOURCE])
    assert len(formats.ENFORCED) == len(formats.FORMATS)


@pytest.mark.parametrize(("name", "wrong"), NATIVE_WRONG.items())
def test_native_formats_are_enforced_and_can_be_let_go(name: str, wrong: str) -> None:
    assert not verdict(name, wrong)
    assert verdict(name, wrong, enforced=False)
    assert verdict(name, 7)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("int8", -128, 127),
        ("int16", -(2**15), 2**15 - 1),
        ("int32", -(2**31), 2**31 - 1),
        ("int64", -(2**63), 2**63 - 1),
        ("uint8", 0, 255),
        ("uint16", 0, 2**16 - 1),
        ("uint32", 0, 2**32 - 1),
        ("uint64", 0, 2**64 - 1),
        ("double-int", -(2**53 - 1), 2**53 - 1),
    ],
)
def test_integer_formats_are_ranges(name: str, low: int, high: int) -> None:
    assert verdict(name, low)
    assert verdict(name, high)
    assert not verdict(name, low - 1)
    assert not verdict(name, high + 1)
    assert not verdict(name, 0.5)
    assert verdict(name, str(high + 1)), "a format speaks of its own type only"
    assert verdict(name, high + 1, enforced=False)


def test_float_is_the_range_of_binary32() -> None:
    assert verdict("float", 3.4e38)
    assert not verdict("float", 3.5e38)
    assert not verdict("float", -3.5e38)
    assert verdict("float", 0.1)
    assert verdict("double", 3.5e38)


@pytest.mark.parametrize("text", ["", "aGk=", "aGkh", "YQ=="])
def test_byte_accepts_base64(text: str) -> None:
    assert verdict("byte", text)


@pytest.mark.parametrize("text", ["aGk", "aGk=\n", "a-_=", "====", "a", "aGk h"])
def test_byte_refuses_what_is_not_base64(text: str) -> None:
    assert not verdict("byte", text)


def test_base64url_has_its_own_alphabet_and_optional_padding() -> None:
    assert verdict("base64url", "-_-_")
    assert verdict("base64url", "YQ")
    assert verdict("base64url", "YQ==")
    assert not verdict("base64url", "+/+/")
    assert not verdict("base64url", "Y")
