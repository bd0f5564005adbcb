from __future__ import annotations

from typing import Any

import pytest

DOCUMENT = """
x-gateway:
  rewrite: {template: TEMPLATE}
paths:
  /users/{id}:
    parameters: [{name: id, in: path, required: true, schema: {}}]
    get: {responses: {default: {description: ok}}}
    put: {responses: {default: {description: ok}}}
"""


def test_a_template_of_known_parameters_is_fine(build: Any) -> None:
    assert list(build(DOCUMENT.replace("TEMPLATE", "'/internal/{id}'")).findings) == []


@pytest.mark.parametrize(("template", "hint"), [("/internal/{idd}", "did you mean 'id'?"), ("/internal/{name}", "allowed: id")])
def test_an_unknown_parameter_is_found_once_where_it_was_written(build: Any, template: str, hint: str) -> None:
    [finding] = build(DOCUMENT.replace("TEMPLATE", f"'{template}'")).findings
    assert (finding.code, finding.line, finding.hint) == ("unknown-rewrite-parameter", 6, hint)
    assert "/users/{id} does not have" in finding.message


def test_a_path_without_parameters_fills_none(build: Any) -> None:
    [finding] = build("x-gateway: {rewrite: {template: '/x/{id}'}}\npaths: {/a: {get: {responses: {default: {description: ok}}}}}").findings
    assert finding.hint == "only path parameters can be filled in, and this path has none"


@pytest.mark.parametrize("template", ["/a/{x", "/a/{id}/{id}", "/a/%zz", "/a//b"])
def test_a_template_without_meaning_is_an_error(build: Any, template: str) -> None:
    made = build(DOCUMENT.replace("TEMPLATE", f"'{template}'"))
    assert made.plan is None
    assert len(list(made.findings)) == 1
