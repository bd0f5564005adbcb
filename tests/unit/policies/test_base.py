"""What every policy keeps to: stages that the pipeline knows by name, and an Exchange without surprises."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from specgw.plan.model import Edits, Origin, Plan, Require, Response, Route, Scheme, SecurityScheme, Validate, WebSocket
from specgw.policies import order
from specgw.policies.auth.base import Services
from specgw.policies.base import Exchange, Policy, Reply

STAGES = {name for name in vars(Policy) if not name.startswith("_")}
EVERYTHING = Route(
    id="all",
    service="s",
    method="GET",
    path="/",
    document_path="/",
    origin=Origin(file="api.yaml", line=1),
    websocket=WebSocket(),
    require=Require(roles=("editor",)),
    security=((SecurityScheme(name="key", scheme="s/key"),),),
    responses=(Response(status="200"),),
    validate=Validate(response="enforce"),
    request_headers=Edits(remove=("a",)),
    response_headers=Edits(remove=("a",)),
    request_query=Edits(remove=("a",)),
)
PLAN = Plan(schemes={"s/key": Scheme(name="key", service="s", kind="apiKey", type="apiKey in cookie", location="cookie", field="key")})


def test_every_policy_has_a_stage_and_nothing_that_could_be_a_misspelt_one() -> None:
    policies = order.build(EVERYTHING, order.equip(PLAN, Services()))
    assert len(policies) == len(order.ORDER)
    for policy in policies:
        offered = {name for name in dir(policy) if not name.startswith("_")}
        assert offered, policy
        assert offered <= STAGES, policy


def test_the_stages_stand_in_the_order_in_which_they_run() -> None:
    assert [name for name in vars(Policy) if name in STAGES] == ["request", "body", "response", "response_body"]


@pytest.mark.interpreted
def test_an_exchange_has_room_for_what_it_declares_and_for_nothing_else() -> None:
    assert set(Exchange.__slots__) == set(Exchange.__annotations__)
    with pytest.raises(AttributeError):
        Exchange().headrs = []  # type: ignore[attr-defined]


def test_a_reply_can_be_shared_by_all_requests() -> None:
    reply = Reply(204, ((b"Allow", b"GET"),))
    assert (reply.body, hash(reply)) == (b"", hash(Reply(204, ((b"Allow", b"GET"),))))
    with pytest.raises(FrozenInstanceError):
        reply.status = 200  # type: ignore[misc]
