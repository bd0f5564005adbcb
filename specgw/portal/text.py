"""What authors wrote, as plain text of bounded length. Nothing here is markup: the templates escape all of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

LONGEST_WORD = 200
"""Characters of a name, a path or a value in a table."""
LONGEST_LINE = 300
LONGEST_PROSE = 12000

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_UNSEEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_FENCES = ("```", "~~~")
# Lines that mean something as lines: lists, headings, tables, quotes, fences, and what is indented like code.
_OWN_LINE = re.compile(r"[-*+>|#`~]|\d+[.)] | {2}|\t")
# What means something only as a whole: a link, code, an address.
_WHOLE = re.compile(r"!?\[[^\[\]]*\]\([^()\s]*\)|`[^`]*`|<[^<>\s]*>|https?://\S+")
_FARTHEST = 1_000
"""Characters beyond a cut within which something whole may end."""
# What Windows takes for a device, whatever stands behind a dot: no file can be called so.
_DEVICE = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)", re.IGNORECASE)
_FOREIGN = re.compile(r"[^A-Za-z0-9._-]+")


def mapping(value: Any) -> Mapping[str, Any]:
    """The value where it is an object, otherwise an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> Sequence[Any]:
    """The value where it is a list, otherwise an empty one."""
    return value if isinstance(value, list) else ()


def clipped(text: str, length: int = LONGEST_WORD) -> str:
    """The text, with its end replaced by an ellipsis where it is too long."""
    return text if len(text) <= length else text[: length - 1] + "…"


def cut(text: str, length: int) -> str:
    """Markdown of about that length at most: it ends between words, and not within a link or code."""
    if len(text) <= length:
        return text
    end = max(text.rfind(" ", 0, length - 1), text.rfind("\n", 0, length - 1))
    end = end if end > length // 2 else length - 2
    for match in _WHOLE.finditer(text[: length + _FARTHEST]):
        if match.start() < end < match.end():
            end = match.start()
    return f"{text[:end].rstrip()} …"


def line(value: Any, length: int = LONGEST_LINE) -> str:
    """Text on one line; "" for what is not text."""
    return clipped(" ".join(value.split()), length) if isinstance(value, str) else ""


def paragraphs(value: Any, length: int = LONGEST_PROSE) -> list[str]:
    """Prose by paragraphs. Line breaks stay only where lines have a meaning of their own; others came from an editor."""
    if not isinstance(value, str):
        return []
    told: list[list[str]] = [[]]
    fence = ""
    for written in cut(value, length).splitlines():
        mark = written.strip()[:3]
        if fence:
            fence = "" if mark == fence else fence
        elif mark in _FENCES:
            fence = mark
        elif not mark:
            told.append([])
            continue
        told[-1].append(written.rstrip())
    return ["\n".join(part) if any(map(_OWN_LINE.match, part)) else " ".join(" ".join(part).split()) for part in told if part]


def printable(text: str) -> str:
    """Text with what HTML cannot hold (control characters, lone surrogates) replaced by U+FFFD."""
    return _CONTROL.sub("\ufffd", text)


def visible(text: str) -> str:
    """Text with what cannot be seen, or turns around what is seen (Unicode UAX #9), shown as an escape, `U+202E` as in JSON.

    For names, values and code, where every character counts. Prose may need these in languages from right to left; there
    they end with their paragraph.
    """
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


class Names:
    """Names for files and anchors: made of few characters, unique even where case makes no difference."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def unique(self, wanted: str, otherwise: str) -> str:
        """A name like `wanted`; `otherwise` where nothing of it can be used."""
        base = _FOREIGN.sub("-", wanted).strip("-.")[:100] or otherwise
        base = _DEVICE.sub(r"\1_", base)
        name, number = base, 2
        while name.lower() in self._taken:
            name, number = f"{base}-{number}", number + 1
        self._taken.add(name.lower())
        return name
