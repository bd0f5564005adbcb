from __future__ import annotations

from typing import Any

OK = "responses: {default: {description: ok}}"


def test_an_operation_that_is_no_get_opens_none(build: Any, found: Any) -> None:
    made = build(f"paths: {{/a: {{get: {{{OK}}}, post: {{x-gateway: {{websocket: {{}}}}, {OK}}}}}}}")
    assert [code for code, _, _ in found(made)] == ["websocket-without-get"]
    assert made.plan is None


def test_a_path_without_get_opens_none_and_says_so_once(build: Any, found: Any) -> None:
    made = build(f"paths: {{/a: {{x-gateway: {{websocket: {{}}}}, put: {{{OK}}}, post: {{{OK}}}}}}}")
    assert [code for code, _, _ in found(made)] == ["websocket-without-get"]


def test_in_a_path_it_speaks_of_its_get(build: Any, found: Any) -> None:
    made = build(f"paths: {{/a: {{x-gateway: {{websocket: {{idle: 2m}}}}, get: {{{OK}}}, post: {{{OK}}}}}}}")
    assert found(made) == []
    assert {route.method: route.websocket and route.websocket.idle for route in made.plan.routes} == {"GET": 120.0, "POST": None}


def test_an_operation_takes_it_back(build: Any, found: Any) -> None:
    made = build(f"paths: {{/a: {{x-gateway: {{websocket: {{}}}}, get: {{x-gateway: {{websocket: null}}, {OK}}}}}}}")
    assert found(made) == []
    assert [route.websocket for route in made.plan.routes] == [None]
