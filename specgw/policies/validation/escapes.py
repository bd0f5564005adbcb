"""Percent-decoding that refuses what readers would understand differently."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class Malformed(Exception):
    """A parameter or form field that cannot be read; `keyword` and text as in a `Violation`."""

    def __init__(self, keyword: str, message: str, pointer: str = "") -> None:
        super().__init__(message)
        self.keyword = keyword
        self.message = message
        self.pointer = pointer


def percent(text: str) -> str:
    """Decode percent-escapes (RFC 3986 section 2.1) of UTF-8 text; raises `Malformed` for others."""
    if "%" not in text:
        return text
    if _BAD_ESCAPE.search(text) is not None:
        raise Malformed("encoding", "has a percent sign that begins no escape")
    try:
        return unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("encoding", "has percent-escapes that are not UTF-8") from None


def form(text: str) -> str:
    """Decode a piece of a query or an urlencoded body: `+` is a space (WHATWG URL, application/x-www-form-urlencoded)."""
    return percent(text.replace("+", " ")) if "+" in text else percent(text)


def cookie(text: str) -> str:
    """Decode the value of a cookie, where it is percent-encoded at all.

    OpenAPI has cookies as `form`; but in a cookie a percent sign is an ordinary character (RFC 6265 section 4.1.1), and a text
    in which one begins no escape is not encoded: it is taken as it is.
    """
    return text if _BAD_ESCAPE.search(text) is not None else percent(text)


def plain(text: str) -> str:
    """Header values are not percent-decoded (OpenAPI "Parameter Object"); only the space around an item goes."""
    return text.strip(" \t")


def escaped(name: str | int) -> str:
    """One token of a JSON pointer (RFC 6901 section 3)."""
    return str(name).replace("~", "~0").replace("/", "~1")
