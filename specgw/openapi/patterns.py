r"""Regular expressions of `pattern` and `patternProperties`: what can be enforced, and at which cost.

JSON Schema patterns are ECMA-262 expressions, searched for anywhere in the string (2020-12 Core section 6.4). The run
time gives them to jsonschema-rs, which translates them for an engine of linear time, and falls back to backtracking,
under a limit of steps, only for those with look-around or back-references. Two habits of authors have a plain meaning
that ECMA-262 does not give them: delimiters, `/^[a-z]+$/`, which could never match, and the anchors `\A`, `\Z`, `\z`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import jsonschema_rs

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


@lru_cache(maxsize=4096)
def read_pattern(pattern: str) -> Pattern:
    """How a pattern of a document is enforced."""
    meant = _without_delimiters(pattern)
    if meant is None:
        return Pattern(None)
    if not _compiles(meant) or r"\A" in meant or r"\z" in meant:
        meant = _with_anchors(meant)
    text = meant if _compiles(meant) else _annex_b(meant)
    if not _compiles(text):
        return Pattern(None)
    return Pattern(text, meant != pattern, needs_backtracking(text))


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
