"""YAML as OpenAPI means it: mappings of strings, and the values that JSON has.

OpenAPI section "Format" limits YAML 1.2 to the tags of its JSON schema and keys to scalar strings. The choices, where
the JSON schema is stricter than what people write and every OpenAPI tool reads:

- null is `null`, `Null`, `NULL`, `~` or nothing; true and false also `True`, `TRUE`, `False`, `FALSE` (the Core schema).
- Numbers are written as in JSON, `1.` is allowed too. Dates, `0x1F`, `0o7`, `017`, `1:30`, `+1`, `.5`, `.inf`, `yes`,
  `on` and all that YAML 1.1 makes of them are plain strings.
- A key is the string as written: `200:` is "200", `null:` is "null".
- `<<` with an alias or mapping, or a list of these, merges as YAML 1.1 tools do; keys that stand in the mapping itself win,
  earlier ones of a list win over later ones. Quoted, or with any other value, it is an ordinary key.
- Line breaks are those of YAML 1.2: NEL, U+2028 and U+2029 are text.

libyaml's event stream is read directly: composing nodes first costs four times as much (3 MB: 0.3 s against 1.3 s).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from yaml import MarkedYAMLError, YAMLError
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # PyYAML exports it, its stubs do not say so
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.reader import ReaderError

from specgw.openapi.marks import MAX_DEPTH, MAX_SHARED, Fault, Parsed, Unreadable
from specgw.openapi.parsing import Parser
from specgw.openapi.yaml_errors import explain

_WORDS: dict[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]*)?([eE][-+]?[0-9]+)?")
_STARTS_NUMBER = frozenset("-0123456789")

_TAG = "tag:yaml.org,2002:"
_SCALAR_TAGS = frozenset(_TAG + name for name in ("null", "bool", "int", "float"))
_COLLECTION_TAGS = frozenset(("!", _TAG + "map", _TAG + "seq"))

# libyaml follows YAML 1.1, where these end a line.
_NOT_BREAKS = "\x85\u2028\u2029"
_BLANK = re.compile(r"^ *\t[ \t]*$", re.MULTILINE)
_PRIVATE = range(0xE000, 0xF8FF)


def parse_yaml(text: str) -> Parsed:
    """Parse the one YAML document of a text without a byte order mark; raises Unreadable where that cannot be done."""
    substitutes = _substitutes(text)
    if substitutes:
        text = text.translate({ord(char): stand_in for char, stand_in in substitutes.items()})
    back = {ord(stand_in): char for char, stand_in in substitutes.items()}
    try:
        return _Reader(text, back).read()
    except MarkedYAMLError as error:
        # YAML 1.2 section 6.5: white space alone is an empty line, tabs included; libyaml takes them for indentation.
        blanked = _BLANK.sub(lambda line: " " * len(line[0]), text) if "\t" in text else text
        if blanked != text:
            return parse_yaml(blanked)
        raise Unreadable(explain(error, text)) from None
    except ReaderError:
        raise Unreadable(_control_character(text)) from None
    except YAMLError as error:
        raise Unreadable(Fault("syntax", 0, f"this is not YAML: {error}")) from None


def _substitutes(text: str) -> dict[str, str]:
    present = [char for char in _NOT_BREAKS if char in text]
    free = (chr(code) for code in _PRIVATE if chr(code) not in text)
    return dict(zip(present, free, strict=False))


# YAML 1.2 section 5.1, production [1] c-printable.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _control_character(text: str) -> Fault:
    match = _UNPRINTABLE.search(text)
    if match is None:
        return Fault("syntax", 0, "the file holds a character that YAML does not allow")
    hint = "remove it, or write it as an escape in double quotes"
    if match[0] == "\0":
        hint = "the file may be UTF-16 without a byte order mark, or no text at all"
    return Fault("syntax", match.start(), f"the character U+{ord(match[0]):04X} is not allowed in YAML", hint)


class _Reader(Parser):
    """Builds the value of one document from libyaml's events, with an explicit stack."""

    def __init__(self, text: str, back: dict[int, str]) -> None:
        super().__init__()
        self._parser = CParser(text)
        self._back = back
        # What an anchor stands for, and how it was written where that is a scalar, since it may be used as a key.
        self._anchors: dict[str, tuple[Any, str | None]] = {}
        self._merging: set[int] = set()

    def read(self) -> Parsed:
        """The whole stream; one loop, because a call for each of 300,000 events would double its time."""
        get: Callable[[], Any] = self._parser.get_event
        words, number, starts_number, missing = _WORDS, _NUMBER.fullmatch, _STARTS_NUMBER, object()
        strings: dict[str, str] = {}
        frames, back, anchors = self._frames, self._back, self._anchors
        root: Any = None
        current: Any = None  # the open container
        marks: list[int] = []
        key: str | None = None  # of the member whose value comes next; None where that is dropped
        keyed = False  # a key comes next
        documents = 0
        shared = False
        while True:
            event = get()
            kind = event.__class__
            value: Any
            if kind is ScalarEvent:
                value = event.value
                value = strings.setdefault(value, value)
                if back:
                    value = value.translate(back)
                offset = event.start_mark.index
                written = value
                if keyed:
                    if event.implicit[0] and value == "<<":
                        self._merging.add(id(current))
                elif event.implicit[0]:
                    found = words.get(value, missing)
                    if found is not missing:
                        value = found
                    elif value[0] in starts_number and (match := number(value)):
                        value = self._number(value, offset, current, key, exact=match[1] is None and match[2] is None)
                elif event.tag is not None and event.tag != "!":
                    value = self._tagged(event.tag, value, offset, current, key)
                if event.anchor is not None:
                    anchors[event.anchor] = (value, written)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                if id(current) in self._merging:
                    marks = self._merge(current, marks)
                self._marks.add(current, marks)
                current, key, marks = frames.pop()
                keyed = current.__class__ is dict
                continue
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                offset = event.start_mark.index
                value = {} if kind is MappingStartEvent else []
                written = None
                if len(frames) >= MAX_DEPTH:
                    raise Unreadable(Fault("document-limits", offset, f"nested more than {MAX_DEPTH} levels deep"))
                if event.tag is not None and event.tag not in _COLLECTION_TAGS:
                    self._foreign_tag(event.tag, offset, current, key)
                if event.anchor is not None:
                    anchors[event.anchor] = (value, None)
            elif kind is AliasEvent:
                offset = event.start_mark.index
                value, written = self._alias(event.anchor, offset, current, key)
                shared = True
            elif kind is StreamEndEvent:
                break
            elif kind is DocumentStartEvent and documents:
                hint = "only the first one is read: put each document into a file of its own"
                self._faults.append(Fault("several-documents", event.start_mark.index, "a second YAML document starts here", hint))
                break
            else:
                documents += kind is DocumentStartEvent
                continue

            if keyed:
                if written is None:
                    hint = "text that starts with '{' or '[' needs quotes, like \"{{name}}\""
                    raise Unreadable(Fault("syntax", offset, "a key has to be a string, not a mapping or a list", hint))
                if written in current:
                    self._repeated(current, marks, written, offset)
                    key = None
                else:
                    key = written
                    marks.append(offset)
                keyed = False
                continue
            if current.__class__ is dict:
                if key is not None:
                    current[key] = value
                    marks.append(offset)
                keyed = True
            elif current is None:
                root = value
                self._marks.root = offset
            else:
                current.append(value)
                marks.append(offset)
            if kind is MappingStartEvent or kind is SequenceStartEvent:
                frames.append((current, key, marks))
                current, key, marks, keyed = value, None, [], kind is MappingStartEvent
        if shared:
            self._bound(root)
        return Parsed(root, self._marks, self._faults)

    def _tagged(self, tag: str, text: str, offset: int, current: Any, key: str | None) -> Any:
        if tag == _TAG + "str":
            return text
        name = tag.removeprefix(_TAG)
        if tag not in _SCALAR_TAGS:
            self._foreign_tag(tag, offset, current, key)
            return text
        if name in ("int", "float"):
            match = _NUMBER.fullmatch(text)
            exact = match is not None and match[1] is None and match[2] is None
            if match is not None and (name == "float" or exact):
                value = self._number(text, offset, current, key, exact=exact)
                return float(value) if name == "float" and not isinstance(value, str) else value
        elif text in _WORDS and (_WORDS[text] is None) == (name == "null"):
            return _WORDS[text]
        self._found("unsupported-tag", offset, f"'{text}' is no {name} as JSON has it", "write the value without a tag", current, key)
        return text

    def _foreign_tag(self, tag: str, offset: int, current: Any, key: str | None) -> None:
        shown = "!!" + tag.removeprefix(_TAG) if tag.startswith(_TAG) else tag
        hint = (
            "OpenAPI knows only the types of JSON; refer to another file with $ref"
            if "include" in tag
            else "OpenAPI knows only the types of JSON"
        )
        self._found("unsupported-tag", offset, f"the tag {shown} has no meaning in an OpenAPI document", hint, current, key)

    def _alias(self, anchor: str, offset: int, current: Any, key: str | None) -> tuple[Any, str | None]:
        if anchor not in self._anchors:
            hint = "an anchor stands before its aliases: 'key: &" + anchor + " …'; text that starts with '*' needs quotes"
            self._found("syntax", offset, f"nothing has the anchor '&{anchor}'", hint, current, key)
            return None, ""
        value, written = self._anchors[anchor]
        if isinstance(value, dict | list) and (value is current or any(value is container for container, *_ in self._frames)):
            hint = "recursion is written with $ref"
            raise Unreadable(
                Fault("recursive-alias", offset, f"the alias '*{anchor}' stands inside its own anchor", hint, self._pointer(current, key))
            )
        return value, written

    def _merge(self, mapping: dict[str, Any], marks: list[int]) -> list[int]:
        """Resolve `<<` of a mapping that is complete; returns its marks."""
        self._merging.discard(id(mapping))
        value = mapping.get("<<")
        sources: list[Any] = value if isinstance(value, list) else [value]
        if not sources or not all(isinstance(source, dict) for source in sources):
            return marks
        at = 2 * list(mapping).index("<<")
        del mapping["<<"]
        merged = marks[:at] + marks[at + 2 :]
        for source in sources:
            offsets = self._marks.of(source)
            for number, (key, item) in enumerate(source.items()):
                if key not in mapping:
                    mapping[key] = item
                    merged.extend(offsets[2 * number : 2 * number + 2])
        return merged

    def _bound(self, root: Any) -> None:
        """Refuse what sharing makes too large or too deep to be walked; linear in what was written."""
        measured: dict[int, tuple[int, int]] = {}
        written = 0
        waiting: list[tuple[Any, bool]] = [(root, False)]
        while waiting:
            value, complete = waiting.pop()
            if not isinstance(value, dict | list) or id(value) in measured:
                continue
            children = list(value.values()) if isinstance(value, dict) else value
            if not complete:
                waiting.append((value, True))
                waiting.extend((child, False) for child in children)
                continue
            written += 1 + len(children)
            inner = [measured[id(child)] for child in children if isinstance(child, dict | list)]
            size = 1 + len(children) + sum(size for size, _ in inner)
            depth = 1 + max((depth for _, depth in inner), default=0)
            if depth > MAX_DEPTH:
                raise Unreadable(Fault("document-limits", self._marks.root, f"aliases nest more than {MAX_DEPTH} levels deep"))
            measured[id(value)] = (size, depth)
        if root.__class__ in (dict, list) and measured[id(root)][0] - written > MAX_SHARED:
            message = f"aliases repeat more than {MAX_SHARED:,} values".replace(",", " ")
            raise Unreadable(Fault("document-limits", self._marks.root, message, "share parts with $ref instead"))
