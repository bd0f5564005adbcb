"""The two sample services as processes: five endpoints each, answers that hold to their documents, an orderly end."""

from __future__ import annotations

import contextlib
import json
import signal
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import yaml
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse

from sample_services import specs
from tests.scenarios.process import ROOT, Running

NEW_USER = {"name": "Grete Hermann", "email": "grete@example.com", "password": "nothing is certain"}
NEW_PRODUCT = {"sku": "BOK-0100", "name": "A book on sets", "category": "books", "price": {"amount": 12.5, "currency": "GBP"}}


@pytest.fixture(scope="module", params=["users", "products"])
def service(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@contextlib.contextmanager
def serving(service: str) -> Iterator[tuple[Running, str]]:
    """A sample service on a free port, and its address."""
    process = Running("--port", "0", cwd=ROOT, module=f"sample_services.{service}")
    try:
        yield process, process.expect(r"serving on (http://\S+)")[1]
    finally:
        process.kill()


@pytest.fixture(scope="module")
def client(service: str) -> Iterator[httpx.Client]:
    with serving(service) as (_, address), httpx.Client(base_url=address) as client:
        yield client


@pytest.fixture
def new(service: str) -> dict[str, Any]:
    return dict(NEW_USER if service == "users" else NEW_PRODUCT)


def test_list_is_paged(client: httpx.Client, service: str) -> None:
    first = client.get(f"/{service}", params={"pageSize": 3})
    assert first.status_code == 200
    assert [entry["id"] for entry in first.json()["items"]] == [1, 2, 3]
    assert first.headers["X-Total-Count"] == str(first.json()["total"])
    second = client.get(f"/{service}", params={"pageSize": 3, "page": 2})
    assert [entry["id"] for entry in second.json()["items"]] == [4, 5, 6]


def test_create_read_replace_remove(client: httpx.Client, service: str, new: dict[str, Any]) -> None:
    created = client.post(f"/{service}", json=new)
    assert created.status_code == 201
    path = created.headers["Location"]
    assert client.get(path).json() == created.json()
    assert "password" not in created.json()

    replaced = client.put(path, json={**new, "name": "Someone else"})
    assert replaced.status_code == 200
    assert client.get(path).json()["name"] == "Someone else"

    assert client.delete(path).status_code == 204
    for gone in (client.get(path), client.put(path, json=new), client.delete(path)):
        assert gone.status_code == 404
        assert gone.headers["Content-Type"] == "application/problem+json"


def test_conflict(client: httpx.Client, service: str, new: dict[str, Any]) -> None:
    key = "email" if service == "users" else "sku"
    second = client.get(f"/{service}/2").json()
    assert client.post(f"/{service}", json={**new, key: second[key]}).status_code == 409
    assert client.put(f"/{service}/1", json={**new, key: second[key]}).status_code == 409


def test_service_holds_to_its_document_without_a_gateway(client: httpx.Client, service: str) -> None:
    for refused in (client.post(f"/{service}", json={"name": ""}), client.get(f"/{service}", params={"page": 0})):
        assert refused.status_code == 400
        assert refused.json()["status"] == 400


def test_answers_match_the_document(client: httpx.Client, service: str, new: dict[str, Any]) -> None:
    document = yaml.safe_load((specs() / f"{service}.yaml").read_text())
    contract = OpenAPI.from_dict(document, config=Config(extra_media_type_deserializers={"application/problem+json": json.loads}))
    free = {**new, "email": "one@example.com"} if service == "users" else {**new, "sku": "AAA-0001"}
    for method, path, body in (
        ("GET", f"/{service}", None),
        ("GET", f"/{service}/1", None),
        ("GET", f"/{service}/9999", None),
        ("POST", f"/{service}", new),
        ("POST", f"/{service}", new),
        ("PUT", f"/{service}/1", free),
        ("DELETE", f"/{service}/3", None),
    ):
        answer = client.request(method, path, json=body)
        contract.validate_response(
            MockRequest(document["servers"][0]["url"], method.lower(), path),
            MockResponse(answer.content, answer.status_code, dict(answer.headers), answer.headers.get("Content-Type", "")),
        )


def test_same_idempotency_key_gets_the_same_user() -> None:
    key = {"Idempotency-Key": "6f8c9a52-2222-4333-8444-123456789abc"}
    with serving("users") as (_, address), httpx.Client(base_url=address) as client:
        first = client.post("/users", json=NEW_USER, headers=key)
        assert client.post("/users", json=NEW_USER, headers=key).json() == first.json()
        assert client.post("/users", json=NEW_USER).status_code == 409


def test_filters() -> None:
    with serving("users") as (_, users), serving("products") as (_, products), httpx.Client() as client:
        editors = client.get(users + "/users?role=admin,editor&createdAfter=2024-03-01T11:00:00%2B01:00").json()
        assert {user["role"] for user in editors["items"]} == {"editor"}
        assert [user["name"] for user in client.get(users + "/users?q=hop").json()["items"]] == ["Grace Hopper"]
        found = client.get(products + "/products?category=home&category=tools&price[min]=10&price[max]=30&sort=-price").json()
        assert [product["price"]["amount"] for product in found["items"]] == [27.25, 14.0]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ends_in_order(number: signal.Signals) -> None:
    with serving("products") as (process, address):
        assert httpx.get(address + "/products/1", headers={"X-Request-Id": "r-1"}).status_code == 200
        process.expect(r"GET +/products/1 → 200 .* r-1")
        assert process.stop(number) in (0, -number)
        assert "Traceback" not in "".join(process.said)
