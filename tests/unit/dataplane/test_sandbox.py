from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from specgw.dataplane.sandbox import Mocks, Sandbox, inside, operations
from specgw.mock.objects import Objects
from specgw.plan.found import Match, NotAllowed, NotFound
from specgw.policies.validation.validators import Validators
from specgw.telemetry.metrics import Metrics
from tests.unit.mock.conftest import planned

ANSWER = {"responses": {"200": {"description": ""}}}


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    paths = {"/pets/{id}": {"get": ANSWER}, "/v1/pets/{name}": {"get": ANSWER}, "/toys": {"get": ANSWER}}
    plan = planned(tmp_path, paths, servers=[{"url": "https://a.example/v1"}], **{"x-gateway": {"mount": "/api"}})
    made = Sandbox(plan, Mocks(plan, Random(1), Objects()), Validators(plan.schemas), Metrics("0"))
    for route, mock in operations(plan):
        made.add(route, mock)
    for route, mock in operations(plan):
        made.add_based(route, mock)
    return made


@pytest.mark.parametrize("path", [b"/api/toys", b"/v1/toys", b"/v1/api/toys", b"/v1/pets/3", b"/v1/v1/pets/a"])
def test_operations_are_where_clients_look_for_them(sandbox: Sandbox, path: bytes) -> None:
    found = sandbox.table.match("GET", path, None, [], None)
    assert isinstance(found, Match)
    assert found.payload.chain.operation.startswith("sandbox GET")


def test_a_chain_is_made_once_and_forwards_nowhere(sandbox: Sandbox) -> None:
    first, second = (sandbox.table.match("GET", b"/api/toys", None, [], None) for _ in range(2))
    assert isinstance(first, Match)
    assert isinstance(second, Match)
    assert first.payload.chain is second.payload.chain
    assert first.payload.chain.request


def test_what_is_not_declared_is_not_there(sandbox: Sandbox) -> None:
    assert isinstance(sandbox.table.match("GET", b"/other", None, [], None), NotFound)
    assert sandbox.table.match("POST", b"/api/toys", None, [], None) == NotAllowed(("GET",))


def test_the_sandbox_has_a_folder_of_its_own() -> None:
    assert inside(b"/sandbox/pets") == b"/pets"
    assert inside(b"/sandboxes") is None
    assert inside(b"/sandbox") is None


def test_modes_come_from_the_operations(tmp_path: Path) -> None:
    plan = planned(tmp_path, {"/a": {"get": {**ANSWER, "x-gateway": {"mock": {"mode": "always"}}}, "post": ANSWER}})
    mocks = Mocks(plan, Random(1), Objects())
    assert {route.method: mocks.mode(route) for route in plan.routes} == {"GET": "always", "POST": "off"}
