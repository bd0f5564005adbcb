"""JSON values as YAML 1.2, so that readers of YAML 1.1 find the same values.

Written here: the library takes seconds for a document of some megabytes. Texts stand in double quotes with the escapes of JSON, unless
they are words that no version of YAML takes for something else, or have lines of their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:[ ./-][A-Za-z0-9_]+)*")
_TAKEN = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"))
_LONGEST_KEY = 1000
"""Characters of a name on the line of its value: a reader may give up at 1024 (YAML 1.2 section 7.4)."""
# YAML 1.2 section 5.1 "Character Set", with what a reader of 1.1 would take for a break of lines.
_FOREIGN = "\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff"
_UNPRINTABLE = re.compile(f"[{_FOREIGN}]")
# Lines of a block: no spaces where they begin, no tabs, and nothing that had to be escaped.
_BLOCK = re.compile(f"(?:[^\x00-\x20{_FOREIGN}][^\x00-\x1f{_FOREIGN}]*\n|\n)+")


def yaml_text(value: Any) -> str:
    """A value as a document in block style."""
    if isinstance(value, dict | list) and value:
        return "\n".join(_lines(value, "")) + "\n"
    return f"{_scalar(value, '  ')}\n"


def _lines(value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, child in value.items():
            word = _word(str(key))
            if len(word) <= _LONGEST_KEY:
                yield from _entry(f"{indent}{word}:", child, indent + "  ", dashes=indent)
            else:
                yield from _entry(f"{indent}? {word}\n{indent}:", child, indent + "  ", dashes=indent + "  ")
    else:
        for child in value:
            if isinstance(child, dict | list) and child:
                first, *others = _lines(child, indent + "  ")
                yield f"{indent}- {first[len(indent) + 2 :]}"
                yield from others
            else:
                yield f"{indent}- {_scalar(child, indent + '  ')}"


def _entry(start: str, child: Any, indent: str, *, dashes: str) -> Iterator[str]:
    if isinstance(child, dict | list) and child:
        yield start
        # A list may stand as far to the left as its name.
        yield from _lines(child, indent if isinstance(child, dict) else dashes)
    else:
        yield f"{start} {_scalar(child, indent)}"


def _scalar(value: Any, indent: str) -> str:
    if isinstance(value, str):
        return _block(value, indent) or _word(value)
    text = json.dumps(value, ensure_ascii=False)
    # A reader of YAML 1.1 takes `1e+16` for text.
    return text.replace("e", ".0e") if isinstance(value, float) and "." not in text else text


def _block(text: str, indent: str) -> str:
    """Several lines as a literal block (YAML 1.2 section 8.1.2); "" for what cannot be one."""
    if "\n" not in text or not text.strip("\n"):
        return ""
    body = text.rstrip("\n")
    ends = len(text) - len(body)
    if text.startswith("\n") or not _BLOCK.fullmatch(body + "\n") or any(line.endswith(" ") for line in body.split("\n")):
        return ""
    mark = {0: "|-", 1: "|"}.get(ends)
    return "" if mark is None else f"{mark}\n" + "\n".join(indent + line if line else "" for line in body.split("\n"))


def _word(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _TAKEN:
        return text
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))
