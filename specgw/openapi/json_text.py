"""JSON by RFC 8259, strictly: no repeated keys, no NaN, no lone surrogates, integers exact, and every position.

The standard library keeps no positions and takes what must not pass; this scanner keeps an explicit stack, so that
nesting costs no recursion. 1.8 MB take 0.3 s.
"""

from __future__ import annotations

import re
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]  # the C scanner, undocumented in the stubs only
from typing import Any

from specgw.openapi.marks import MAX_DEPTH, Fault, Parsed, Unreadable
from specgw.openapi.parsing import Parser

_SPACE = re.compile(r"[ \t\n\r]*")
# A string without escapes, an opening bracket, a number, a word.
_VALUE = re.compile(r'"([^"\\\x00-\x1f]*)"|([{\[])|(-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?)(?![\w.+-])|(true|false|null)\b|(")')
_STRING, _OPEN, _NUMBER, _WORD, _ESCAPED = 1, 2, 3, 6, 7
_KEY = re.compile(r'"([^"\\\x00-\x1f]*)"[ \t\n\r]*:[ \t\n\r]*')
_COLON = re.compile(r"[ \t\n\r]*:[ \t\n\r]*")
_NEXT = re.compile(r"[ \t\n\r]*([,}\]])[ \t\n\r]*")
_WORDS = {"true": True, "false": False, "null": None}
_SURROGATE = re.compile("[\ud800-\udfff]")


def parse_json(text: str) -> Parsed:
    """Parse one JSON text without a byte order mark; raises Unreadable where that cannot be done."""
    return _Scanner(text).read()


