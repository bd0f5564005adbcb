from __future__ import annotations

import gc

import pytest

from specgw.diagnostics import Diagnostic, Findings
from specgw.openapi.source import SourceDocument, decode, parse


def read(data: str | bytes, file: str = "api.yaml") -> SourceDocument:
    findings = Findings()
    document = parse(data.encode() if isinstance(data, str) else data, file, findings)
    assert document is not None
    assert list(findings) == []
    return document


def only(data: str | bytes, file: str = "api.yaml") -> Diagnostic:
    findings = Findings()
    parse(data.encode() if isinstance(data, str) else data, file, findings)
    (finding,) = findings
    return finding


YAML = "openapi: 3.1.0\npaths:\n  /a~b/{id}:\n    get:\n      tags: [x, ü😀, y]\n"


@pytest.mark.parametrize(
    ("pointer", "key", "position"),
    [
        ("", True, (1, 1)),
        ("/openapi", True, (1, 1)),
        ("/openapi", False, (1, 10)),
        ("/paths/~1a~0b~1{id}", True, (3, 3)),
        ("/paths/~1a~0b~1{id}/get/tags", False, (5, 13)),
        ("/paths/~1a~0b~1{id}/get/tags/2", True, (5, 21)),
        ("/paths/~1a~0b~1{id}/get/security", True, (4, 5)),
        ("/nowhere/at/all", True, (1, 1)),
    ],
)
def test_position(pointer: str, key: bool, position: tuple[int, int]) -> None:
    assert read(YAML).position(pointer, key=key) == position


def test_lines() -> None:
    document = read("a: 1\r\nb: 2\n\nc: 'ü'")
    assert [document.line(number) for number in range(6)] == ["", "a: 1", "b: 2", "", "c: 'ü'", ""]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    document = read(f"a: 1{end}{end}b: 2{end}")
    assert document.position("/b") == (3, 1)
    assert document.line(3) == "b: 2"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks(encoding: str) -> None:
    document = read("ü: 1\nb: 2".encode(encoding))
    assert document.value == {"ü": 1, "b": 2}
    assert document.position("/b") == (2, 1)
    assert read('{"ü": 1}'.encode(encoding), "api.json").value == {"ü": 1}


def test_bytes_that_are_no_text() -> None:
    finding = only(b"a: 1\nb: \xc3\xbc\xff\n")
    assert (finding.code, finding.line, finding.column) == ("invalid-encoding", 2, 5)
    assert only(b"\xff\xfea").code == "invalid-encoding"


def test_decode_keeps_text_as_it_is() -> None:
    assert decode("a\r\n\tü".encode(), "x", Findings()) == "a\r\n\tü"


def test_utf_16_without_a_mark_is_pointed_out() -> None:
    finding = only("a: b".encode("utf-16-le"))
    assert (finding.code, finding.line, finding.column) == ("syntax", 1, 2)
    assert "UTF-16" in (finding.hint or "")


@pytest.mark.parametrize("text", ["", "# nothing\n", " \n", "null"])
@pytest.mark.parametrize("file", ["api.yaml", "api.json"])
def test_files_that_hold_nothing(text: str, file: str) -> None:
    if file == "api.json" and text.startswith("#"):
        assert only(text, file).code == "syntax"
    else:
        assert only(text, file).code == "empty-document"


def test_an_empty_gateway_yaml_is_told_what_it_begins_with() -> None:
    assert only("", "deploy/gateway.dev.yaml").hint == "everything stands under 'gateway:'"


def test_json_is_strict_by_name() -> None:
    assert read("{a: 1}").value == {"a": 1}
    assert only("{a: 1}", "api.json").code == "syntax"
    assert only("{a: 1}", "API.JSON").code == "syntax"


def test_json_in_a_file_of_another_name_is_read_as_json() -> None:
    # YAML has no surrogate pairs in escapes, so that this shows which parser it was.
    assert read('\n {"a": "\\ud83d\\ude00"}').value == {"a": "😀"}
    assert only('{"a": 1, "a": 2}').code == "duplicate-key"


def test_json_beyond_its_limits_is_not_tried_as_yaml() -> None:
    assert only("[" * 1000).code == "document-limits"


def test_a_repeated_key_names_the_line_of_the_first() -> None:
    finding = only("a: 1\n'{line}': 2\n'{line}': 3\n")
    assert (finding.code, finding.line, finding.pointer) == ("duplicate-key", 3, "/{line}")
    assert "'{line}'" in finding.message
    assert "line 2" in finding.message


def test_the_same_fault_at_two_places_is_two_findings() -> None:
    findings = Findings()
    assert parse(b"a: !x 1\nb: !x 1\n", "api.yaml", findings) is not None
    assert [(finding.line, finding.pointer) for finding in findings] == [(1, "/a"), (2, "/b")]


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("text", ["a: 1", "a: ["])
def test_garbage_collection_is_left_as_it_was(enabled: bool, text: str) -> None:
    before = gc.isenabled()
    try:
        gc.enable() if enabled else gc.disable()
        parse(text.encode(), "api.yaml", Findings())
        assert gc.isenabled() is enabled
    finally:
        gc.enable() if before else gc.disable()
