r"""Regular expressions of `pattern` and `patternProperties`: what can be enforced, and at which cost.

JSON Schema patterns are ECMA-262 expressions, searched for anywhere in the string (2020-12 Core section 6.4). The run
time gives them to jsonschema-rs, which translates them for an engine of linear time, and falls back to backtracking, under a
limit of steps, only for those with look-around or back-references; much look-around is taken apart before (`look_around`).

No text may take long. What backtracks is looked at in short texts only, and so is what makes the linear engine slow: large
expressions, and those that count behind something that may begin anywhere, which make it remember every place where it may
have begun. Longer texts do not match. Some habits of authors have a plain meaning
that ECMA-262 does not give them: delimiters, `/^[a-z]+$/`, which could never match, the anchors `\A`, `\Z`, `\z`, and
words of other languages (`translation`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import jsonschema_rs

from specgw.openapi.look_around import Part, alternatives, split, tokens
from specgw.openapi.translation import flagged, translated

_DELIMITED = re.compile(r"/(\^.*|.*\$)/([a-z]*)", re.DOTALL)
_ESCAPES = re.compile(r"\\(.)|(\[)|(\])", re.DOTALL)
# An escape, a quantifier in braces, or one character.
_TOKEN = re.compile(r"\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\.|\{\d+(?:,\d*)?\}|.", re.DOTALL)
_CLASSES = frozenset((r"\d", r"\D", r"\w", r"\W", r"\s", r"\S"))
_ANCHORS = {"A": "^", "Z": "$", "z": "$"}


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern as it is enforced: `text` is None when it cannot be, `repaired` says that its author meant other words."""

    text: str | None
    repaired: bool = False
    backtracking: bool = False
    limit: int | None = None
    """Characters of the longest text that is looked at: longer ones would take too long, and do not match."""
    parts: tuple[Part, ...] = ()
    """What to ask a text instead, where look-around says several conditions in one."""

    @property
    def of_names(self) -> str | None:
        """The expression for names of properties, which nothing else can keep short: a long one does not match."""
        if self.text is None or (self.limit is None and not self.parts):
            return self.text
        start = "" if self.text.startswith("^") else r"[\s\S]*?"
        return rf"^(?![\s\S]{{{NAME_LIMIT + 1}}}){start}(?:{self.text})"


# Characters of a text that an expression may look at, so that no text takes 10 ms.
BACKTRACKING_LIMIT = 500
NAME_LIMIT = 500
COSTLY_LIMITS = (100, 8000)
_WORK = 800_000
"""Positions in an expression times characters of a text: the engine of linear time may visit each one for each of the others."""
_LARGE = 2_000_000
"""Bytes of a compiled expression: beyond it, the engine has no table to look at."""
_COUNTED = 16
_NESTED = 400
_LOOPED = 65
"""What may be counted again and again: one more than a label of a domain name, dot included."""
_COUNT = re.compile(r"\{(\d+)(?:,(\d*))?\}\??")


@lru_cache(maxsize=4096)
def read_pattern(pattern: str) -> Pattern:
    """How a pattern of a document is enforced."""
    meant = _without_delimiters(pattern)
    meant = None if meant is None else translated(meant)
    if meant is None:
        return Pattern(None)
    if not _compiles(meant) or r"\A" in meant or r"\z" in meant:
        meant = _with_anchors(meant)
    text = meant if _compiles(meant) else _annex_b(meant)
    if not _compiles(text):
        return Pattern(None)
    repaired = meant != pattern or flagged(pattern)
    if not needs_backtracking(text):
        return Pattern(text, repaired, False, None if _cheap(text) else _costly_limit(text))
    parts = split(text)
    if len(parts) > 1 and all(_cheap(part.text) for part in parts):
        return Pattern(text, repaired, False, None, parts)
    return Pattern(text, repaired, True, BACKTRACKING_LIMIT)


def _cheap(pattern: str) -> bool:
    return _compiles(pattern, jsonschema_rs.RegexOptions(size_limit=_LARGE)) and not _Count(tokens(pattern)).costly


