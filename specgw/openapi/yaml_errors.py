"""What libyaml's complaints mean to the author, and the place that has to be mended."""

from __future__ import annotations

import re

from yaml import MarkedYAMLError

from specgw.openapi.marks import Fault

_REFERENCE = re.compile(r"[:,\[{]\s*(\$\{[^{}]*\})")

# libyaml says where it noticed; for these the mistake is where the construct began (its context).
_BEGAN: dict[tuple[str, str], tuple[str, str | None]] = {
    ("could not find expected ':'", "while scanning a simple key"): (
        "this line is neither 'key: value' nor part of the value before it",
        "a key is followed by ': '",
    ),
    ("found unexpected end of stream", "while scanning a quoted scalar"): ("the quotes that open here are never closed", None),
    ("found unexpected document indicator", "while scanning a quoted scalar"): (
        "the quotes that open here are not closed before '---'",
        None,
    ),
    ("did not find expected ',' or ']'", "while parsing a flow sequence"): (
        "the list that opens here with '[' is not closed with ']'",
        "separate its elements with ','",
    ),
    ("did not find expected ',' or '}'", "while parsing a flow mapping"): (
        "the mapping that opens here with '{' is not closed with '}'",
        "text that starts with '{' needs quotes",
    ),
}

_NOTICED: dict[str, tuple[str, str | None]] = {
    "mapping values are not allowed in this context": (
        "a ': ' cannot stand here",
        "text that holds ': ' needs quotes; otherwise check the indentation of this line",
    ),
    "found invalid Unicode character escape code": (
        "this escape names no character",
        "write characters beyond U+FFFF as they are, or as \\UXXXXXXXX",
    ),
    "found unknown escape character": ("double-quoted text has no such escape", "use single quotes, or double the backslash"),
    "did not find expected comment or line break": ("after '|' or '>' the text begins on the next line", None),
    "found undefined tag handle": ("this tag is not declared", "text that starts with '!' needs quotes"),
    "did not find expected <document start>": ("this line does not belong to what stands before it", "check its indentation"),
    "did not find expected '-' indicator": (
        "this line is not an element of the list that it follows",
        "check its indentation, or put '- ' in front",
    ),
    "did not find expected node content": ("a value is missing here", "text that starts with one of ] } , needs quotes"),
    "did not find expected key": (
        "this is neither a key of the mapping around it nor the end of the value before",
        "check the indentation and the quotes",
    ),
    "block sequence entries are not allowed in this context": (
        "a list element cannot stand here",
        "begin the list on a line of its own",
    ),
    "found a tab character that violates indentation": ("a tab indents this line", "YAML is indented with spaces only"),
}


def explain(error: MarkedYAMLError, text: str) -> Fault:
    """The fault that stands for an error of libyaml."""
    problem, context = error.problem or "this is not YAML", error.context
    began = _BEGAN.get((problem, context or ""))
    mark = error.context_mark if began is not None and error.context_mark is not None else error.problem_mark or error.context_mark
    offset = min(mark.index, len(text)) if mark is not None else 0
    if context is not None and "flow" in context and (reference := _unquoted_reference(text, offset)) is not None:
        message = f"'{reference}' cannot stand here as it is"
        return Fault("syntax", text.index(reference, text.rfind("\n", 0, offset) + 1), message, f"put it in quotes: '{reference}'")
    if began is not None:
        return Fault("syntax", offset, *began)
    if problem == "did not find expected node content" and not text[offset:].strip():
        return Fault("syntax", offset, "the file ends where a value is expected", "every '{' needs its '}', and every '[' its ']'")
    if problem == "found character that cannot start any token":
        return _reserved(text[offset : offset + 1], offset)
    if problem in _NOTICED:
        return Fault("syntax", offset, *_NOTICED[problem])
    return Fault("syntax", offset, problem if context is None else f"{problem} ({context})")


def _unquoted_reference(text: str, offset: int) -> str | None:
    """A `${NAME}` without quotes in the line of a fault: inside of braces and brackets its own braces count."""
    line = text[text.rfind("\n", 0, offset) + 1 :].partition("\n")[0]
    found = _REFERENCE.search(line)
    return found[1] if found is not None else None


def _reserved(char: str, offset: int) -> Fault:
    if char == "\t":
        return Fault("syntax", offset, "a tab indents this line", "YAML is indented with spaces only")
    return Fault("syntax", offset, f"text cannot start with '{char}'", "put it in quotes")
