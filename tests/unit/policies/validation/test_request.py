from __future__ import annotations

import json

import pytest

from specgw.policies.validation.request import build
from tests.unit.policies.validation.contracts import Contract, exchange

PERSON = {"type": "object", "properties": {"name": {"type": "string", "minLength": 1}}, "required": ["name"]}
LIMIT = {"type": "integer", "maximum": 100}


def create(**validate: str) -> Contract:
    return Contract(**validate).parameter("query", "limit", LIMIT).accepts("application/json", "json", PERSON)


def test_off_is_no_policy() -> None:
    contract = create(request="off")
    assert build(contract.route(), contract.schemas.validators()) is None


def test_a_valid_request_passes_both_stages() -> None:
    contract = create()
    made = exchange(contract.route(), query="limit=5", body=b'{"name": "Ada"}')
    policy = contract.requests()
    assert policy.request(made) is None
    assert made.holds_body
    assert policy.body(made) is None
    assert (made.violations, made.notes) == ([], {})


def test_parameters_and_body_are_told_together() -> None:
    contract = create()
    made = exchange(contract.route(), query="limit=500", body=b'{"name": ""}')
    policy = contract.requests()
    assert policy.request(made) is None, "the answer waits for the body"
    problem = policy.body(made)
    assert problem is not None
    assert problem.status == 400
    assert [(wrong["in"], wrong["keyword"]) for wrong in json.loads(problem.body())["violations"]] == [
        ("query", "maximum"),
        ("body", "minLength"),
    ]
    made.body = b'{"name": "Ada"}'
    problem = policy.body(made)
    assert problem is not None
    assert len(problem.violations) == 1


def test_without_a_body_to_wait_for_the_answer_comes_at_once() -> None:
    contract = create()
    made = exchange(contract.route(), query="limit=500")
    problem = contract.requests().request(made)
    assert problem is not None
    assert [violation.keyword for violation in problem.violations] == ["maximum", "required"]


def test_a_body_whose_content_is_not_checked_streams() -> None:
    contract = Contract().parameter("query", "limit", LIMIT).accepts("application/octet-stream", "opaque", {"type": "string"})
    policy = contract.requests()
    made = exchange(contract.route(), body=b"\xff", type="application/octet-stream")
    assert policy.request(made) is None
    assert not made.holds_body
    made = exchange(contract.route(), query="limit=500", body=b"\xff", type="application/octet-stream")
    assert policy.request(made) is not None
    # Somebody else may hold it all the same.
    made = exchange(contract.route(), body=b"\xff", type="application/octet-stream")
    made.holds_body = True
    assert policy.request(made) is None
    assert policy.body(made) is None


@pytest.mark.parametrize("required", [True, False])
def test_a_body_that_is_not_there(required: bool) -> None:
    contract = Contract().accepts("application/json", "json", PERSON, required=required)
    expected = [("body", None, "", "required")] if required else []
    assert contract.violations() == expected
    assert contract.violations(headers=[(b"content-length", b"0"), (b"content-type", b"application/json")]) == expected
    # announced by Transfer-Encoding, empty in fact
    chunked = [(b"transfer-encoding", b"chunked"), (b"content-type", b"application/json")]
    assert contract.violations(headers=chunked) == expected


@pytest.mark.parametrize(
    "content_type", ["application/xml", "application/json; charset=utf-16", "application/json, application/json", "json", "text/json"]
)
def test_other_types_get_415_and_learn_which_are_declared(content_type: str) -> None:
    problem = create().problem(query="limit=500", body=b"{}", type=content_type)
    assert problem is not None
    assert problem.status == 415
    assert "application/json" in problem.detail or "UTF-8" in problem.detail


def test_a_body_without_content_type_gets_415() -> None:
    problem = create().problem(body=b"{}", type=None)
    assert problem is not None
    assert (problem.status, problem.detail) == (415, "A body needs a Content-Type; allowed: application/json.")
    made = exchange(create().route(), body=b"{}")
    made.headers.append((b"content-type", b"application/json"))
    problem = create().judge(made)
    assert problem is not None
    assert problem.status == 415


def test_a_body_that_is_not_declared() -> None:
    contract = Contract("GET").parameter("query", "limit", LIMIT)
    assert contract.violations(body=b"{}") == [("body", None, "", "mediaType")]
    assert contract.violations(query="limit=500", body=b"{}") == [("query", "limit", "", "maximum"), ("body", None, "", "mediaType")]
    assert contract.violations(headers=[(b"content-length", b"0")]) == []
    assert contract.violations(headers=[(b"transfer-encoding", b"chunked")]) == [("body", None, "", "mediaType")]


def test_json_is_held_and_vendor_types_are_json() -> None:
    contract = Contract().accepts("application/*+json", "json", PERSON).accepts("text/plain", "text", {"maxLength": 1})
    assert contract.violations(body=b"{}", type="application/merge-patch+json") == [("body", None, "", "required")]
    assert contract.violations(body=b"ab", type="text/plain") == [("body", None, "", "maxLength")]


def test_report_lets_everything_pass_and_takes_notes() -> None:
    contract = create(request="report")
    made = exchange(contract.route(), query="limit=500", body=b'{"name": ""}')
    assert contract.judge(made) is None
    assert [violation.keyword for violation in made.violations] == ["maximum", "minLength"]
    assert made.notes["violations"] == 2
    made = exchange(contract.route(), query="limit=500", body=b'{"name": "Ada"}')
    assert contract.judge(made) is None
    assert made.notes["violations"] == 1
    made = exchange(contract.route(), body=b"<x/>", type="application/xml")
    assert contract.judge(made) is None
    assert not made.holds_body
    assert [(violation.location, violation.name, violation.keyword) for violation in made.violations] == [
        ("header", "Content-Type", "mediaType")
    ]


def test_unknown_query_parameters() -> None:
    query = "limit=5&limti=6&x=1"
    assert create().problem(query=query, body=b'{"name": "Ada"}') is None
    rejecting = create(unknown_query="reject")
    assert rejecting.violations(query=query, body=b'{"name": "Ada"}') == [
        ("query", "limti", "", "additionalProperties"),
        ("query", "x", "", "additionalProperties"),
    ]
    assert rejecting.violations(query="limit=5", body=b'{"name": "Ada"}') == []
    reporting = create(unknown_query="report")
    made = exchange(reporting.route(), query=query, body=b'{"name": "Ada"}')
    assert reporting.judge(made) is None
    assert (made.violations, made.notes) == ([], {"unknown_query": 2})
    bare = Contract("GET", unknown_query="reject")
    assert bare.violations(query="x=1") == [("query", "x", "", "additionalProperties")]
    assert bare.violations(query=None) == []


def test_a_flood_of_unknown_names_is_answered_shortly() -> None:
    problem = Contract("GET", unknown_query="reject").problem(query="&".join(f"x{index}=1" for index in range(1000)))
    assert problem is not None
    assert len(problem.violations) == 100


def test_formats_can_be_let_go() -> None:
    schema = {"type": "string", "format": "uuid"}
    assert Contract("GET").parameter("query", "id", schema).violations(query="id=x") == [("query", "id", "", "format")]
    assert Contract("GET", formats=False).parameter("query", "id", schema).violations(query="id=x") == []


def test_depth_is_the_routes() -> None:
    contract = Contract().accepts("application/json", "json", {})
    contract.max_depth = 3
    assert contract.violations(body=b"[[[1]]]") == []
    assert contract.violations(body=b"[[[[1]]]]") == [("body", None, "", "syntax")]
