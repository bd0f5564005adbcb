r"""Regular expressions in the words of PCRE, Python and Java, said in those of ECMA-262, which reads them as something else or not at all.

Nobody who writes `[[:alpha:]]+` means a bracket, a colon and some letters.
"""

from __future__ import annotations

import re

# Where another language may be meant, to look closer; and flags within the expression, which mean the same to the engine.
_FOREIGN = re.compile(r"\[:|[*+?}]\+|\(\?P<|\{,|&&")
_FLAGS = re.compile(r"\(\?[a-zA-Z]+\)")
# An escape, a quantifier in braces, or one character.
_TOKEN = re.compile(r"\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\.|\{\d+(?:,\d*)?\}|\{,\d+\}|.", re.DOTALL)
_POSIX_CLASSES = {
    "alpha": "A-Za-z",
    "digit": "0-9",
    "alnum": "0-9A-Za-z",
    "upper": "A-Z",
    "lower": "a-z",
    "space": r"\s",
    "blank": r" \t",
    "punct": r"!-/:-@\[-`{-~",
    "xdigit": "0-9A-Fa-f",
    "word": r"\w",
    "cntrl": r"\x00-\x1f\x7f",
    "print": " -~",
    "graph": "!-~",
}
_POSIX = re.compile(rf"\[:({'|'.join(_POSIX_CLASSES)}):\]")


def translated(pattern: str) -> str | None:
    """The pattern with classes of POSIX (`[[:alpha:]]`), `{,5}` for `{0,5}`, possessive quantifiers and `(?P<name>…)` translated.

    Possessive ones (`a++`) match no more than plain ones do. None where classes are intersected (`[a-z&&[^b]]`).
    """
    if _FOREIGN.search(pattern) is None:
        return pattern
    tokens = _TOKEN.findall(_POSIX.sub(lambda found: _POSIX_CLASSES[found[1]], pattern).replace("(?P<", "(?<"))
    inside = quantified = False
    kept: list[str] = []
    for index, token in enumerate(tokens):
        if inside and token == "&" and tokens[index + 1 : index + 2] == ["&"]:
            return None
        if token == "+" and quantified and not inside:
            quantified = False
            continue
        quantified = not inside and (token in ("*", "+", "?") or token[0] == "{") and kept[-1:] != ["("]
        inside = token == "[" or (inside and token != "]")
        kept.append(f"{{0{token[1:]}" if token.startswith("{,") and not inside else token)
    return "".join(kept)


def flagged(pattern: str) -> bool:
    """Whether flags stand within the expression, like `(?i)`."""
    return _FLAGS.search(pattern) is not None
