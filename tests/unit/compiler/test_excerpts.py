from __future__ import annotations

from typing import Any


def test_a_line_is_shown_as_its_author_wrote_it(build: Any) -> None:
    made = build({"users.yaml": "openapi: 3.1.0\ninfo: {title: Users}   # no version\npaths: {}\n"})
    assert made.excerpt("users.yaml", 2) == "info: {title: Users}   # no version"
    assert made.excerpt("users.yaml", 99) == ""
    assert made.excerpt("users.yaml", 0) == ""
    assert made.excerpt("other.yaml", 1) == ""


def test_files_that_cannot_be_parsed_have_lines_too(build: Any) -> None:
    made = build({"users.yaml": "openapi: 3.1.0\npaths: [\n"})
    [finding] = [finding for finding in made.findings if finding.code == "syntax"]
    assert made.excerpt("users.yaml", 2) == "paths: ["
    assert made.excerpt(finding.file, 99) == ""


def test_gateway_yaml_and_referenced_files_have_lines_too(build: Any) -> None:
    made = build(
        {
            "gateway.yaml": "gateway:\n  listen: {port: 1}\n",
            "users.yaml": "paths: {/a: {$ref: 'a.yaml'}}",
            "a.yaml!": "get: {responses: {default: {description: ok}}}",
        }
    )
    assert made.excerpt("gateway.yaml", 2) == "  listen: {port: 1}"
    assert made.excerpt("a.yaml", 1).startswith("get:")
