"""The simple values of the vocabulary: durations, sizes, rates, percentages, names, addresses; each says what it expects.

Every type here checks text by one pattern, which the published JSON Schema repeats, so that an editor and the compiler
agree. A wrong value is answered with a phrase that completes "must be …".
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from specgw.xgateway.vocabulary.part import wrong

_MILLISECONDS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000}
_BYTES = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}

DURATION = r"(?:[0-9]+h(?:[0-9]+m)?(?:[0-9]+s)?(?:[0-9]+ms)?|[0-9]+m(?:[0-9]+s)?(?:[0-9]+ms)?|[0-9]+s(?:[0-9]+ms)?|[0-9]+ms)"
SIZE = r"[0-9]{1,12}(?:B|KiB|MiB|GiB)"
RATE = r"[0-9]+/(?:s|m|h|d|mo)"
PERCENTAGE = r"(?:100(?:\.0+)?|[0-9]{1,2}(?:\.[0-9]+)?)%"
NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text is as the pattern says."""
    return re.fullmatch(pattern, text) is not None


def text_of(value: object, phrase: str, *, hint: str | None = None) -> str:
    """The value if it is text; otherwise the error that names the phrase, and says when quotes are missing."""
    if isinstance(value, str):
        return value
    if hint is None and isinstance(value, int | float) and not isinstance(value, bool):
        hint = f'write it in quotes: "{value}"'
    raise wrong(phrase, hint=hint)


def patterned(
    pattern: str, phrase: str, *, hint: str | None = None, json: dict[str, Any] | None = None
) -> tuple[BeforeValidator, WithJsonSchema]:
    """Validator and JSON Schema of text that has to match a pattern as a whole."""

    def read(value: object) -> str:
        text = text_of(value, phrase)
        if not matches(pattern, text):
            raise wrong(phrase, hint=hint)
        return text

    return BeforeValidator(read), WithJsonSchema({"type": "string", "pattern": f"^{pattern}$", **(json or {})})


def read_duration(value: object) -> float:
    """Seconds from `250ms`, `5s`, `2m`, `1h` or these in falling order (`1m30s`)."""
    phrase = "a duration such as '250ms', '5s', '2m' or '1m30s'"
    hint = f"a unit is missing: '{value}s'?" if isinstance(value, int) and not isinstance(value, bool) else None
    if not isinstance(value, str) or not matches(DURATION, value):
        if isinstance(value, str) and value.isascii() and value.isdigit():
            hint = f"a unit is missing: '{value}s'?"
        raise wrong(phrase, hint=hint)
    return sum(int(count) * _MILLISECONDS[unit] for count, unit in re.findall(r"([0-9]+)(ms|s|m|h)", value)) / 1000


def read_time_limit(value: object) -> float:
    """As `read_duration`, but not zero."""
    seconds = read_duration(value)
    if seconds == 0:
        raise wrong("longer than zero")
    return seconds


def read_size(value: object) -> int:
    """Bytes from `64KiB`, `1MiB` or a whole number."""
    phrase = "a size such as '64KiB' or '1MiB', or a whole number of bytes"
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 53:
        return value
    if not isinstance(value, str) or not matches(SIZE, value):
        decimal = isinstance(value, str) and re.fullmatch(r"([0-9]+) ?([kKMG])i?[bB]?", value)
        raise wrong(phrase, hint=f"did you mean '{decimal[1]}{decimal[2].upper()}iB'?" if decimal else None)
    count, unit = re.fullmatch(r"([0-9]+)([A-Za-z]+)", value).groups()  # type: ignore[union-attr]
    return int(count) * _BYTES[unit]


def read_percentage(value: object) -> float:
    """A share from 0 to 1 from `20%`."""
    if not isinstance(value, str) or not matches(PERCENTAGE, value):
        raise wrong("a percentage such as '20%' or '0.5%'")
    return float(value[:-1]) / 100


