from __future__ import annotations

import asyncio
import inspect
from pathlib import Path
from typing import Any

import pytest

from specgw.mock import credentials
from specgw.plan.model import Plan
from specgw.policies.auth.base import Identity, Refusal, Unavailable
from tests.unit.mock.conftest import exchange, planned

SCHEMES: dict[str, Any] = {
    "header": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "query": {"type": "apiKey", "in": "query", "name": "k"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "c"},
    "basic": {"type": "http", "scheme": "basic"},
    "bearer": {"type": "http", "scheme": "bearer", "x-gateway": {"issuer": "https://real.example", "audience": "api"}},
    "oauth": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://real.example/t", "scopes": {"read": ""}}}},
    "oidc": {"type": "openIdConnect", "openIdConnectUrl": "https://real.example/.well-known/openid-configuration"},
    "digest": {"type": "http", "scheme": "digest"},
    "hoba": {"type": "http", "scheme": "HOBA"},
    "certificate": {"type": "mutualTLS"},
}


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    get = {"responses": {"200": {"description": ""}}, "security": [{name: ["read"] if name == "oauth" else []} for name in SCHEMES]}
    require = {"x-gateway": {"require": {"roles": ["editor"], "claims": {"tenant": "a"}}}}
    return planned(tmp_path, {"/a": {"get": {**get, **require}}}, components={"securitySchemes": SCHEMES})


async def verdict(plan: Plan, scheme: str, line: str) -> Any:
    services = credentials.services(plan)
    made = credentials.made(plan, credentials.schemes(plan), services)
    name, _, value = line.partition(": ")
    asked = exchange(query=line[1:].encode()) if line.startswith("?") else exchange(headers=[(name.lower().encode(), value.encode())])
    found = made[f"t/{scheme}"].verify(asked)
    return await found if inspect.isawaitable(found) else found


async def every(plan: Plan) -> dict[str, list[Any]]:
    found = {}
    for title, lines in credentials.credentials(plan):
        name = title.partition("/")[2].partition(" ")[0]
        found[name] = [await verdict(plan, name, line) for line in lines]
    return found


def test_two_identities_work_for_each_scheme(plan: Plan) -> None:
    found = asyncio.run(every(plan))
    assert set(found) == set(SCHEMES)
    assert found.pop("digest") == [None, None]  # a command, and no line: each response is made for one request
    for name, identities in found.items():
        assert [isinstance(identity, Identity) for identity in identities] == [True, True], name
        assert {identity.subject for identity in identities} == set(credentials.NAMES)
        assert all("editor" in identity.roles for identity in identities)
    assert all("read" in identity.scopes and identity.claims["tenant"] == "a" for identity in found["oauth"])


@pytest.mark.parametrize(
    ("scheme", "line"),
    [
        ("header", "X-Key: DEV_KEY_12345"),
        ("basic", "Authorization: Basic c2FuZGJveC0xOnNhbmRib3g="),
        ("bearer", "Authorization: Bearer anything"),
        ("bearer", "Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."),
    ],
)
def test_everything_else_is_refused(plan: Plan, scheme: str, line: str) -> None:
    assert isinstance(asyncio.run(verdict(plan, scheme, line)), Refusal)


def test_a_sandbox_alone_asks_nobody(plan: Plan) -> None:
    alone = credentials.alone(plan)
    assert not alone.upstreams
    assert "real.example" not in str(alone.schemes)
    assert alone.edge.listen.port == credentials.PORT
    issuers = credentials.services(plan).issuers
    assert issuers is not None
    with pytest.raises(Unavailable):
        issuers.introspection_of(next(iter(alone.schemes.values())))


def test_forgery_is_not_looked_for(plan: Plan) -> None:
    assert credentials.open_route(plan.routes[0]).csrf == "off"


def test_what_a_page_sends_is_what_works(plan: Plan) -> None:
    given = credentials.fields(plan)
    assert given["t/header"] == {"in": "header", "name": "X-Key", "value": "SANDBOX_KEY_1"}
    assert given["t/query"] == {"in": "query", "name": "k", "value": "SANDBOX_KEY_1"}
    assert given["t/cookie"] == {"in": "cookie", "name": "c", "value": "SANDBOX_KEY_1"}
    assert "t/digest" not in given
    assert given["t/certificate"]["name"] == "Client-Cert"
    for scheme in ("t/basic", "t/bearer", "t/oauth", "t/oidc", "t/hoba"):
        lines = next(lines for name, lines in credentials.credentials(plan) if name.startswith(f"{scheme} "))
        assert lines[0] == f"Authorization: {given[scheme]['value']}"
