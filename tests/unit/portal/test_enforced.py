from __future__ import annotations

from typing import Any

import pytest

from specgw.plan.model import Body, Conditions, Content, Origin, Plan, Require, Route, Scheme, SecurityScheme, Validate, WebSocket
from specgw.plan.sandbox import Behaviour, Mock, Sandbox
from specgw.portal.enforced import access, enforced, seconds, size


def route(**said: Any) -> Route:
    usual = {"id": "a", "operation_id": "a", "service": "s", "method": "POST", "path": "/a", "document_path": "/a"}
    return Route(**{**usual, "origin": Origin(file="a.yaml", line=1), **said})


def told(plan: Plan | None = None, **said: Any) -> dict[str, str]:
    return {heading: sentence for heading, sentence, _ in enforced(route(**said), plan or Plan())}


def asked(plan: Plan | None = None, **said: Any) -> dict[str, tuple[str, str]]:
    return {heading: (sentence, code) for heading, sentence, code in access(route(**said), plan or Plan())}


def test_the_defaults() -> None:
    assert list(told()) == ["Requests", "Query", "Formats", "Body", "Responses", "Time"]
    assert told()["Body"] == "At most 1 MiB."
    assert told()["Time"] == (
        "The service has 1 s to take the connection and 15 s to begin its answer; an exchange may last 60 s, "
        "and no side may be silent for 60 s."
    )
    assert asked() == {}
    assert "never reaches the service" in told()["Requests"]


def test_what_is_not_checked_is_said() -> None:
    off = told(validate=Validate(request="off", response="enforce"))
    assert "unchecked" in off["Requests"]
    assert "Query" not in off
    assert "502" in off["Responses"]
    assert off["Large answers"] == "Answers are held for that up to 1 MiB."
    assert "refused" in told(validate=Validate(unknown_query="reject"))["Query"]
    assert "not checked" in told(validate=Validate(formats=False))["Formats"]


def test_who_may_call_and_where() -> None:
    require = Require(roles=("admin", "owner"), scopes=("write",), claims={"org": [1]}, when="request.method == 'POST'")
    conditions = Conditions(headers={"x-kind": "big"}, query={"beta": None})
    said = told(require=require, hosts=("a.example", "b.example"), conditions=conditions)
    assert asked(require=require) == {
        "Roles": ("One of admin, owner.", ""),
        "Scopes": ("All of write.", ""),
        "Claim": ("org has to be", "[1]"),
        "Condition": ("This has to be true (CEL, over the request and the caller's claims):", "request.method == 'POST'"),
    }
    assert said["Host"] == "Only under a.example or b.example."
    assert said["Only where"] == "the header x-kind is big; the query parameter beta is there."


@pytest.mark.parametrize(("csrf", "method", "shown"), [(None, "POST", True), ("off", "POST", False), (None, "GET", False)])
def test_cookies_are_protected_where_they_say_who_calls(csrf: Any, method: str, shown: bool) -> None:
    scheme = Scheme(name="c", service="s", kind="apiKey", type="apiKey in cookie", location="cookie", field="c")
    security = ((SecurityScheme(name="c", scheme="s/c"),),)
    plan = Plan(schemes={"s/c": scheme})
    assert ("Cookies" in asked(plan, security=security, csrf=csrf, method=method)) is shown


def test_wrong_credentials_and_who_verifies() -> None:
    scheme = Scheme(name="k", service="s", kind="apiKey", type="apiKey in header", verify="upstream")
    plan = Plan(schemes={"s/k": scheme})
    said = asked(plan, security=((SecurityScheme(name="k", scheme="s/k"),),))
    assert said["Failures"][0] == "After 20 wrong credentials within 60 s an address is answered 429."
    assert said["Verified by"][0].startswith("The service itself")


def test_bodies_sockets_and_mocks() -> None:
    body = Body(content=(Content(media_range="application/json", kind="json"),))
    assert told(body=body, max_depth=8)["Body"] == "At most 1 MiB; JSON at most 8 levels deep."
    assert told(websocket=WebSocket())["WebSocket"].startswith("From pages of this gateway; messages of at most 1 MiB")
    plan = Plan(sandbox=Sandbox(operations={"a": Mock(behaviour=Behaviour(mode="always"))}))
    assert "no service is asked" in told(plan)["Answers"]
    kept = Plan(sandbox=Sandbox(operations={"a": Mock(behaviour=Behaviour(state="crud"))}))
    assert "keeps what a caller creates" in told(kept)["Sandbox"]


def test_figures_are_exact() -> None:
    assert [size(count) for count in (1, 1 << 10, 1536, 256 << 10, 3 << 30)] == ["1 bytes", "1 KiB", "1536 bytes", "256 KiB", "3 GiB"]
    assert [seconds(count) for count in (0.25, 1, 90.5)] == ["250 ms", "1 s", "90.5 s"]
