"""What is enforced at an operation: every kind of change, and every field of a route."""

from __future__ import annotations

from typing import Any

import pytest

from specgw.changes.enforced import routes
from specgw.changes.enforced.kinds import ROUTES
from specgw.changes.enforced.side import Enforced
from specgw.plan.model import (
    Body,
    Conditions,
    Edits,
    Plan,
    Require,
    Rewrite,
    Route,
    Target,
    Timeout,
    Upstream,
    UpstreamChoice,
    Validate,
    WebSocket,
)
from specgw.plan.sandbox import Behaviour, Faults, Mock, Sandbox
from tests.unit.changes.plans import SCHEMES, route

Said = dict[str, Any]


def validated(**said: Any) -> Said:
    return {"validate": Validate(**said)}


def waiting(**said: Any) -> Said:
    return {"timeout": Timeout(**said)}


def required(**said: Any) -> Said:
    return {"require": Require(**said)}


def socket(**said: Any) -> Said:
    return {"websocket": WebSocket(**said)}


def mocked(**said: Any) -> Said:
    return {"mock": Behaviour(**said)}


def edited(what: str, **said: Any) -> Said:
    return {what: Edits(**said)}


def conditional(**said: Any) -> Said:
    return {"conditions": Conditions(**said)}


STRICT, COOKIE = validated(response="enforce"), {"asked": "session"}

CASES: list[tuple[Said, Said, str]] = [
    ({}, {}, ""),
    ({}, {"hosts": ("a.example",)}, "breaking host-narrowed"),
    ({"hosts": ("a.example",)}, {}, "added host-widened"),
    ({"hosts": ("a.example",)}, {"hosts": ("a.example", "b.example")}, "added host-widened"),
    ({"hosts": ("a.example",)}, {"hosts": ("b.example",)}, "breaking host-narrowed, added host-widened"),
    ({}, conditional(headers={"x-beta": "on"}), "breaking conditions-narrowed"),
    (conditional(headers={"x-beta": "on"}), {}, "added conditions-widened"),
    (conditional(headers={"x-beta": "on"}), conditional(query={"beta": None}), "breaking conditions-changed"),
    ({"path_match": "prefix"}, {}, "breaking prefix-narrowed"),
    ({}, {"path_match": "prefix"}, "added prefix-widened"),
    ({}, required(roles=("editor",)), "breaking requirements-narrowed"),
    (required(roles=("editor", "owner")), required(roles=("editor",)), "breaking requirements-narrowed"),
    (required(roles=("editor",)), required(roles=("editor", "owner")), ""),
    (required(scopes=("a",)), required(scopes=("a", "b")), "breaking requirements-narrowed"),
    (required(claims={"tier": "gold"}), required(claims={"tier": "blue"}), "breaking requirements-narrowed"),
    ({}, required(when="claims.a == 1"), "breaking requirements-narrowed"),
    (required(when="claims.a == 1"), required(when="claims.b == 1"), "risky requirements-changed"),
    (required(roles=("editor",)), {}, ""),
    ({**COOKIE, "csrf": "off"}, COOKIE, "breaking csrf-on"),
    ({"csrf": "off"}, {}, ""),
    (validated(request="off"), {}, "risky requests-checked"),
    ({}, validated(request="off"), "weaker requests-unchecked"),
    ({}, validated(request="report"), "weaker requests-unchecked"),
    (validated(request="off"), validated(request="report"), "neutral requests-noted"),
    ({}, validated(unknown_query="reject"), "breaking unknown-query-refused"),
    (validated(unknown_query="reject"), {}, "added unknown-query-allowed"),
    ({}, validated(unknown_query="report"), "neutral unknown-query-noted"),
    (validated(request="off", unknown_query="reject"), validated(request="off"), ""),
    (validated(formats=False), {}, "breaking formats-checked"),
    ({}, validated(formats=False), "added formats-unchecked"),
    ({}, STRICT, "risky answers-checked"),
    (STRICT, validated(response="report"), "risky answers-unchecked"),
    ({}, validated(response="report"), "neutral answers-noted"),
    ({"max_body": 2048}, {"max_body": 1500}, "breaking max-body-lowered"),
    ({"max_body": 1500}, {"max_body": 2048}, "added max-body-raised"),
    ({}, {"max_depth": 8}, "breaking max-depth-lowered"),
    ({"max_depth": 8}, {}, "added max-depth-raised"),
    (STRICT, {**STRICT, "max_response": 1024}, "risky max-response-lowered"),
    ({**STRICT, "max_response": 1024}, STRICT, "added max-response-raised"),
    ({}, {"max_response": 1024}, ""),
    ({"encoded_slash": True}, {}, "breaking encoded-slash-refused"),
    ({}, {"encoded_slash": True}, "added encoded-slash-allowed"),
    ({}, waiting(response=0.5), "risky timeout-shorter"),
    ({}, waiting(total=90.0), "added timeout-longer"),
    ({}, waiting(idle=90.0, connect=0.2), "added timeout-longer, risky timeout-shorter"),
    (socket(), {}, "breaking websocket-removed"),
    ({}, socket(), "added websocket-added"),
    (
        socket(origins=("https://a.example", "https://b.example")),
        socket(origins=("https://a.example",)),
        "breaking websocket-origins-narrowed",
    ),
    (socket(origins=("*",)), socket(), "breaking websocket-origins-narrowed"),
    (socket(), socket(origins=("*",)), ""),
    (socket(), socket(max_message=9), "breaking websocket-message-lowered"),
    (socket(max_message=9), socket(), "added websocket-message-raised"),
    (socket(), socket(idle=5.0), "risky websocket-idle-shorter"),
    (socket(idle=5.0), socket(), "added websocket-idle-longer"),
    ({}, mocked(mode="always"), "breaking made-up"),
    ({}, mocked(mode="fallback"), "risky made-up-on-failure"),
    (mocked(mode="always"), {}, "fixed not-made-up"),
    (mocked(mode="always"), mocked(mode="always", faults=Faults(rate=0.5)), "risky made-up-otherwise"),
    ({}, mocked(state="crud"), "fixed sandbox"),
    ({}, edited("response_headers", set={"X-A": "1"}), "risky answer-fields"),
    ({}, edited("response_headers", set={"Deprecation": "@0"}, add={"Link": ("</b>",)}), ""),
    ({}, edited("request_headers", remove=("X-Debug",)), "neutral request-edits"),
    ({}, edited("request_query", rename={"q": "search"}), "neutral request-edits"),
    ({}, {"upstreams": (UpstreamChoice(upstream="users"),)}, "neutral upstream"),
    ({"rewrite": Rewrite(prefix="/v2")}, {"rewrite": Rewrite(template="/v3")}, "neutral rewrite"),
]


