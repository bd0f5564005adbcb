from __future__ import annotations

import pytest

from specgw.diagnostics import FilePlace, Findings
from specgw.openapi.model import Node
from specgw.openapi.source import parse
from specgw.openapi.templates import Template, read_template


def place() -> Node:
    document = parse(b"paths: {}", "api.yaml", Findings())
    assert document is not None
    return Node(document, "/paths", {})


@pytest.mark.parametrize(
    ("key", "template"),
    [
        ("/", Template("/", ())),
        ("/users", Template("/users", ())),
        ("/users/", Template("/users/", ())),
        ("/users/{id}", Template("/users/{id}", ("id",))),
        ("/{a}/b-{c}.{d}/{e}{f}", Template("/{a}/b-{c}.{d}/{e}{f}", ("a", "c", "d", "e", "f"))),
        ("/with space/ü/{id:[0-9]+}/%2C", Template("/with space/ü/{id:[0-9]+}/%2C", ("id:[0-9]+",))),
        ("/.well-known/...", Template("/.well-known/...", ())),
    ],
)
def test_paths(key: str, template: Template) -> None:
    findings = Findings()
    assert read_template(key, place(), findings) == template
    assert list(findings) == []


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("http://a.example/users", "write '/"),
        ("/a/{id", "name between"),
        ("/a/id}", "name between"),
        ("/a/{{id}}", "name between"),
        ("/a/{}", "write a name"),
        ("/a/{ }", "write a name"),
        ("/a/{b/c}", "one segment"),
    ],
)
def test_keys_that_are_no_paths(key: str, hint: str) -> None:
    findings = Findings()
    assert read_template(key, place(), findings) == Template(key, ())
    (finding,) = findings
    assert finding.code == "invalid-path"
    assert hint in (finding.hint or "")


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("/a//b", "empty segment"),
        ("//", "empty segment"),
        ("/a/../b", "dot segment"),
        ("/a/.", "dot segment"),
        ("/a/%2e%2E/b", "dot segment"),
        ("/a/..;x/b", "dot segment"),
        ("/a\\b", "backslash"),
        ("/a%5Cb", "backslash"),
        ("/a%2Fb", "encoded slash"),
        ("/a%FF", "not UTF-8"),
        ("/100%", "hexadecimal"),
        ("/token#refresh", "never sent"),
    ],
)
def test_paths_that_no_request_reaches_are_kept(key: str, reason: str) -> None:
    findings = Findings()
    assert read_template(key, place(), findings) == Template(key, ())
    (finding,) = findings
    assert finding.code == "unreachable-path"
    assert reason in finding.message


@pytest.mark.parametrize(
    ("key", "query"),
    [
        ("/a?beta=true", (("beta", "true"),)),
        ("/a?beta", (("beta", None),)),
        ("/a?beta=", (("beta", ""),)),
        ("/a?x=1&y=a%20b+c&x=2", (("x", "1"), ("y", "a b c"))),
        ("/a?", ()),
        ("/a?id={id}&z=1", (("id", None), ("z", "1"))),
    ],
)
def test_a_query_becomes_a_condition(key: str, query: tuple[tuple[str, str | None], ...]) -> None:
    findings = Findings()
    assert read_template(key, place(), findings) == Template("/a", (), query)
    assert [finding.code for finding in findings] == ["query-in-path"]


def test_a_name_that_stands_there_twice_is_told_apart() -> None:
    findings = Findings()
    template = read_template("/{a}/{b}/{a}/{a_2}/{a}", place(), findings)
    assert template == Template("/{a}/{b}/{a_3}/{a_2}/{a_4}", ("a", "b", "a_3", "a_2", "a_4"), (), {"a_3": "a", "a_4": "a"})
    assert [finding.code for finding in findings] == ["read-as-meant"] * 2


def test_a_finding_stands_where_it_is_told_to() -> None:
    findings = Findings()
    read_template("x", Node(place().document, "/paths", None), findings)
    (finding,) = findings
    assert (finding.file, finding.pointer) == (FilePlace("api.yaml").file, "/paths")
