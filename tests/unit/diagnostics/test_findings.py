"""How findings are collected and put in order."""

from __future__ import annotations

import pytest

from specgw.diagnostics import CODES, FilePlace, Findings, Severity, closest, did_you_mean

HERE = FilePlace("api.yaml", 3, 5, "/paths")


class Slow:
    """A place whose position is asked for."""

    file = "api.yaml"
    pointer = "/info"

    def __init__(self) -> None:
        self.asked = 0

    def written(self) -> FilePlace:
        self.asked += 1
        return FilePlace(self.file, 2, 1, self.pointer)


def test_the_same_finding_at_the_same_place_is_kept_once() -> None:
    findings = Findings()
    for message in ("one", "one", "two"):
        findings.add("missing-field", HERE, message)
    findings.add("missing-field", FilePlace("api.yaml", 9, 1, "/info"), "one")
    findings.add("missing-field", FilePlace("other.yaml", 3, 5, "/paths"), "one")
    findings.add("wrong-type", HERE, "one")
    assert len(findings) == 5
    assert [(finding.file, finding.pointer, finding.code, finding.message) for finding in findings] == [
        ("api.yaml", "/paths", "missing-field", "one"),
        ("api.yaml", "/paths", "missing-field", "two"),
        ("api.yaml", "/paths", "wrong-type", "one"),
        ("api.yaml", "/info", "missing-field", "one"),
        ("other.yaml", "/paths", "missing-field", "one"),
    ]


def test_the_first_hint_stays() -> None:
    findings = Findings()
    findings.add("syntax", HERE, "one", hint="do this")
    findings.add("syntax", HERE, "one", hint="do that")
    assert [finding.hint for finding in findings] == ["do this"]


def test_findings_are_ordered_by_place_whenever_they_were_found() -> None:
    places = [("b.yaml", 1, 1), ("a.yaml", 10, 1), ("a.yaml", 9, 2), ("a.yaml", 9, 1)]
    findings = Findings()
    for file, line, column in places:
        findings.add("syntax", FilePlace(file, line, column, f"/{line}/{column}"), "x")
    assert [(finding.file, finding.line, finding.column) for finding in findings] == sorted(places)


def test_a_code_that_is_not_in_the_catalogue_is_our_own_mistake() -> None:
    with pytest.raises(KeyError):
        Findings().add("no-such-code", HERE, "x")


def test_a_position_is_looked_up_only_when_findings_are_settled() -> None:
    place, findings = Slow(), Findings()
    findings.add("syntax", place, "x")
    assert findings.errors
    assert (len(findings), place.asked) == (1, 0)
    (finding,) = findings.settle()
    assert (finding.line, finding.column, place.asked) == (2, 1, 1)


def test_what_an_overlay_brings_to_several_places_is_told_once_where_it_is_written() -> None:
    class Brought:
        file = "api.yaml"

        def __init__(self, pointer: str) -> None:
            self.pointer = pointer

        def written(self) -> FilePlace:
            return FilePlace("policy.overlay.yaml", 7, 3, "/actions/0/update/maxBody")

    findings = Findings()
    for pointer in ("/paths/~1a/x-gateway/maxBody", "/paths/~1b/x-gateway/maxBody"):
        findings.add("wrong-value", Brought(pointer), "too large")
    assert [(finding.file, finding.line, finding.pointer) for finding in findings.settle()] == [
        ("policy.overlay.yaml", 7, "/actions/0/update/maxBody")
    ]


def test_of_a_value_that_could_not_be_read_nothing_else_is_told() -> None:
    findings = Findings()
    findings.add("syntax", HERE, "nothing has the anchor '&x'")
    findings.add("missing-field", HERE, "there are no paths")
    findings.add("missing-field", FilePlace("api.yaml", 4, 1, "/paths/~1a"), "x")
    findings.add("missing-field", FilePlace("other.yaml", 3, 5, "/paths"), "x")
    assert [(finding.code, finding.file, finding.pointer) for finding in findings] == [
        ("syntax", "api.yaml", "/paths"),
        ("missing-field", "api.yaml", "/paths/~1a"),
        ("missing-field", "other.yaml", "/paths"),
    ]


def test_warnings_weigh_as_errors_only_when_strict() -> None:
    warning = next(code for code in CODES if code.severity is Severity.WARNING)
    findings = Findings()
    findings.add(warning.code, HERE, "x")
    assert not findings.errors
    assert [finding.severity for finding in findings.settle()] == [Severity.WARNING]
    assert [finding.severity for finding in findings.settle(strict=True)] == [Severity.ERROR]
    findings.add("syntax", HERE, "x")
    assert findings.errors


def test_the_members_that_a_program_reads() -> None:
    findings = Findings()
    findings.add("syntax", HERE, "a comma is missing", hint="write one")
    findings.add("syntax", FilePlace("b.yaml"), "empty")
    assert [finding.as_json() for finding in findings] == [
        {
            "code": "syntax",
            "severity": "error",
            "message": "a comma is missing",
            "file": "api.yaml",
            "line": 3,
            "column": 5,
            "pointer": "/paths",
            "hint": "write one",
        },
        {
            "code": "syntax",
            "severity": "error",
            "message": "empty",
            "file": "b.yaml",
            "line": 1,
            "column": 1,
            "pointer": "",
            "hint": None,
        },
    ]


@pytest.mark.parametrize(
    ("word", "candidates", "hint"),
    [
        ("timeot", ["timeout", "rewrite"], "did you mean 'timeout'?"),
        ("maxbody", ["maxBody", "maxDepth"], "did you mean 'maxBody'?"),
        ("zzz", ["b", "a"], "allowed: a, b"),
        ("zzz", [], None),
    ],
)
def test_a_hint_names_the_closest_word_or_all_of_them(word: str, candidates: list[str], hint: str | None) -> None:
    assert did_you_mean(word, candidates) == hint


@pytest.mark.parametrize(
    ("word", "likeness", "found"), [("timout", 0.6, "timeout"), ("timout", 0.95, None), ("nothing", 0.6, None), ("timeout", 1.0, "timeout")]
)
def test_closest(word: str, likeness: float, found: str | None) -> None:
    assert closest(word, iter(["timeout", "retry"]), likeness=likeness) == found


def test_closest_of_nothing() -> None:
    assert closest("timeout", ()) is None


def test_what_is_withdrawn_is_gone_from_its_place_alone() -> None:
    findings = Findings()
    for pointer in ("/a", "/b"):
        findings.add("example-invalid", FilePlace("t.yaml", pointer=pointer), "wrong")
    findings.withdraw("example-invalid", FilePlace("t.yaml", pointer="/a"))
    findings.withdraw("example-refused", FilePlace("t.yaml", pointer="/b"))
    assert [finding.pointer for finding in findings] == ["/b"]
