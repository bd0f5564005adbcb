"""Texts that match a regular expression of ECMA-262, as `pattern` has it: read once, sampled as often as wanted.

Only what describes a text is understood; assertions (word ends, look-around) are read over, and whoever asks validates what came.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

Sample = Callable[[Random, int], str]
"""Makes a text; the number says how often `*` and `+` may repeat at most beyond their least."""

_PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
_DIGITS = "0123456789"
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WORD = _LETTERS + _DIGITS + "_"
_CLASSES = {
    "d": _DIGITS,
    "w": _WORD,
    "s": " ",
    "D": _LETTERS + "-_ ",
    "W": " -.,:;!",
    "S": _WORD + "-.",
}
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "0": "\0"}
_PROPERTIES = {"L": _LETTERS, "Lu": _LETTERS[26:], "Ll": _LETTERS[:26], "N": _DIGITS, "Nd": _DIGITS, "P": "-.,:;!?", "Z": " "}
_LONGEST = 1000


class Unreadable(ValueError):
    """The pattern has something that no text is made for."""


def sampler(pattern: str) -> Sample:
    """What makes texts that contain a match of the pattern. Raises Unreadable."""
    return _Reader(pattern).whole()


class _Reader:
    """Recursive descent over the grammar of ECMA-262 section 22.2.1."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._groups: list[Sample] = []

    def whole(self) -> Sample:
        sample = self._disjunction()
        if self._at < len(self._text):
            raise Unreadable(f"')' at {self._at} closes nothing")
        return sample

    def _peek(self) -> str:
        return self._text[self._at] if self._at < len(self._text) else ""

    def _take(self, expected: str) -> bool:
        if self._text.startswith(expected, self._at):
            self._at += len(expected)
            return True
        return False

    def _disjunction(self) -> Sample:
        branches = [self._alternative()]
        while self._take("|"):
            branches.append(self._alternative())
        if len(branches) == 1:
            return branches[0]
        return lambda random, more: random.choice(branches)(random, more)

    def _alternative(self) -> Sample:
        terms: list[Sample] = []
        while (next_ := self._peek()) and next_ not in "|)":
            if self._take("^") or self._take("$"):
                continue
            terms.append(self._quantified(self._atom()))
        return lambda random, more: "".join([term(random, more) for term in terms])

    def _quantified(self, atom: Sample) -> Sample:
        least, most = 1, 1
        if self._take("*"):
            least, most = 0, -1
        elif self._take("+"):
            least, most = 1, -1
        elif self._take("?"):
            least, most = 0, 1
        elif self._peek() == "{" and (bounds := self._bounds()) is not None:
            least, most = bounds
        else:
            return atom
        self._take("?")
        if least > _LONGEST:
            raise Unreadable("it repeats more often than is sensible")

        def repeated(random: Random, more: int) -> str:
            limit = least + more if most < 0 else min(most, least + more)
            return "".join([atom(random, more) for _ in range(random.randint(least, limit))])

        return repeated

    def _bounds(self) -> tuple[int, int] | None:
        end = self._text.find("}", self._at)
        low, comma, high = self._text[self._at + 1 : end].partition(",")
        if end < 0 or not low.isdigit() or (high and not high.isdigit()):
            return None  # a brace that is only a brace (annex B)
        self._at = end + 1
        return int(low), (int(low) if not comma else int(high) if high else -1)

    def _atom(self) -> Sample:
        if self._take("("):
            return self._group()
        if self._take("["):
            return _one_of(self._members())
        if self._take("\\"):
            return self._escape()
        if self._take("."):
            return _one_of(_WORD)
        return _text(self._character())

    def _character(self) -> str:
        found = self._peek()
        if not found or found in "*+?":
            raise Unreadable(f"nothing to repeat at {self._at}")
        self._at += 1
        return found

    def _group(self) -> Sample:
        silent = False
        if self._take("?"):
            if self._take("="):
                silent = True  # what follows has to look like this; sampling both and validating finds out
            elif self._take("!") or self._take("<=") or self._take("<!"):
                silent = True
            elif self._take("<"):
                self._at = self._text.find(">", self._at) + 1 or len(self._text)
            else:
                self._take(":")
        inner = self._disjunction()
        if not self._take(")"):
            raise Unreadable("a group has no end")
        if silent:
            return _text("")
        self._groups.append(inner)
        return inner

    def _escape(self) -> Sample:
        kind = self._character_after_escape()
        if kind in _CLASSES:
            return _one_of(_CLASSES[kind])
        if kind in "bB":
            return _text("")
        if kind in "pP":
            return _one_of(self._property(kind))
        if kind.isdigit() and kind != "0":
            raise Unreadable("it refers back to a group")
        return _text(self._literal(kind))

    def _character_after_escape(self) -> str:
        if self._at >= len(self._text):
            raise Unreadable("it ends in a backslash")
        self._at += 1
        return self._text[self._at - 1]

    def _literal(self, kind: str) -> str:
        digits = {"x": 2, "u": 4}.get(kind, 0)
        if kind == "u" and self._take("{"):
            end = self._text.find("}", self._at)
            code, self._at = self._text[self._at : end], end + 1
        elif digits:
            code = self._text[self._at : self._at + digits]
            self._at += digits
        elif kind == "c":
            self._at += 1
            return chr(ord(self._text[self._at - 1]) % 32) if self._at <= len(self._text) else ""
        else:
            return _ESCAPES.get(kind, kind)
        try:
            return chr(int(code, 16))
        except (ValueError, OverflowError):
            raise Unreadable("an escape names no character") from None

    def _property(self, kind: str) -> str:
        if not self._take("{"):
            return kind
        end = self._text.find("}", self._at)
        name, self._at = self._text[self._at : end], end + 1
        members = _PROPERTIES.get(name.rpartition("=")[2])
        if members is None:
            raise Unreadable(f"the property {name} has no samples here")
        return members if kind == "p" else "".join(character for character in _PRINTABLE if character not in members)

    def _members(self) -> str:
        negated = self._take("^")
        found: list[str] = []
        while not self._take("]"):
            if self._at >= len(self._text):
                raise Unreadable("a class has no end")
            members = self._member()
            if len(members) == 1 and self._peek() == "-" and self._text[self._at + 1 : self._at + 2] not in ("]", ""):
                self._at += 1
                end = self._member()
                if len(end) != 1:
                    raise Unreadable("a range ends in a class")
                members = "".join(map(chr, range(ord(members), min(ord(end), ord(members) + 500) + 1)))
            found.append(members)
        members = "".join(found)
        if negated:
            members = "".join(character for character in _WORD + _PRINTABLE if character not in members)
        if not members:
            raise Unreadable("a class has no members")
        return members

    def _member(self) -> str:
        if not self._take("\\"):
            self._at += 1
            return self._text[self._at - 1]
        kind = self._character_after_escape()
        if kind in _CLASSES:
            return _CLASSES[kind]
        if kind in "pP":
            return self._property(kind)
        return "\b" if kind == "b" else self._literal(kind)


def _one_of(members: str) -> Sample:
    return lambda random, more: random.choice(members)


def _text(text: str) -> Sample:
    return lambda random, more: text
