r"""Look-around that is none: expressions that say the same as several without it, each for the engine of linear time.

Authors write `^(?=.*\d)(?!admin)[a-z\d]{8,}$` for three conditions in one expression, and `^((?!x).)*$` for a text without x. The
conditions can be asked one by one: a text matches `^(?=A)(?!B)C` if it matches `^A` and `^C` and does not match `^B`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# An escape, a character class, the beginning of a group, a quantifier, or one character.
_TOKEN = re.compile(
    r"\\[pPkxu]\{[^}]*\}|\\k<[^>]*>|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?<?[:=!]|\(\?<[A-Za-z_]\w*>|\(\?[a-z]+[:)]|[*+?]\??|\{\d+(?:,\d*)?\}\??|.",
    re.DOTALL,
)
_FLAGS = re.compile(r"\(\?([is]+)\)")
_QUANTIFIER = re.compile(r"[*+?]\??|\{\d+(?:,\d*)?\}\??")
_REFERENCE = re.compile(r"\\[1-9k]")
# What may match between two characters, so that it may match where nothing is left.
_NOTHING = re.compile(r"\\[bB]|\(\?<?[=!]|[\^$]")


@dataclass(frozen=True, slots=True)
class Part:
    """One condition: an expression that a text has to match, or must not."""

    text: str
    wanted: bool = True


def tokens(pattern: str) -> list[str]:
    """The expression in pieces that are not taken apart any further."""
    return _TOKEN.findall(pattern)


def split(pattern: str) -> tuple[Part, ...]:
    """The conditions that an expression consists of; itself alone where it cannot be split."""
    flags = _FLAGS.match(pattern)
    prefix = flags[0] if flags else ""
    pieces = tokens(pattern[len(prefix) :])
    whole = (Part(pattern),)
    if not pieces or pieces[0] != "^" or any(_REFERENCE.match(piece) for piece in pieces) or len(alternatives(pieces)) > 1:
        return whole
    if (without := _without(pieces)) is not None:
        return tuple(Part(prefix + part.text, part.wanted) for part in without)
    found: list[Part] = []
    position = 1
    while position < len(pieces) and pieces[position] in ("(?=", "(?!"):
        end = _end(pieces, position)
        if end is None or _quantified(pieces, end):
            return whole
        inner = "".join(pieces[position + 1 : end])
        found.append(Part(f"{prefix}^(?:{inner})", pieces[position] == "(?="))
        position = end + 1
    stop = len(pieces)
    while stop > position + 1 and pieces[stop - 1] == "$" and pieces[stop - 2] == ")":
        start = _start(pieces, stop - 2)
        if start is None or start < position or pieces[start] not in ("(?<=", "(?<!"):
            break
        inner = "".join(pieces[start + 1 : stop - 2])
        found.append(Part(f"{prefix}(?:{inner})$", pieces[start] == "(?<="))
        pieces = [*pieces[:start], "$"]
        stop = len(pieces)
    rest = "".join(pieces[position:])
    if rest or not found:
        found.append(Part(f"{prefix}^{rest}"))
    return tuple(found)


def _without(pieces: list[str]) -> tuple[Part, ...] | None:
    """`^(?:(?!X).)*$`: one line without X, as long as X is something."""
    if len(pieces) < 8 or pieces[1] not in ("(", "(?:") or pieces[2] != "(?!" or pieces[-1] != "$" or pieces[-2] not in ("*", "+"):
        return None
    inner, outer = _end(pieces, 2), _end(pieces, 1)
    if inner is None or outer != len(pieces) - 3 or pieces[inner + 1 : outer] != ["."]:
        return None
    text = "".join(pieces[3:inner])
    try:
        empty = _NOTHING.search(text) or re.compile(text).match("")
    except re.error:
        return None
    return None if empty else (Part(text, False), Part(f"^.{pieces[-2]}$"))


def alternatives(pieces: list[str]) -> list[list[str]]:
    """The expression's alternatives, outside of all groups: itself alone where it has none."""
    found: list[list[str]] = [[]]
    depth = 0
    for piece in pieces:
        depth += piece.startswith("(") and not piece.endswith(")")
        depth -= piece == ")"
        if piece == "|" and depth == 0:
            found.append([])
        else:
            found[-1].append(piece)
    return found


def _quantified(pieces: list[str], end: int) -> bool:
    return end + 1 < len(pieces) and _QUANTIFIER.fullmatch(pieces[end + 1]) is not None


def _end(pieces: list[str], start: int) -> int | None:
    """Where the group that begins at `start` ends."""
    depth = 0
    for index in range(start, len(pieces)):
        depth += pieces[index].startswith("(") and not pieces[index].endswith(")")
        depth -= pieces[index] == ")"
        if depth == 0:
            return index
    return None


def _start(pieces: list[str], end: int) -> int | None:
    """Where the group that ends at `end` begins."""
    for index in range(end - 1, -1, -1):
        if pieces[index].startswith("(") and _end(pieces, index) == end:
            return index
    return None
