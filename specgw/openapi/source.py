"""One file as parsed: its value, and the line and column of everything in it."""

from __future__ import annotations

import codecs
import gc
import re
from bisect import bisect_right
from typing import Any

from specgw.diagnostics import FilePlace, Findings
from specgw.openapi.json_text import parse_json
from specgw.openapi.marks import Fault, Marks, Parsed, Unreadable
from specgw.openapi.pointers import tokens_of
from specgw.openapi.yaml_text import parse_yaml

_LINE_END = re.compile(r"\r\n|\r|\n")

# YAML 1.2 section 5.2; the longer marks first, since UTF-32's begins with UTF-16's.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# What other tools take for text where a `description` refers to a file: no YAML, even where it happens to be some.
_MARKDOWN = (".md", ".markdown")


class SourceDocument:
    """A parsed file; implements `model.Document`. Lines and columns count from 1, columns in Unicode characters."""

    __slots__ = ("_lines", "file", "marks", "text", "value", "version")

    def __init__(self, file: str, text: str, value: Any, marks: Marks) -> None:
        self.file = file
        self.value = value
        self.version = ""
        self.text = text
        self.marks = marks
        self._lines: list[int] | None = None

    def position(self, pointer: str, *, key: bool = True) -> tuple[int, int]:
        """Line and column of the key (or the value) at a JSON pointer; of the nearest ancestor if absent."""
        return self.place(self.marks.find(self.value, tokens_of(pointer), key=key))

    def written(self, pointer: str) -> FilePlace:
        """Where the key at a JSON pointer stands, or that of its nearest ancestor."""
        return FilePlace(self.file, *self.position(pointer), pointer)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a character of the file."""
        starts = self._line_starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, without its end; "" beyond the file."""
        starts = self._line_starts()
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def _line_starts(self) -> list[int]:
        if self._lines is None:
            # One character is found three times as fast as any of several, and every compile asks for lines.
            ends = _LINE_END.finditer(self.text) if "\r" in self.text else re.finditer("\n", self.text)
            self._lines = [0, *(match.end() for match in ends)]
        return self._lines


def parse(data: bytes, file: str, findings: Findings) -> SourceDocument | None:
    """Parse a file's bytes as YAML or JSON; None where nothing could be read, with a finding that says why.

    `file` is its label. A name that ends in .json means strict JSON, one that ends in .md a description, which is the whole
    text; otherwise a text that starts with a bracket is JSON if it parses as such, and YAML if not.
    """
    text = decode(data, file, findings)
    if text is None:
        return None
    if file.lower().endswith(_MARKDOWN):
        return SourceDocument(file, text, text, Marks())
    blank = SourceDocument(file, text, None, Marks())
    # The parsers only build; nothing they make can be garbage before they end, so collecting is waste (a third of the time).
    collecting = gc.isenabled()
    gc.disable()
    try:
        parsed = _parse(text, json=file.lower().endswith(".json"))
    except Unreadable as stop:
        _report(stop.fault, blank, findings)
        return None
    finally:
        if collecting:
            gc.enable()
    for fault in parsed.faults:
        _report(fault, blank, findings)
    if parsed.value is None:
        gateway = file.rpartition("/")[2].startswith("gateway.")
        hint = "everything stands under 'gateway:'" if gateway else "an OpenAPI document starts with 'openapi: 3.1.0'"
        findings.add("empty-document", FilePlace(file), "the file holds nothing", hint=hint)
        return None
    return SourceDocument(file, text, parsed.value, parsed.marks)


def decode(data: bytes, file: str, findings: Findings) -> str | None:
    """A file's text: UTF-8, or what its byte order mark says; None, with a finding, where it is not text."""
    encoding = "utf-8"
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], name
            break
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "replace")
        line = len(_LINE_END.findall(before)) + 1
        column = len(_LINE_END.split(before)[-1]) + 1
        found = " ".join(f"{byte:02X}" for byte in data[error.start : error.end][:4])
        message = f"the bytes {found} are not {encoding.upper()} text"
        findings.add("invalid-encoding", FilePlace(file, line, column), message, hint="save the file as UTF-8")
        return None


def _parse(text: str, *, json: bool) -> Parsed:
    if json:
        return parse_json(text) if text.strip(" \t\r\n") else Parsed(None, Marks())
    if text.lstrip(" \t\r\n").startswith(("{", "[")):
        try:
            return parse_json(text)
        except Unreadable as stop:
            if stop.fault.code != "syntax":
                raise
    return parse_yaml(text)


def _report(fault: Fault, document: SourceDocument, findings: Findings) -> None:
    message = fault.message
    if fault.first is not None:
        # The last one: a key that is quoted before it may be called {line} as well.
        before, _, after = message.rpartition("{line}")
        message = f"{before}{document.place(fault.first)[0]}{after}"
    findings.add(fault.code, FilePlace(document.file, *document.place(fault.offset), fault.pointer), message, hint=fault.hint)