def _costly_limit(pattern: str) -> int:
    least, most = COSTLY_LIMITS
    return max(least, min(most, _WORK // _Count(tokens(pattern)).positions))


class _Count:
    """How much an expression counts, and whether that costs: behind what may have begun anywhere, or in each other.

    What stands first is no matter: of all places where it may have begun the first one is ahead of the others.
    """

    def __init__(self, pieces: list[str]) -> None:
        self.costly = False
        anywhere = any(alternative[:1] != ["^"] for alternative in alternatives(pieces))
        # For each open group: how much it counts to, its positions, whether something is counted in it; then those of the piece before.
        groups = [(0, 0, False)]
        size, positions, counted = 0, 0, False
        for index, piece in enumerate(pieces):
            if (count := _COUNT.fullmatch(piece)) is not None:
                times = max(1, int(count[2] or count[1]))
                self.costly |= counted and count[2] == "" and size >= _LOOPED
                nested, size, positions, counted = counted, size * times, positions * times, True
                self.costly |= (anywhere and index > 1 and size >= _COUNTED) or (nested and size >= _NESTED)
                anywhere = anywhere or count[2] == ""
            elif piece[0] in "*+?" or piece == "|":
                self.costly |= counted and piece[0] in "*+" and size >= _LOOPED
                anywhere = anywhere or piece[0] in "*+"
            elif piece == ")":
                group = groups.pop() if len(groups) > 1 else groups[0]
                size, positions, counted = size + group[0], positions + group[1], counted or group[2]
            else:
                before = groups[-1]
                groups[-1] = (before[0] + size, before[1] + positions, before[2] or counted)
                if piece[0] == "(" and piece[-1] != ")":
                    size, positions, counted = 0, 0, False
                    groups.append((0, 0, False))
                else:
                    size, positions, counted = 1, _width(piece), False
        self.positions = max(1, positions + sum(group[1] for group in groups))


def _width(piece: str) -> int:
    """How many positions one character has: a machine of its own reads the bytes of those that are not ASCII."""
    if r"\p" in piece or r"\P" in piece:
        return 10
    if piece == "." or piece.startswith("[^") or piece in (r"\D", r"\W", r"\S"):
        return 4
    return len(piece.encode()) if len(piece) == 1 else 1


def _annex_b(pattern: str) -> str:
    r"""The pattern with what ECMA-262 allows for the sake of old pages (its annex B.1.2) written as other engines have it.

    A brace that begins no quantifier, and a hyphen beside a class like `\w` in a character class, stand for themselves.
    """
    tokens = _TOKEN.findall(pattern)
    inside = False
    for index, token in enumerate(tokens):
        beside = {*tokens[max(index - 1, 0) : index], *tokens[index + 1 : index + 2]}
        if token == "[" and not inside:
            inside = True
        elif token == "]":
            inside = False
        elif token in ("{", "}") and not inside:
            tokens[index] = "\\" + token
        elif token == "-" and inside and not beside.isdisjoint(_CLASSES):
            tokens[index] = r"\-"
        elif token == r"\b" and inside:
            tokens[index] = r"\x08"
        elif token == r"\0":
            tokens[index] = r"\x00"
    return "".join(tokens)


def needs_backtracking(pattern: str) -> bool:
    """Whether a pattern that can be enforced is beyond the engine of linear time: it has look-around or back-references."""
    return not _compiles(pattern, jsonschema_rs.RegexOptions())


def _compiles(pattern: str, options: jsonschema_rs.RegexOptions | None = None) -> bool:
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=options)
    except ValueError:
        return False
    return True


def _without_delimiters(pattern: str) -> str | None:
    # Only where the delimiters make the expression one that cannot match anything: `/` before `^` or after `$`.
    delimited = _DELIMITED.fullmatch(pattern)
    if delimited is None:
        return pattern
    body, flags = delimited.groups()
    # g, y and d speak of repeated searches, u and v of the syntax: none of them changes whether a string matches.
    flags = flags.translate({ord(flag): None for flag in "gyduv"})
    if not set(flags) <= set("ims"):
        return None
    return f"(?{flags}){body}" if flags else body


def _with_anchors(pattern: str) -> str:
    r"""`\A`, `\Z` and `\z` outside of character classes as ECMA-262 writes them; other escapes untouched."""
    depth = 0

    def replace(found: re.Match[str]) -> str:
        nonlocal depth
        escape, opening, closing = found.groups()
        if opening:
            depth = 1
        elif closing:
            depth = 0
        elif escape in _ANCHORS and not depth:
            return _ANCHORS[escape]
        return found[0]

    return _ESCAPES.sub(replace, pattern)
