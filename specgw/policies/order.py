"""The order of the policies: one list, each place with its reason. There are no priorities.

A request meets them from top to bottom, its answer from bottom to top.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from specgw.plan.model import Route
from specgw.policies import edits, protection, validation, websocket
from specgw.policies.validation.validators import Validators

Build = Callable[[Route, Validators], Any]

ORDER: tuple[tuple[str, Build, str], ...] = (
    ("protection", lambda route, _: protection.build(route), "first: nobody learns about an operation that they may not call"),
    (
        "websocket opening",
        lambda route, _: websocket.build(route),
        "before validation: a page of another origin learns nothing about the contract",
    ),
    (
        "request validation",
        lambda route, validators: validation.build(route, validators),
        "before anything is changed: the contract speaks of what the client sent",
    ),
    ("request fields", lambda route, _: edits.build_request_fields(route), "after validation, so that the service gets them as edited"),
    ("query", lambda route, _: edits.build_query(route), "likewise"),
    (
        "response fields",
        lambda route, _: edits.build_response_fields(route),
        "on the way back after validation, so that clients get them as edited",
    ),
    (
        "response validation",
        lambda route, validators: validation.build_response(route, validators),
        "last, so that it is the first to see the answer: the contract speaks of what the service sent",
    ),
)


def build(route: Route, validators: Validators) -> list[Any]:
    """The policies that a route uses, in order."""
    made = (make(route, validators) for _, make, _ in ORDER)
    return [policy for policy in made if policy is not None]
