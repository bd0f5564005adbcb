"""JSON pointers (RFC 6901): how a place inside of a document is written."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Section 4: digits without leading zeros. No list has more elements than nine digits can count.
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")


def escape(token: str) -> str:
    """A reference token as it stands in a pointer (section 3)."""
    return token.replace("~", "~0").replace("/", "~1")


def pointer_of(tokens: Iterable[str]) -> str:
    """The pointer that reference tokens make; "" for none of them, which is the whole document."""
    return "".join("/" + escape(token) for token in tokens)


def tokens_of(pointer: str) -> list[str]:
    """The reference tokens of a pointer."""
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


def index_of(token: str) -> int | None:
    """The element of a list that a token stands for; None where it is none."""
    return int(token) if _INDEX.fullmatch(token) else None
