from __future__ import annotations

import pytest

from specgw.openapi.marks import Unreadable
from specgw.openapi.yaml_text import parse_yaml


@pytest.mark.parametrize(
    ("text", "offset", "message", "hint"),
    [
        ("a: 1\nb 2\nc: 3\n", 5, "neither 'key: value' nor part", "': '"),
        ("a: 'x\nb: 1\n", 3, "never closed", ""),
        ("a: 'x\n---\nb: 1\n", 3, "before '---'", ""),
        ("a: [1, 2\nb: 3\n", 3, "not closed with ']'", "','"),
        ("a: {b: 1\n", 3, "not closed with '}'", "quotes"),
        ("a: b: c\n", 4, "': ' cannot stand here", "quotes"),
        ("a: {port: ${PORT}, host: x}\n", 10, "'${PORT}' cannot stand", "in quotes: '${PORT}'"),
        ("x: 1\na: [${A:-b}]\n", 9, "'${A:-b}' cannot stand", "in quotes: '${A:-b}'"),
        ("a: {\n", 5, "the file ends", "'}'"),
        ('a: "\\ud800"\n', 6, "names no character", "UXXXXXXXX"),
        ('a: "\\d+"\n', 4, "no such escape", "single quotes"),
        ("a: | text\n", 5, "next line", ""),
        ("!x!y z\n", 0, "not declared", "quotes"),
        ("  a: 1\n b: 2\n", 8, "does not belong", "indentation"),
        ("- a\nb: c\n", 4, "not an element", "'- '"),
        ("a: }\n", 3, "value is missing", "quotes"),
        ("a: 'x' y\n", 7, "neither a key", "quotes"),
        ("a: - b\n", 3, "list element cannot", "line of its own"),
        ("a:\n\tb: 1\n", 3, "tab", "spaces"),
        ("a: @user\n", 3, "cannot start with '@'", "quotes"),
        ("a: `x`\n", 3, "cannot start with '`'", "quotes"),
    ],
)
def test_explanations(text: str, offset: int, message: str, hint: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_yaml(text)
    fault = caught.value.fault
    assert fault.code == "syntax"
    assert message in fault.message
    assert hint in (fault.hint or "")
    assert fault.offset == offset


def test_what_is_not_translated_is_passed_on_as_libyaml_says_it() -> None:
    with pytest.raises(Unreadable) as caught:
        parse_yaml("%YAML 9.9\n---\na: 1\n")
    assert "YAML" in caught.value.fault.message
