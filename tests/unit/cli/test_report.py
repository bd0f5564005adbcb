from __future__ import annotations

import pytest

from specgw.cli.report import LONGEST, MANY, SHOWN, as_text, printable, summary
from specgw.diagnostics import Diagnostic, Severity

SOURCE = """\
openapi: 3.1.0
info: {title: Users, version: "1"}
x-gateway:
  mount: /api
paths:
  /users/{id}:
    get:
      x-gateway: {timout: {response: 5s}}
\t\tsummary: tabs
      "operationId": 'say ''hi'''
      description: 名前 is: wide
"""


def excerpt(file: str, line: int) -> str:
    lines = SOURCE.splitlines()
    return lines[line - 1] if file == "specs/users.yaml" and line <= len(lines) else ""


def finding(line: int, column: int, *, code: str = "unknown-key", severity: Severity = Severity.ERROR, **more: str) -> Diagnostic:
    return Diagnostic(
        file=more.get("file", "specs/users.yaml"),
        line=line,
        column=column,
        code=code,
        severity=severity,
        message=more.get("message", "something is wrong"),
        pointer="",
        hint=more.get("hint"),
    )


def shown(*findings: Diagnostic) -> str:
    return as_text(findings, excerpt).plain


def test_an_error_reads_as_compilers_write_it() -> None:
    assert shown(finding(8, 19, message="unknown key 'timout' in x-gateway", hint="did you mean 'timeout'?")) == (
        "error[unknown-key]: unknown key 'timout' in x-gateway\n"
        " --> specs/users.yaml:8:19\n"
        "  |\n"
        "8 |       x-gateway: {timout: {response: 5s}}\n"
        "  |                   ^^^^^^\n"
        "  = help: did you mean 'timeout'?\n"
        "\n"
    )


def test_a_warning_says_so_and_the_margin_is_as_wide_as_the_line_number() -> None:
    assert shown(finding(10, 7, code="bad-id", severity=Severity.WARNING)) == (
        "warning[bad-id]: something is wrong\n"
        "  --> specs/users.yaml:10:7\n"
        "   |\n"
        "10 |       \"operationId\": 'say ''hi'''\n"
        "   |       ^^^^^^^^^^^^^\n"
        "\n"
    )


@pytest.mark.parametrize(
    ("line", "column", "marked"),
    [
        (1, 1, "openapi"),
        (1, 10, "3.1.0"),
        (2, 8, "title"),
        (2, 15, "Users"),
        (2, 31, '"1"'),
        (6, 3, "/users/{id}"),
        (8, 38, "5s"),
        (10, 22, "'say ''hi'''"),
    ],
)
def test_the_whole_token_is_underlined(line: int, column: int, marked: str) -> None:
    text = shown(finding(line, column)).splitlines()
    source, carets = text[3], text[4]
    start = carets.index("^")
    assert source[start : start + carets.count("^")] == marked


def test_a_column_beyond_the_line_still_gets_a_caret() -> None:
    assert shown(finding(1, 99)).splitlines()[4] == "  | " + " " * 14 + "^"


def test_wide_characters_before_the_place_count_as_two_cells() -> None:
    source, carets = shown(finding(11, 23)).splitlines()[3:5]
    assert source.endswith("名前 is: wide")
    assert carets.index("^") == source.index("is") + 2


def test_a_tab_becomes_two_spaces_in_line_and_underline_alike() -> None:
    assert shown(finding(9, 3)).splitlines()[3:5] == ["9 |     summary: tabs", "  |     ^^^^^^^"]


def test_a_finding_without_a_line_to_show_has_no_excerpt() -> None:
    assert shown(finding(1, 1, file="specs/gone.yaml")) == "error[unknown-key]: something is wrong\n --> specs/gone.yaml:1:1\n\n"


def test_of_a_minified_document_only_the_surroundings_are_shown() -> None:
    line = '{"a":"' + "x" * 5000 + '","wrong":1,"b":"' + "y" * 5000 + '"}'
    text = as_text([finding(1, line.index('"wrong"') + 1)], lambda file, number: line).plain.splitlines()
    source, carets = text[3], text[4]
    assert len(source) == len("1 | ") + 1 + LONGEST + 1
    assert source[4] == source[-1] == "…"
    assert source[carets.index("^") : carets.rindex("^") + 1] == '"wrong"'


def test_the_last_line_of_a_hint_stands_under_its_first() -> None:
    assert shown(finding(1, 1, file="none", hint="one of\ntwo")).endswith("  = help: one of\n          two\n\n")


def test_what_steers_a_terminal_is_not_passed_on() -> None:
    assert printable("a\x1b[31mb\x07\u202ec\td\ne") == "a�[31mb��c\td\ne"
    text = as_text([finding(1, 1, message="\x1b]0;title", hint="\x9b1m", file="a\x1bb")], lambda file, line: "\x1b[2J: x").plain
    assert "\x1b" not in text
    assert "\x9b" not in text


def test_a_frequent_code_is_shown_a_few_times_and_counted() -> None:
    often = [finding(1, column, message=f"number {column}") for column in range(1, MANY + 2)]
    other = finding(2, 1, code="syntax", message="the other one")
    text = shown(*often, other)
    assert [f"number {column}\n" in text for column in (1, SHOWN, SHOWN + 1, MANY + 1)] == [True, True, False, False]
    assert (
        f"error[unknown-key]: {MANY + 1 - SHOWN} more like this in specs/users.yaml\n"
        "  = help: `specgw check --format json` lists every one\n"
    ) in text
    assert "the other one" in text


def test_as_many_as_can_be_read_are_all_shown_and_files_count_apart() -> None:
    findings = [finding(1, column, message=f"number {column}.") for column in range(1, MANY + 1)]
    findings += [finding(1, column, file="other.yaml", message=f"number {column}.") for column in range(1, MANY + 1)]
    assert shown(*findings).count("number ") == 2 * MANY


@pytest.mark.parametrize(
    ("errors", "warnings", "documents", "routes", "line"),
    [
        (2, 1, 3, 14, "2 errors, 1 warning in 3 documents, 14 routes\n"),
        (1, 0, 1, None, "1 error in 1 document\n"),
        (0, 2, 1, 1, "2 warnings in 1 document, 1 route\n"),
        (0, 0, 2, 10, "no findings in 2 documents, 10 routes\n"),
        (1, 0, 0, None, "1 error in 0 documents\n"),
    ],
)
def test_summary(errors: int, warnings: int, documents: int, routes: int | None, line: str) -> None:
    findings = [finding(1, number) for number in range(errors)]
    findings += [finding(2, number, severity=Severity.WARNING) for number in range(warnings)]
    assert summary(findings, documents=documents, routes=routes).plain == line
