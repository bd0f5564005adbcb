"""The order of the policies, each place shown by what would be different elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from specgw import problems
from specgw.dataplane.chain import Chain, Stage
from specgw.plan.model import Edits, Origin, Parameter, Plan, Response, Route, Scheme, SecurityScheme, Shape, Validate, WebSocket
from specgw.policies import order
from specgw.policies.auth.base import Services
from specgw.policies.base import Exchange
from specgw.problems import Problem
from specgw.telemetry.metrics import Metrics

INTEGER: dict[str, Any] = {"required": True, "shape": Shape(types=("integer",)), "schema": "request:/a#/n"}
NUMBER = Parameter(name="X-Number", location="header", style="simple", **INTEGER)
PAGE = Parameter(name="page", location="query", style="form", explode=True, **INTEGER)
PLAN = Plan(
    schemas={"request:/a": {"n": {"type": "integer"}}},
    schemes={"s/key": Scheme(name="key", service="s", kind="apiKey", type="apiKey in header", field="X-Key")},
)
SCHEMAS = order.equip(PLAN, Services())
KEY = ((SecurityScheme(name="key", scheme="s/key"),),)


def route(**more: Any) -> Route:
    return Route(id="a", service="s", method="GET", path="/", document_path="/", origin=Origin(file="f", line=1), **more)


def exchange(headers: list[tuple[bytes, bytes]], query: bytes | None = None) -> Exchange:
    made = Exchange()
    made.method = "GET"
    made.headers = made.response_headers = headers
    made.lines = made.response_lines = [name + b": " + value for name, value in headers]
    made.query = query
    made.path_values = {}
    made.violations = []
    made.notes = {}
    made.media_type = None
    made.holds_body = made.holds_response = False
    made.status = 200
    return made


def chain(of: Route) -> Chain:
    return Chain(of, order.build(of, SCHEMAS), (), Metrics("0"), operation="a")


def verdict(stages: tuple[Stage, ...], made: Exchange) -> problems.Kind | None:
    """The first problem that the stages answer with."""
    for stage in stages:
        outcome = stage(made)
        if outcome is not None:
            assert isinstance(outcome, Problem)
            return outcome.kind
    return None


def test_each_place_has_a_name_and_a_reason() -> None:
    names = [name for name, _, _ in order.ORDER]
    assert len(set(names)) == len(names)
    assert all(reason for _, _, reason in order.ORDER)


def test_a_route_has_only_the_policies_that_it_uses() -> None:
    assert order.build(route(validate=Validate(request="off")), SCHEMAS) == []
    assert len(order.build(route(), SCHEMAS)) == 1


def test_what_may_not_be_called_says_nothing_about_its_parameters() -> None:
    protected = chain(route(parameters=(NUMBER,), security=KEY))
    assert verdict(protected.request, exchange([(b"x-number", b"none")])) is problems.UNAUTHENTICATED


@pytest.mark.interpreted
def test_a_page_of_another_origin_learns_nothing_about_parameters() -> None:
    class Asking(Exchange):
        upgrades = True

    asking = Asking()
    asking.scheme = "http"
    asking.headers = [(b"host", b"x"), (b"upgrade", b"websocket"), (b"connection", b"upgrade"), (b"sec-websocket-version", b"13")]
    asking.headers += [(b"sec-websocket-key", b"dGhlIHNhbXBsZSBub25jZQ=="), (b"origin", b"http://y"), (b"x-number", b"none")]
    assert verdict(chain(route(parameters=(NUMBER,), websocket=WebSocket())).request, asking) is problems.ORIGIN_NOT_ALLOWED
    assert verdict(chain(route(security=KEY, websocket=WebSocket())).request, asking) is problems.UNAUTHENTICATED


def test_requests_are_validated_as_the_client_sent_them() -> None:
    edited = chain(
        route(
            parameters=(NUMBER, PAGE),
            request_headers=Edits(set={"X-Number": "what the service wants"}),
            request_query=Edits(set={"page": "what the service wants"}),
        )
    )
    good = exchange([(b"x-number", b"1")], b"page=1")
    assert verdict(edited.request, good) is None
    assert good.headers == [(b"x-number", b"what the service wants")]
    assert good.query == b"page=what+the+service+wants"
    for headers, query in (([(b"x-number", b"one")], b"page=1"), ([(b"x-number", b"1")], b"page=one"), ([], b"page=1")):
        assert verdict(edited.request, exchange(headers, query)) is problems.INVALID_REQUEST


def test_answers_are_validated_as_the_service_sent_them() -> None:
    edited = chain(
        route(
            responses=(Response(status="200", headers=(NUMBER,)),),
            validate=Validate(response="enforce"),
            response_headers=Edits(remove=("X-Number",)),
        )
    )
    good = exchange([(b"x-number", b"1")])
    assert verdict(edited.response, good) is None
    assert good.response_headers == []
    assert verdict(edited.response, exchange([(b"x-number", b"one")])) is problems.INVALID_RESPONSE
    assert verdict(edited.response, exchange([])) is problems.INVALID_RESPONSE
