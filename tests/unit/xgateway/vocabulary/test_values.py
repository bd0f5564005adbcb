from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from specgw.xgateway.vocabulary import values
from specgw.xgateway.vocabulary.values import read_duration, read_size


def accepted(kind: Any, value: object) -> Any:
    return TypeAdapter(kind).validate_python(value, strict=True)


def refused(kind: Any, value: object) -> tuple[str, str | None]:
    with pytest.raises(ValidationError) as caught:
        accepted(kind, value)
    (error,) = caught.value.errors()
    return error["ctx"]["phrase"], error["ctx"]["hint"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("250ms", 0.25),
        ("5s", 5),
        ("2m", 120),
        ("1h", 3600),
        ("1m30s", 90),
        ("1h1m1s1ms", 3661.001),
        ("0s", 0),
        ("90m", 5400),
        ("1h5ms", 3600.005),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert accepted(values.Duration, text) == seconds


@pytest.mark.parametrize("text", ["", "5", "s", "5 s", "1.5s", "-5s", "30s1m", "5S", "5sec", "1d", "5s ", "٥s", None, True, 5, 5.0, [], {}])
def test_what_is_no_duration(text: object) -> None:
    phrase, hint = refused(values.Duration, text)
    assert phrase == "a duration such as '250ms', '5s', '2m' or '1m30s'"
    assert hint == ("a unit is missing: '5s'?" if text in ("5", 5) and not isinstance(text, float) else None)


@pytest.mark.parametrize("text", ["0s", "0ms", "0h0m"])
def test_a_time_limit_is_longer_than_zero(text: str) -> None:
    assert refused(values.TimeLimit, text) == ("longer than zero", None)


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), st.integers(0, 999))
def test_a_duration_is_the_sum_of_its_parts(hours: int, minutes: int, seconds: int, milliseconds: int) -> None:
    assert read_duration(f"{hours}h{minutes}m{seconds}s{milliseconds}ms") * 1000 == pytest.approx(
        ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds
    )


@pytest.mark.parametrize(
    ("value", "size"), [(0, 0), (5, 5), ("5B", 5), ("64KiB", 65536), ("1MiB", 1 << 20), ("2GiB", 2 << 30), ("0KiB", 0)]
)
def test_sizes(value: object, size: int) -> None:
    assert accepted(values.Size, value) == size


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("5KB", "did you mean '5KiB'?"),
        ("5kb", "did you mean '5KiB'?"),
        ("5M", "did you mean '5MiB'?"),
        ("5 MiB", "did you mean '5MiB'?"),
        ("5", None),
        ("1.5MiB", None),
        (-1, None),
        (1 << 53, None),
        (5.0, None),
        (True, None),
        (None, None),
    ],
)
def test_what_is_no_size(value: object, hint: str | None) -> None:
    assert refused(values.Size, value)[1] == hint


@given(st.integers(0, 10**6), st.sampled_from(["B", "KiB", "MiB", "GiB"]))
def test_units_are_powers_of_1024(count: int, unit: str) -> None:
    assert read_size(f"{count}{unit}") == count * 1024 ** ["B", "KiB", "MiB", "GiB"].index(unit)


@pytest.mark.parametrize("text", ["100/s", "60/m", "5000/h", "10000/d", "1/mo"])
def test_rates(text: str) -> None:
    assert accepted(values.Rate, text) == text


@pytest.mark.parametrize("text", ["100", "100/y", "/s", "1.5/s", "100 / s", "-1/s"])
def test_what_is_no_rate(text: str) -> None:
    refused(values.Rate, text)


@pytest.mark.parametrize(("text", "share"), [("0%", 0), ("20%", 0.2), ("0.5%", 0.005), ("100%", 1), ("100.0%", 1)])
def test_percentages(text: str, share: float) -> None:
    assert accepted(values.Percentage, text) == pytest.approx(share)


@pytest.mark.parametrize("text", ["20", "101%", "-1%", "100.1%", ".5%", 0.2])
def test_what_is_no_percentage(text: object) -> None:
    refused(values.Percentage, text)


@pytest.mark.parametrize("text", ["users", "users-2", "a.b_c", "9"])
def test_names(text: str) -> None:
    assert accepted(values.Name, text) == text


@pytest.mark.parametrize("text", ["", "-a", "a b", "a/b", "ü", ".a", "a\n"])
def test_what_is_no_name(text: str) -> None:
    refused(values.Name, text)


@pytest.mark.parametrize(
    ("text", "block"), [("10.0.0.0/8", "10.0.0.0/8"), ("127.0.0.1", "127.0.0.1/32"), ("::1", "::1/128"), ("FD00::/8", "fd00::/8")]
)
def test_address_blocks(text: str, block: str) -> None:
    assert accepted(values.Cidr, text) == block


def test_address_blocks_with_stray_bits() -> None:
    assert refused(values.Cidr, "10.1.2.3/8")[1] == "did you mean '10.0.0.0/8'?"


@pytest.mark.parametrize("text", ["localhost", "10.0.0.0/33", "", 10])
def test_what_is_no_address_block(text: object) -> None:
    refused(values.Cidr, text)


@pytest.mark.parametrize(
    ("text", "host"), [("API.Example.com", "api.example.com"), ("localhost", "localhost"), ("[::1]", "[::1]"), ("10.0.0.1", "10.0.0.1")]
)
def test_host_names(text: str, host: str) -> None:
    assert accepted(values.Host, text) == host


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a.example:80", "did you mean 'a.example'?"),
        ("https://a.example/", "did you mean 'a.example'?"),
        ("a..b", None),
        ("-a", None),
        ("a b", None),
        ("", None),
        ("münchen.example", None),
    ],
)
def test_what_is_no_host_name(text: str, hint: str | None) -> None:
    assert refused(values.Host, text)[1] == hint


@pytest.mark.parametrize("text", ["", "  ", "${NAME}", "a ${B} c"])
def test_what_is_no_plain_text(text: str) -> None:
    refused(values.Text, text)


@pytest.mark.parametrize(("text", "right"), [("2027-06-30", True), ("2027-06-30T12:00:00Z", True), ("2027-06-30T12:00:00+02:00", True)])
def test_dates(text: str, right: bool) -> None:
    assert (accepted(values.Date, text) == text) is right


@pytest.mark.parametrize("text", ["2027-13-01", "2027-06-32", "30.06.2027", "2027-06-30T12:00:00", "tomorrow"])
def test_what_is_no_date(text: str) -> None:
    refused(values.Date, text)
