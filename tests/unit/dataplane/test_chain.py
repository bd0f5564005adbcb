"""What is sent to the service for a route: path, query and fields, and to which upstream."""

from __future__ import annotations

import pytest

from specgw.dataplane.chain import retirement
from specgw.plan.model import Conditions, Edits, Rewrite, Target, Upstream, UpstreamChoice
from specgw.policies.edits import build_query, build_request_fields
from tests.unit.dataplane.stage import OK, answering, play, route, stage


def sent_for(request_line: str, fields: str = "", **more: object) -> bytes:
    """The head that the service gets for a request to a route."""
    heads: list[bytes] = []

    async def scene() -> None:
        async with stage(answering(OK, heads), route(**more)) as on:  # type: ignore[arg-type]
            client = await on.client()
            client.send(f"GET {request_line} HTTP/1.1\r\nHost: x\r\n{fields}\r\n".encode())
            await client.answer()

    play(scene)
    return heads[0]


@pytest.mark.parametrize(
    ("public", "document", "rewrite", "asked", "sent"),
    [
        ("/users/{id}", "/users/{id}", None, "/users/7", b"/users/7"),
        ("/api/users/{id}", "/users/{id}", None, "/api/users/a%2Cb", b"/users/a%2Cb"),
        ("/api/v1/users", "/users", None, "/api/v1/users?x=%20", b"/users?x=%20"),
        ("/api/users", "/users", None, "/%61pi/users", b"/users"),
        ("/api/", "/", None, "/api/", b"/"),
        ("/api/users/{id}", "/users/{id}", Rewrite(prefix="/v2"), "/api/users/7", b"/v2/users/7"),
        ("/api/users/{id}", "/users/{id}", Rewrite(template="/inner/{id}/get"), "/api/users/a%20b", b"/inner/a%20b/get"),
        ("/a/{x}-{y}", "/a/{x}-{y}", Rewrite(template="/{y}/{x}"), "/a/1-2", b"/2/1"),
        ("/café", "/café", None, "/caf%C3%A9", b"/caf%C3%A9"),
    ],
)
def test_the_path_sent_upstream(public: str, document: str, rewrite: Rewrite | None, asked: str, sent: bytes) -> None:
    head = sent_for(asked, path=public, document_path=document, rewrite=rewrite)
    assert head.split(b" ")[1] == sent


def test_what_follows_a_prefix_follows_the_rewritten_one_too() -> None:
    more = {"path": "/files/{bucket}", "document_path": "/files/{bucket}", "path_match": "prefix"}
    assert sent_for("/files/b/one/two", **more).split(b" ")[1] == b"/files/b/one/two"
    rewritten = sent_for("/files/b/one/two", rewrite=Rewrite(template="/store/{bucket}"), **more)
    assert rewritten.split(b" ")[1] == b"/store/b/one/two"


def test_the_endpoints_base_path_stands_before_the_documents_path() -> None:
    async def scene() -> None:
        heads: list[bytes] = []
        async with stage(answering(OK, heads), route(path="/api/users", document_path="/users")) as on:
            on.gateway.plane.active.upstreams["service"].endpoints[0].base_path = b"/base"
            client = await on.client()
            client.send(b"GET /api/users HTTP/1.1\r\nHost: x\r\n\r\n")
            await client.answer()
        assert heads[0].startswith(b"GET /base/users HTTP/1.1\r\n")

    play(scene)


def test_the_first_upstream_whose_conditions_hold_is_taken() -> None:
    async def scene() -> None:
        choices = (
            UpstreamChoice(upstream="nowhere", conditions=Conditions(headers={"x-tenant": "b"})),
            UpstreamChoice(upstream="nowhere", conditions=Conditions(query={"beta": None})),
            UpstreamChoice(upstream="service"),
        )
        async with stage(
            answering(OK), route(upstreams=choices), upstreams=(Upstream(name="nowhere", targets=(Target(url="http://127.0.0.1:1"),)),)
        ) as on:
            client = await on.client()
            for fields, query, status in (("", "", 200), ("X-Tenant: b\r\n", "", 502), ("", "?beta", 502), ("X-Tenant: c\r\n", "", 200)):
                client.send(f"GET /things{query} HTTP/1.1\r\nHost: x\r\n{fields}\r\n".encode())
                assert (await client.answer()).startswith(b"HTTP/1.1 %d " % status)

    play(scene)


def test_edited_fields_are_sent_and_those_of_the_hop_still_are_not() -> None:
    edits = Edits(set={"X-Team": "blue"}, remove=("Cookie",), rename={"X-Old": "X-New"})
    head = sent_for("/things", "Cookie: a=b\r\nX-Old: 1\r\nTE: trailers\r\nX-Forwarded-For: 6.6.6.6\r\n", request_headers=edits)
    assert b"\r\nX-Team: blue\r\n" in head
    assert b"\r\nX-New: 1\r\n" in head
    assert b"Cookie" not in head
    assert b"TE:" not in head
    assert head.count(b"\r\nHost:") == 1
    assert b"6.6.6.6" not in head


def test_edits_are_made_only_where_a_route_has_them() -> None:
    assert build_request_fields(route()) is None
    assert build_query(route()) is None


def test_the_upstream_is_chosen_by_what_the_client_sent_not_by_what_the_service_gets() -> None:
    async def scene() -> None:
        choices = (
            UpstreamChoice(upstream="service", conditions=Conditions(headers={"x-tenant": "b"}, query={"beta": None})),
            UpstreamChoice(upstream="nowhere"),
        )
        nowhere = Upstream(name="nowhere", targets=(Target(url="http://127.0.0.1:1"),))
        edited = route(upstreams=choices, request_headers=Edits(remove=("X-Tenant",)), request_query=Edits(remove=("beta",)))
        heads: list[bytes] = []
        async with stage(answering(OK, heads), edited, upstreams=(nowhere,)) as on:
            client = await on.client()
            client.send(b"GET /things?beta=1 HTTP/1.1\r\nHost: x\r\nX-Tenant: b\r\n\r\n")
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")
        assert heads[0].startswith(b"GET /things HTTP/1.1\r\n")
        assert b"X-Tenant" not in heads[0]

    play(scene)


@pytest.mark.parametrize(
    ("edits", "lines"),
    [
        (None, b""),
        (Edits(set={"X-A": "1"}, remove=("Server",)), b""),
        (Edits(set={"Deprecation": "@0", "Sunset": "a day"}), b"Deprecation: @0\r\nSunset: a day\r\n"),
        (Edits(add={"link": ('</b>; rel="successor-version"', '</help>; rel="help"')}), b'link: </b>; rel="successor-version"\r\n'),
    ],
)
def test_what_problems_say_of_an_operation_that_goes(edits: Edits | None, lines: bytes) -> None:
    assert retirement(route(response_headers=edits)) == lines
    assert retirement(None) == b""