def side(said: Said) -> Enforced:
    given = {"body": Body(), **said}
    behaviour, asked = given.pop("mock", None), given.pop("asked", None)
    made = route(asked, **given)
    sandbox = Sandbox() if behaviour is None else Sandbox(operations={made.id: Mock(behaviour=behaviour)})
    upstreams = {"users": Upstream(name="users", targets=(Target(url="http://127.0.0.1:9000"),))}
    return Enforced(Plan(routes=(made,), schemes=SCHEMES, sandbox=sandbox, upstreams=upstreams))


@pytest.mark.parametrize(("before", "after", "found"), CASES)
def test_one_setting(before: Said, after: Said, found: str) -> None:
    changes = list(routes.compare(side(before), side(after)))
    assert sorted(f"{change.grade} {change.code}" for change in changes) == sorted(filter(None, found.split(", ")))
    for change in changes:
        assert change.message.startswith(ROUTES[change.code].effect)
        assert change.before != change.after
        assert change.old is not None
        assert change.new is not None
        assert change.operation == "GET /users"


def test_there_is_a_row_for_every_kind() -> None:
    assert {each.split()[1] for _, _, found in CASES for each in found.split(", ") if each} == set(ROUTES)


def test_values_are_written_as_x_gateway_has_them() -> None:
    [change] = routes.compare(side({"max_body": 2048}), side({"max_body": 1500}))
    assert (change.subject, change.message) == ("GET /users, maxBody", "bodies that were taken are too large: 2KiB before, 1500 now")
    [change] = routes.compare(side({}), side(waiting(response=0.5)))
    assert change.message.endswith(": 15s before, 500ms now")
    [change] = routes.compare(side({}), side({"upstreams": (UpstreamChoice(upstream="users"),)}))
    assert (change.before, change.after) == ("none", "http://127.0.0.1:9000")
    [change] = routes.compare(side({}), side(edited("request_headers", set={"B": "1", "A": "2"}, add={"C": ("3", "4")})))
    assert change.after == "set A: 2, B: 1; add C: 3, 4"


def test_who_sends_no_body_notices_no_limit_of_bodies() -> None:
    assert list(routes.compare(side({"body": None}), side({"body": None, "max_body": 9, "max_depth": 2}))) == []


def test_what_one_line_says_of_several_operations_is_one_change() -> None:
    def state(total: float, line: int) -> Enforced:
        made = tuple(route(path=path, timeout=Timeout(total=total)) for path in ("/a", "/b"))
        said = {"settings": {"timeout.total": {"file": "users.yaml", "line": line}}}
        return Enforced(Plan(routes=made), {"routes": {each.id: said for each in made}})

    [change] = routes.compare(state(9.0, 3), state(5.0, 4))
    assert (change.subject, change.operation, change.service) == ("2 operations of users, timeout.total", "", "users")
    assert (change.old and change.old.line, change.new and change.new.line) == (3, 4)
    without = [Enforced(state(total, 3).plan) for total in (9.0, 5.0)]
    assert [change.subject for change in routes.compare(*without)] == ["GET /a, timeout.total", "GET /b, timeout.total"]


def test_what_is_internal_is_of_no_operation_that_clients_know() -> None:
    [change] = routes.compare(side({"visibility": "internal"}), side({"visibility": "internal", "max_depth": 2}))
    assert change.operation == ""


COMPARED = {
    "hosts", "conditions", "path_match", "require", "csrf", "validate", "encoded_slash", "max_body", "max_depth", "max_response",
    "timeout", "websocket", "response_headers", "request_headers", "request_query", "upstreams", "rewrite",
}  # fmt: skip
ELSEWHERE = {
    "id": "a name for programs, made from the rest",
    "operation_id": "in the documents",
    "service": "operations are the same by it",
    "method": "operations are the same by it",
    "path": "operations are the same by it",
    "version": "operations are the same by it",
    "document_path": "the service's side of `path` and `rewrite`",
    "origin": "where it was written",
    "visibility": "what is not public is not in the documents",
    "deprecated": "in the documents",
    "parameters": "in the documents",
    "body": "in the documents",
    "responses": "in the documents",
    "security": "alternatives are compared for protection, and as `credentials` in the documents",
    "unenforced": "follows from the schemas, which are in the documents",
}


def test_every_field_of_a_route_is_compared_here_or_elsewhere() -> None:
    """A new one has to say what a change of it does: add kinds and rows above, or why there are none."""
    assert set(Route.__struct_fields__) == COMPARED | set(ELSEWHERE)
