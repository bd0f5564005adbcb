"""Which request paths are refused because two readers could understand them differently.

Nothing is ever normalised and passed on: a path is forwarded as it came, or answered with 400. What is refused here
is what servers are known to rewrite before they look at it, so that a route matched here could be another one there.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from specgw.plan.template import decode

# A path without anything to look at twice: no escape, no empty segment, no segment that begins with a dot, and only
# printable ASCII without "#" and backslash. Possessive, so that it never goes back. One call decides nearly every path.
_PLAIN = re.compile(r"(?:/[!\"$&-\-0-\[\]-~][!\"$&-.0-\[\]-~]*+)++/?|/").fullmatch
_NOT_VISIBLE = re.compile(r"[^\x21-\x7e]").search
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})").search
# Section 3.3 of RFC 3986 gives ";" no meaning, but servlet containers drop ";…" from a segment before they resolve
# dots, so "..;x" climbs there. Everywhere else ";" is an ordinary character. File systems that forget trailing blanks climb
# at ".. ", too.
_DOTS = re.compile(r"(?:^|/)\.\.?[\x00-\x20]*(?:;[^/]*)?(?:/|$)").search
# Bytes that no UTF-8 holds, since they spell a character in more bytes than it takes (RFC 3629 section 3).
_OVERLONG = re.compile("[\xc0\xc1][\x80-\xbf]|\xe0[\x80-\x9f]|\xf0[\x80-\x8f]").search
_DECODINGS = 4
"""How often a path is decoded to see what it could become; nobody escapes more often than that in good faith."""

ENCODED_SLASH = "it holds an encoded slash (%2F)"

plain = _PLAIN
"""Whether nothing has to be looked at twice: a match or None. `verdict` is None for such a path."""


def verdict(path: str) -> str | None:
    """Why a path is refused, as the end of a sentence; None when it is fine.

    `path` is raw, one character for each byte (Latin-1). An encoded slash is no reason here: routes may allow it.
    """
    return None if _PLAIN(path) else examine(path)[0]


def examine(path: str) -> tuple[str | None, str]:
    """Why a path is refused, and where it is not, its percent-decoded text."""
    if not path.startswith("/"):
        return "it does not begin with a slash", ""
    if _NOT_VISIBLE(path):
        return "it holds a space, a control character or a byte outside of ASCII", ""
    if "#" in path:
        return "it holds a fragment", ""
    if "//" in path:
        return "it holds an empty segment", ""
    if _BAD_ESCAPE(path):
        return "it holds a '%' that is not followed by two hexadecimal digits", ""
    try:
        text = decode(path) if "%" in path else path
    except UnicodeDecodeError:
        return "its percent-escapes are not UTF-8", ""
    if "\0" in text:
        return "it holds %00", ""
    if "\\" in text:
        return "it holds a backslash", ""
    if _DOTS(text):
        return "it holds a dot segment", ""
    if "%" in text and (reason := _decoded_again(text)) is not None:
        return reason, ""
    return None, text


def _decoded_again(text: str) -> str | None:
    """Why a path is refused that still holds escapes when it has been decoded: a chain of servers may decode it once each.

    An escaped percent sign alone does no harm, nor does what it may become, as long as that is no slash and no dot segment.
    """
    before = text.encode()
    for _ in range(_DECODINGS):
        after = unquote_to_bytes(before)
        if after == before:
            return None
        seen = after.decode("latin-1")
        if after.count(b"/") > before.count(b"/") or b"\\" in after or b"\0" in after or _DOTS(seen) or _OVERLONG(seen):
            return "it holds an escaped escape of a slash, a backslash, NUL or a dot segment"
        before = after
    return "its escapes are escaped again and again"
