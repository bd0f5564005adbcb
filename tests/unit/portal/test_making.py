from __future__ import annotations

import json

import pytest

from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.plan.model import Plan, Route
from specgw.portal.making import Maker

ITEM = {"type": "object", "required": ["sku"], "properties": {"sku": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{4}$"}}}
AS_XML = {"schema": {**ITEM, "xml": {"name": "item"}}}
OPERATION = {
    "operationId": "add",
    "requestBody": {"content": {"application/json": {"schema": ITEM}, "application/xml": AS_XML}},
    "responses": {
        "200": {"description": "", "content": {"application/json": {"schema": ITEM}, "application/xml": AS_XML}},
        "4XX": {"description": "", "content": {"application/json": {"schema": ITEM}}},
        "500": {"description": "", "content": {"application/json": {"schema": False}}},
    },
}


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    folder = tmp_path_factory.mktemp("making")
    document = {"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "paths": {"/items": {"post": OPERATION}}}
    (folder / "a.json").write_text(json.dumps(document))
    made = compile_documents(Inputs((folder,)), environ={})
    assert made.plan is not None
    return made.plan


@pytest.fixture(scope="module")
def route(plan: Plan) -> Route:
    return plan.routes[0]


def test_answers_are_made_and_always_the_same(plan: Plan, route: Route) -> None:
    [value] = Maker(plan).answer(route, "200", "application/json")
    assert list(value) == ["sku"]
    assert Maker(plan).answer(route, "200", "application/json") == (value,)
    assert Maker(plan).answer(route, "4XX", "application/json") != ()


@pytest.mark.parametrize(("status", "media_range"), [("200", "text/plain"), ("404", "application/json"), ("500", "application/json")])
def test_where_nothing_is_said_or_possible_nothing_is_made(plan: Plan, route: Route, status: str, media_range: str) -> None:
    assert Maker(plan).answer(route, status, media_range) == ()
    assert Maker(plan).answer(None, status, media_range) == ()


def test_a_request_is_the_draft_where_that_is_valid(plan: Plan, route: Route) -> None:
    maker = Maker(plan)
    assert maker.request(route, "application/json", {"sku": "ABC-0001"}) == {"sku": "ABC-0001"}
    made = maker.request(route, "application/json", {"sku": "SKU"})
    assert made != {"sku": "SKU"}
    assert maker.request(route, "application/json", made) == made
    assert maker.request(None, "application/json", {"sku": "SKU"}) == {"sku": "SKU"}
    assert maker.request(route, "text/plain", 7) == 7


def test_rules_of_xml(plan: Plan, route: Route) -> None:
    maker = Maker(plan)
    for status in ("", "200"):
        xml = maker.xml(route, status, "application/xml")
        assert xml is not None
        assert xml.nodes[0].name == "item"
    assert maker.xml(None, "", "application/xml") is None