class _Scanner(Parser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def read(self) -> Parsed:
        """The whole text; one loop for the same reason as in `yaml_text`."""
        text, frames = self._text, self._frames
        value_at, key_at, next_at, space_at = _VALUE.match, _KEY.match, _NEXT.match, _SPACE.match
        strings: dict[str, str] = {}
        root: Any = None
        current: Any = None  # the open container
        marks: list[int] = []
        key: str | None = None  # of the member whose value comes next; None where that is dropped
        at = space_at(text, 0).end()  # type: ignore[union-attr]  # it matches everywhere
        while True:
            match = value_at(text, at)
            offset = at
            value: Any
            if match is None:
                raise Unreadable(self._no_value(at, current))
            kind = match.lastindex
            at = match.end()
            if kind == _STRING:
                value = match[1]
                value = strings.setdefault(value, value)
            elif kind == _OPEN:
                value = {} if match[2] == "{" else []
            elif kind == _WORD:
                value = _WORDS[match[6]]
            elif kind == _ESCAPED:
                value, at = self._string(at)
            else:
                value = self._number(match[3], offset, current, key, exact=match[4] is None and match[5] is None)

            if current.__class__ is dict:
                if key is not None:
                    current[key] = value
                    marks.append(offset)
            elif current is None:
                root = value
                self._marks.root = offset
            else:
                current.append(value)
                marks.append(offset)

            if kind == _OPEN:
                if len(frames) >= MAX_DEPTH:
                    raise Unreadable(Fault("document-limits", offset, f"nested more than {MAX_DEPTH} levels deep"))
                frames.append((current, key, marks))
                current, key, marks = value, None, []
                at = space_at(text, at).end()  # type: ignore[union-attr]
                closing = text[at : at + 1]
                if closing != ("}" if value.__class__ is dict else "]"):
                    closing = ","
                    at -= 1  # the loop below steps over what it takes
                at = space_at(text, at + 1).end()  # type: ignore[union-attr]
            elif frames:
                follows = next_at(text, at)
                if follows is None:
                    raise Unreadable(self._no_separator(at, current))
                closing = follows[1]
                at = follows.end()
            else:
                break

            while closing != ",":
                if closing != ("}" if current.__class__ is dict else "]"):
                    raise Unreadable(self._no_separator(self._before(at, closing), current))
                self._marks.add(current, marks)
                current, key, marks = frames.pop()
                if not frames:
                    break
                follows = next_at(text, at)
                if follows is None:
                    raise Unreadable(self._no_separator(at, current))
                closing = follows[1]
                at = follows.end()
            if not frames:
                break

            if current.__class__ is dict:
                name = key_at(text, at)
                offset = at
                if name is not None:
                    key = name[1]
                    key = strings.setdefault(key, key)
                    at = name.end()
                else:
                    key, at = self._key(at)
                if key in current:
                    self._repeated(current, marks, key, offset)
                    key = None
                else:
                    marks.append(offset)
        at = space_at(text, at).end()  # type: ignore[union-attr]
        if at < len(text):
            raise Unreadable(Fault("syntax", at, "the JSON value is complete, but the file goes on here", "a file holds one value"))
        return Parsed(root, self._marks, self._faults)

    def _before(self, at: int, closing: str) -> int:
        """The offset of the bracket that was stepped over before `at`."""
        return self._text.rindex(closing, 0, at)

    def _key(self, at: int) -> tuple[str, int]:
        """A key that holds escapes, and where its value begins."""
        text = self._text
        if text[at : at + 1] != '"':
            found = text[at : at + 1]
            if found == "}":
                raise Unreadable(
                    Fault("syntax", self._text.rindex(",", 0, at), "a comma cannot stand before '}'", "JSON has no trailing commas")
                )
            raise Unreadable(Fault("syntax", at, f"a key in double quotes has to stand here{self._instead(at)}", self._hint(at)))
        key, end = self._string(at + 1)
        colon = _COLON.match(text, end)
        if colon is None:
            at = _SPACE.match(text, end).end()  # type: ignore[union-attr]
            raise Unreadable(Fault("syntax", at, f"a ':' has to follow the key '{key}'{self._instead(at)}"))
        return key, colon.end()

    def _string(self, at: int) -> tuple[str, int]:
        """A string from behind its opening quotes, and where it ends."""
        try:
            value, end = scanstring(self._text, at, True)
        except JSONDecodeError as error:
            if error.msg.startswith("Unterminated"):
                raise Unreadable(Fault("syntax", at - 1, "the quotes that open here are never closed")) from None
            if "control character" in error.msg:
                char = self._text[error.pos]
                what = {"\n": "a line break", "\t": "a tab"}.get(char, f"the character U+{ord(char):04X}")
                raise Unreadable(
                    Fault("syntax", error.pos, f"{what} cannot stand inside quotes", "write it as \\n, \\t or \\uXXXX")
                ) from None
            raise Unreadable(
                Fault("syntax", error.pos, "JSON has no such escape", 'these are allowed: \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX')
            ) from None
        if _SURROGATE.search(value):
            raise Unreadable(
                Fault("syntax", at - 1, "an escape in this string is half of a surrogate pair", "\\uD83D\\uDE00 are written together")
            )
        return value, end

    def _no_value(self, at: int, current: Any) -> Fault:
        found = self._text[at : at + 1]
        if found == "]" and isinstance(current, list):
            return Fault("syntax", self._text.rindex(",", 0, at), "a comma cannot stand before ']'", "JSON has no trailing commas")
        return Fault("syntax", at, f"a value has to stand here{self._instead(at)}", self._hint(at))

    def _no_separator(self, at: int, current: Any) -> Fault:
        at = _SPACE.match(self._text, at).end()  # type: ignore[union-attr]
        closing = "}" if isinstance(current, dict) else "]"
        return Fault("syntax", at, f"',' or '{closing}' has to stand here{self._instead(at)}", self._hint(at))

    def _instead(self, at: int) -> str:
        word = re.compile(r"[\w.+-]{1,20}|.?", re.DOTALL).match(self._text, at)
        found = word[0] if word is not None else ""
        return f", not {found!r}" if found else ", but the file ends"

    def _hint(self, at: int) -> str | None:
        rest = self._text[at : at + 12]
        if rest.startswith(("//", "/*", "#")):
            return "JSON has no comments"
        if rest.startswith("'"):
            return "JSON strings stand in double quotes"
        if re.match(r"[-+]?(NaN|Infinity)\b", rest):
            return "JSON has neither NaN nor Infinity"
        if re.match(r"(True|False|None|TRUE|FALSE|NULL|Null)\b", rest):
            return "JSON writes true, false and null"
        if re.match(r"[-+]?[0-9.]", rest):
            return "numbers are written like 0, -12, 0.5 or 1e9: no leading '+', '.' or zeros"
        return None
