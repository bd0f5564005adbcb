from __future__ import annotations

import pytest

from specgw.http import Headers
from specgw.mock.sharing import Preflight, Shared, preflight, shared
from specgw.policies.base import Reply
from specgw.problems import NO_ROUTE, Problem
from tests.unit.mock.conftest import exchange

ORIGIN = (b"origin", b"http://localhost:3000")
METHOD = (b"access-control-request-method", b"PUT")


@pytest.mark.parametrize(("headers", "is_one"), [([ORIGIN, METHOD], True), ([ORIGIN], False), ([METHOD], False), ([], False)])
def test_a_preflight_has_an_origin_and_a_method(headers: Headers, is_one: bool) -> None:
    assert preflight(headers) is is_one


def test_everything_that_a_preflight_asks_for_is_allowed() -> None:
    reply = Preflight().request(exchange("OPTIONS", headers=[ORIGIN, METHOD, (b"access-control-request-headers", b"x-api-key")]))
    assert isinstance(reply, Reply)
    assert reply.status == 204
    assert dict(reply.headers) == {
        b"Access-Control-Allow-Origin": b"http://localhost:3000",
        b"Access-Control-Allow-Credentials": b"true",
        b"Vary": b"Origin",
        b"Access-Control-Allow-Methods": b"PUT",
        b"Access-Control-Allow-Headers": b"x-api-key",
        b"Access-Control-Max-Age": b"600",
    }


def test_an_answer_and_a_problem_can_be_read_with_all_their_fields() -> None:
    for answer in (Reply(200, ((b"X-Total", b"1"),), b"[]"), Problem(NO_ROUTE, "x", headers=((b"X-Total", b"1"),))):
        fields = dict(shared(exchange(headers=[ORIGIN]), answer).headers)
        assert fields[b"Access-Control-Allow-Origin"] == b"http://localhost:3000"
        assert fields[b"Access-Control-Expose-Headers"].startswith(b"X-Total, ")
        assert Shared(answer).request(exchange(headers=[ORIGIN])) == shared(exchange(headers=[ORIGIN]), answer)


def test_what_no_page_asked_for_stays_as_it_is() -> None:
    answer = Reply(200)
    assert shared(exchange(), answer) is answer