def read_text(value: object) -> str:
    """Text that is not empty and holds no `${NAME}`, which only some places resolve."""
    text = text_of(value, "text")
    if not text.strip():
        raise wrong("text that is not empty")
    if "${" in text:
        raise wrong("plain text")
    return text


def read_cidr(value: object) -> str:
    """An address block or a single address, in its canonical form (RFC 4632, RFC 4291 section 2.3)."""
    phrase = "an address block such as '10.0.0.0/8' or 'fd00::/8', or one address"
    text = text_of(value, phrase)
    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        pass
    try:
        block = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise wrong(phrase) from None
    raise wrong("an address block without bits behind its prefix length", hint=f"did you mean '{block}'?")


def read_host(value: object) -> str:
    """A Host name without port (RFC 9110 section 7.2), lower-case; an IPv6 address stands in brackets."""
    phrase = "a Host name such as 'api.example.com', without scheme and port"
    text = text_of(value, phrase).lower()
    if "*" in text:
        raise wrong("one exact Host name", hint="wildcards are not part of the vocabulary: list the names")
    without_port = re.fullmatch(r"(?:https?://)?([^:/]+|\[[^\]]+\])(?::[0-9]+)?/?", text)
    if not matches(HOST, text):
        usable = without_port is not None and matches(HOST, without_port[1])
        raise wrong(phrase, hint=f"did you mean '{without_port[1]}'?" if usable and without_port else None)
    return text


_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:.]+\])"


def checked(read: Callable[[object], Any], schema: dict[str, Any]) -> tuple[BeforeValidator, WithJsonSchema]:
    """Validator and JSON Schema of a value that a function reads."""
    return BeforeValidator(read), WithJsonSchema(schema)


_NOT_ZERO = {"not": {"pattern": "^[0hms]+$"}}

Duration = Annotated[float, *checked(read_duration, {"type": "string", "pattern": f"^{DURATION}$", "examples": ["250ms", "5s", "1m30s"]})]
TimeLimit = Annotated[
    float, *checked(read_time_limit, {"type": "string", "pattern": f"^{DURATION}$", **_NOT_ZERO, "examples": ["250ms", "5s", "1m30s"]})
]
Size = Annotated[
    int,
    *checked(
        read_size,
        {
            "anyOf": [{"type": "integer", "minimum": 0, "exclusiveMaximum": 1 << 53}, {"type": "string", "pattern": f"^{SIZE}$"}],
            "examples": ["64KiB", "1MiB"],
        },
    ),
]
Rate = Annotated[
    str, *patterned(RATE, "a rate such as '100/s', '60/m', '5000/h', '10000/d' or '1/mo'", json={"examples": ["100/s", "5000/h"]})
]
Percentage = Annotated[float, *checked(read_percentage, {"type": "string", "pattern": f"^{PERCENTAGE}$", "examples": ["20%"]})]
Text = Annotated[str, *checked(read_text, {"type": "string", "pattern": r"\S"})]
Name = Annotated[str, *patterned(NAME, "a name of letters, digits, '.', '_' and '-'")]
Cidr = Annotated[str, *checked(read_cidr, {"type": "string", "minLength": 2, "examples": ["10.0.0.0/8"]})]
Host = Annotated[str, *checked(read_host, {"type": "string", "pattern": f"^{HOST}$", "examples": ["api.example.com"]})]
_DATE = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2}))?"


def read_date(value: object) -> str:
    """A day, or a moment with its offset (RFC 3339), that there is."""
    phrase = "a date such as '2027-06-30', or a date with time such as '2027-06-30T12:00:00Z'"
    text = text_of(value, phrase)
    if not matches(_DATE, text):
        raise wrong(phrase)
    try:
        datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise wrong(phrase, hint="there is no such day or time") from None
    return text


Date = Annotated[str, *checked(read_date, {"type": "string", "pattern": f"^{_DATE}$"})]
