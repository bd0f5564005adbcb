from __future__ import annotations

import json

from specgw.policies.validation.refusal import refuse
from specgw.problems import INVALID_REQUEST, Violation


def test_the_problem_lists_the_violations() -> None:
    problem = refuse(INVALID_REQUEST, "request", [Violation("query", "is required", "required", "limit")])
    assert json.loads(problem.body()) == {
        "type": "urn:specgw:problem:invalid-request",
        "title": "The request does not match the contract",
        "status": 400,
        "detail": "The request breaks its contract: 1 violation found.",
        "violations": [{"in": "query", "name": "limit", "keyword": "required", "message": "is required"}],
    }


def test_a_long_list_says_that_there_is_more() -> None:
    problem = refuse(INVALID_REQUEST, "request", [Violation("body", "is wrong", "type", pointer=f"/{index}") for index in range(250)])
    assert len(problem.violations) == 100
    assert problem.detail == "The request breaks its contract: more than 100 violations found, of which the first are listed."
    assert refuse(INVALID_REQUEST, "request", problem.violations[:2]).detail == "The request breaks its contract: 2 violations found."
