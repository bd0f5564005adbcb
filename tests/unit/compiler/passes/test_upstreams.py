from __future__ import annotations

from typing import Any

import pytest

from specgw.compiler.passes.upstreams import usable_url
from specgw.plan.model import Conditions, Target

OPEN = "responses: {default: {description: ok}}"
HEAD = "openapi: 3.1.0\ninfo: {title: Users, version: '1'}\n"


@pytest.mark.parametrize(
    ("url", "usable"),
    [
        ("http://127.0.0.1:8081", "http://127.0.0.1:8081"),
        ("https://api.example.com/v1/", "https://api.example.com/v1"),
        ("https://API.example.com/", "https://api.example.com"),
        ("http://[::1]:80/a", "http://[::1]:80/a"),
        ("https://bücher.example/ä b", "https://xn--bcher-kva.example/%C3%A4%20b"),
        ("https://api.example.com/a%20b", "https://api.example.com/a%20b"),
        ("/v1", None),
        ("", None),
        ("//api.example.com/v1", None),
        ("ws://api.example.com", None),
        ("http://", None),
        ("http://host:port", None),
        ("http://host:0", None),
        ("http://user:secret@host", None),
    ],
)
def test_a_server_is_a_target_when_it_says_where_it_is(url: str, usable: str | None) -> None:
    assert usable_url(url) == usable


def test_the_first_server_with_its_variables_filled_is_the_upstream(build: Any) -> None:
    made = build(
        HEAD + "servers:\n  - url: https://{region}.example.com/v1\n    variables: {region: {default: eu}}\n  - url: http://other\n"
        f"paths: {{/a: {{get: {{{OPEN}}}}}}}"
    )
    assert made.plan.upstreams["users"].targets == (Target(url="https://eu.example.com/v1"),)


def test_each_distinct_server_of_a_service_is_one_upstream(build: Any) -> None:
    made = build(
        f"""
        paths:
          /a: {{get: {{{OPEN}}}}}
          /b: {{get: {{servers: [{{url: 'http://other:1/'}}], {OPEN}}}}}
          /c: {{get: {{servers: [{{url: 'http://other:1'}}], {OPEN}}}}}
        """
    )
    assert {route.path: route.upstreams[0].upstream for route in made.plan.routes} == {"/a": "users", "/b": "users-2", "/c": "users-2"}
    assert made.plan.upstreams["users-2"].targets == (Target(url="http://other:1"),)


def test_upstreams_by_name_inline_and_by_condition(build: Any) -> None:
    made = build(
        {
            "gateway.yaml": "gateway: {upstreams: {beta: {targets: [{url: 'http://a'}, {url: '${B}', weight: 3}]}}}",
            "users.yaml": f"""
                paths:
                  /a:
                    get:
                      x-gateway:
                        upstream: [{{match: {{headers: {{X-Beta: 'on'}}}}, upstream: beta}}, {{upstream: 'http://inline'}}]
                      {OPEN}
            """,
        }
    )
    beta, inline = made.plan.routes[0].upstreams
    assert (beta.upstream, beta.conditions) == ("beta", Conditions(headers={"x-beta": "on"}))
    assert (inline.upstream, inline.conditions) == ("users", None)
    assert made.plan.upstreams["beta"].targets == (Target(url="http://a"), Target(url="${B}", weight=3))
    assert made.plan.upstreams["users"].targets == (Target(url="http://inline"),)


def test_an_inline_upstream_takes_no_name_of_gateway_yaml(build: Any) -> None:
    made = build(
        {
            "gateway.yaml": "gateway: {upstreams: {users: 'http://named'}, fallback: {upstream: users}}",
            "users.yaml": f"paths: {{/a: {{get: {{{OPEN}}}}}}}",
        }
    )
    assert made.plan.routes[0].upstreams[0].upstream == "users-2"
    assert made.plan.upstreams["users"].targets == (Target(url="http://named"),)


@pytest.mark.parametrize(
    ("servers", "line", "why"),
    [
        ("", 1, "has no `servers`"),
        ("servers: [{url: /v1}]\n", 3, "is relative"),
        ("servers: [{url: 'http://me:secret@a'}]\n", 3, "has a user name"),
    ],
)
def test_no_upstream_is_said_once_a_document(build: Any, found: Any, servers: str, line: int, why: str) -> None:
    made = build(HEAD + servers + f"paths: {{/a: {{get: {{{OPEN}}}, put: {{{OPEN}}}}}}}")
    assert found(made) == [("no-upstream", "users.yaml", line)]
    [finding] = made.findings
    assert why in finding.message
    assert "2 operations answer 503" in finding.message
    assert "secret" not in finding.message
    assert [route.upstreams for route in made.plan.routes] == [(), ()]


def test_what_is_disabled_needs_no_upstream(build: Any) -> None:
    made = build(HEAD + f"x-gateway: {{enabled: false}}\npaths: {{/a: {{get: {{{OPEN}}}}}}}")
    assert list(made.findings) == []


def test_an_upstream_that_only_disabled_operations_use_is_not_in_the_plan(build: Any) -> None:
    made = build(f"paths: {{/a: {{get: {{x-gateway: {{enabled: false}}, {OPEN}}}}}}}")
    assert made.plan.upstreams == {}


def test_one_url_stands_in_for_every_upstream_and_drops_rewrites(build: Any, found: Any) -> None:
    made = build(
        {
            "gateway.yaml": "gateway: {upstreams: {named: 'http://named', spare: 'http://spare'}, fallback: {upstream: spare}}",
            "users.yaml": f"x-gateway: {{upstream: named, rewrite: {{prefix: /v2}}}}\npaths: {{/a: {{get: {{{OPEN}}}}}}}",
        },
        upstream="http://127.0.0.1:1/base/",
    )
    [route] = made.plan.routes
    assert route.rewrite is None
    assert {name: upstream.targets for name, upstream in made.plan.upstreams.items()} == {
        "upstream": (Target(url="http://127.0.0.1:1/base"),)
    }
    assert route.upstreams[0].upstream == made.plan.edge.fallback == "upstream"
    assert found(made) == []


def test_a_url_that_cannot_stand_in_is_an_error(build: Any) -> None:
    made = build(f"paths: {{/a: {{get: {{{OPEN}}}}}}}", upstream="ftp://x")
    assert [(finding.code, finding.file) for finding in made.findings] == [("invalid-upstream-url", "--upstream")]
    assert made.plan is None


def test_rewrites_come_along(build: Any) -> None:
    made = build(
        "x-gateway: {rewrite: {template: '/internal/{id}'}}\npaths: {'/a/{id}': {get: {parameters: [{name: id, in: path, "
        f"required: true, schema: {{}}}}], {OPEN}}}}}}}"
    )
    assert made.plan.routes[0].rewrite.template == "/internal/{id}"
