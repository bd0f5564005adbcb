from __future__ import annotations

import json
from typing import Any

import pytest

from specgw import problems
from specgw.plan.model import Edge, Introspection, Listen, Origin, Plan, Route, Scheme, SecurityScheme
from specgw.policies.auth.resource import WELL_KNOWN, Metadata, described, mount_of, pages, resources
from specgw.policies.base import Exchange, Reply
from specgw.problems import Problem

SCHEMES = {
    "login": Scheme(name="login", service="s", kind="token", type="openIdConnect", open_id_connect_url="https://id/x", scopes=("own",)),
    "machine": Scheme(name="machine", service="s", kind="token", type="oauth2", issuer="https://machines.example"),
    "asked": Scheme(
        name="asked",
        service="s",
        kind="token",
        type="oauth2",
        introspection=Introspection(url="https://asked"),
        open_id_connect_url="https://x",
    ),
    "theirs": Scheme(name="theirs", service="s", kind="token", type="oauth2", verify="upstream"),
    "bare": Scheme(name="bare", service="s", kind="token", type="oauth2"),
    "bearer": Scheme(name="bearer", service="s", kind="token", type="http bearer", jwks="keys.json"),
    "key": Scheme(name="key", service="s", kind="apiKey", type="apiKey in header"),
}


class Issuers:
    def keys_of(self, scheme: Scheme) -> Any:
        class Keys:
            issuer = f"https://{scheme.name}.example"

        assert scheme.name == "login", "nobody keeps keys for any other of them"
        return Keys

    def introspection_of(self, scheme: Scheme) -> Any:
        raise AssertionError("nobody has to be asked")


def route(path: str, *security: tuple[str, str], document_path: str = "/a") -> Route:
    asked = tuple((SecurityScheme(name=name, scheme=name, scopes=(scope,) if scope else ()),) for name, scope in security)
    origin = Origin(file="f", line=1)
    return Route(id=path, service="s", method="GET", path=path, document_path=document_path, origin=origin, security=asked)


def plan(*routes: Route, public: str | None = None) -> Plan:
    return Plan(edge=Edge(listen=Listen(public_url=public)), routes=routes, schemes=SCHEMES)


def exchange(host: bytes | None = b"api.example", method: str = "GET") -> Exchange:
    made = Exchange()
    made.method, made.scheme = method, "https"
    made.headers = [] if host is None else [(b"accept", b"*/*"), (b"host", host)]
    return made


def told(page: Metadata, asked: Exchange | None = None) -> dict[str, Any]:
    reply = page.request(asked or exchange())
    assert isinstance(reply, Reply)
    assert reply.status == 200
    members: dict[str, Any] = json.loads(reply.body)
    return members


def test_which_schemes_have_authorisation_servers() -> None:
    assert [name for name, scheme in SCHEMES.items() if described(scheme)] == ["login", "machine", "asked", "theirs", "bare"]


@pytest.mark.parametrize(
    ("path", "document_path", "mount"), [("/a", "/a", ""), ("/api/v1/a", "/a", "/api/v1"), ("/api/", "/", "/api"), ("/api", "/", "")]
)
def test_the_mount_of_a_route(path: str, document_path: str, mount: str) -> None:
    assert mount_of(route(path, document_path=document_path)) == mount


def test_nothing_is_told_where_no_operation_asks_for_tokens() -> None:
    assert resources(plan(route("/a", ("key", "")), route("/b", ("bearer", ""))), None) == {}


def test_the_whole_and_each_mount() -> None:
    found = resources(plan(route("/x/a", ("login", "read")), route("/y/a", ("machine", "write"), ("key", "")), route("/a")), Issuers())
    made = {path.decode(): told(page) for path, page in pages(found.values()).items()}
    header = {"bearer_methods_supported": ["header"]}
    assert made == {
        WELL_KNOWN: {
            "resource": "https://api.example",
            "authorization_servers": ["https://login.example", "https://machines.example"],
            "scopes_supported": ["own", "read", "write"],
            **header,
        },
        f"{WELL_KNOWN}/x": {
            "resource": "https://api.example/x",
            "authorization_servers": ["https://login.example"],
            "scopes_supported": ["own", "read"],
            **header,
        },
        f"{WELL_KNOWN}/y": {
            "resource": "https://api.example/y",
            "authorization_servers": ["https://machines.example"],
            "scopes_supported": ["write"],
            **header,
        },
    }
    assert found["/x"].metadata_url(exchange()) == f"https://api.example{WELL_KNOWN}/x"


def test_what_nobody_knows_is_left_out() -> None:
    found = resources(plan(route("/a", ("asked", ""), ("theirs", ""), ("bare", ""))), Issuers())
    assert told(Metadata(found[""])) == {"resource": "https://api.example", "bearer_methods_supported": ["header"]}


def test_a_public_url_says_where_it_is_whatever_clients_say() -> None:
    found = resources(plan(route("/x/a", ("machine", "")), public="https://public.example/base/"), None)
    assert found["/x"].metadata_url(exchange(None)) == f"https://public.example{WELL_KNOWN}/base/x"
    made = pages(found.values())
    suffixes = [b"", b"/x", b"/base", b"/base/x"]
    assert sorted(made) == sorted(WELL_KNOWN.encode() + suffix for suffix in suffixes)
    assert told(made[WELL_KNOWN.encode() + b"/base/x"], exchange(b"evil.example"))["resource"] == "https://public.example/base/x"


def test_a_request_without_host_gets_no_address() -> None:
    found = resources(plan(route("/a", ("machine", ""))), None)[""]
    assert found.metadata_url(exchange(None)) is None
    refused = Metadata(found).request(exchange(None))
    assert isinstance(refused, Problem)
    assert refused.kind is problems.NO_ROUTE


def test_it_is_only_read() -> None:
    page = Metadata(resources(plan(route("/a", ("machine", ""))), None)[""])
    refused = page.request(exchange(method="POST"))
    assert isinstance(refused, Problem)
    assert refused.headers == ((b"Allow", b"GET, HEAD"),)
    assert isinstance(page.request(exchange(method="HEAD")), Reply)
