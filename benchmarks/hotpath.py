"""What one request costs inside the process: the real data plane between two transports that only keep what is written.

    python -m benchmarks.hotpath              µs per request for each kind of route, least of several runs
    python -m benchmarks.hotpath --functions  the functions that a POST with everything on spends its time in

No socket, no kernel: what is left is the project's own part of `benchmarks.gateways`, and repeatable enough to compare
two versions of the code on a machine that does other things besides. With `--write` the table goes into
docs/performance.md.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import logging
import math
import platform
import pstats
import sys
import timeit
from collections.abc import Callable
from functools import partial
from time import process_time, time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec.structs import replace
from uvicorn.config import Config
from uvicorn.server import ServerState

from benchmarks.pages import write
from specgw.dataplane import activation
from specgw.dataplane.listener import Listener
from specgw.dataplane.plane import Plane
from specgw.plan.model import (
    Body,
    Content,
    Edge,
    Limits,
    Origin,
    Parameter,
    Plan,
    Route,
    Scheme,
    SecurityScheme,
    Shape,
    Target,
    Telemetry,
    Upstream,
    UpstreamChoice,
    Validate,
)
from specgw.policies.auth.base import Introspection, Services
from specgw.policies.auth.jwk import Key
from specgw.telemetry.access import AccessLog
from specgw.telemetry.metrics import Metrics
from specgw.telemetry.trace import Identities
from specgw.upstreams.connection import Connection

BODY = b'{"name":"Ada Lovelace","email":"ada@example.org","age":36,"tags":["maths","engines"]}'
PERSON = b'{"id":7,"name":"Ada Lovelace","email":"ada@example.org","age":36,"tags":["maths","engines"]}'
ANSWER = (
    b"HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Wed, 01 Jan 2025 00:00:00 GMT\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\nConnection: keep-alive\r\n\r\n%b" % (len(PERSON), PERSON)
)
GET = b"GET /people/7?fields=name HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n"
POST = (
    b"POST /people HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
)
ROUNDS = 200

URI = "request:/people.yaml"
SCHEMAS = {
    URI: {
        "id": {"type": "integer", "minimum": 1},
        "fields": {"type": "string", "maxLength": 50},
        "person": {
            "type": "object",
            "required": ["name", "email"],
            "additionalProperties": False,
            "properties": {
                "name": {"type": "string", "minLength": 1, "maxLength": 80},
                "email": {"type": "string", "format": "email"},
                "age": {"type": "integer", "minimum": 0},
                "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 10},
            },
        },
    }
}


LOGIN = Scheme(
    name="login",
    service="people",
    kind="token",
    type="openIdConnect",
    http_scheme="bearer",
    issuer="https://id.example",
    audience=("https://api.example",),
)


def route(method: str, path: str, **more: Any) -> Route:
    """A route of the small API to the one service."""
    upstreams = (UpstreamChoice(upstream="people"),)
    origin = Origin(file="people.yaml", line=1)
    return Route(
        id=f"{method} {path}", service="people", method=method, path=path, document_path=path, origin=origin, upstreams=upstreams, **more
    )


ROUTES = (
    route(
        "GET",
        "/people/{id}",
        parameters=(
            Parameter(name="id", location="path", style="simple", required=True, shape=Shape(types=("integer",)), schema=f"{URI}#/id"),
            Parameter(name="fields", location="query", style="form", shape=Shape(types=("string",)), schema=f"{URI}#/fields"),
        ),
    ),
    route(
        "POST",
        "/people",
        body=Body(required=True, content=(Content(media_range="application/json", kind="json", schema=f"{URI}#/person"),)),
    ),
)
PROTECTED = tuple(replace(one, security=((SecurityScheme(name="login", scheme="login", scopes=("people",)),),)) for one in ROUTES)
KEPT = tuple(replace(one, security=((SecurityScheme(name="kept", scheme="kept", scopes=("people",)),),)) for one in ROUTES)
FORWARDED = tuple(replace(one, validate=Validate(request="off")) for one in ROUTES)

KINDS = (
    ("forwards: reads, matches, names the client, sends on, answers, counts", FORWARDED, "off"),
    ("and writes the access log", FORWARDED, "/dev/null"),
    ("and validates parameters and bodies", ROUTES, "/dev/null"),
    ("and knows a bearer token again that it has verified", KEPT, "/dev/null"),
    ("and takes it out of what the service gets", PROTECTED, "/dev/null"),
)
"""What is measured, each with one piece more than the one before."""


class Kept(asyncio.Transport):
    """A transport that keeps the last piece written; `then` is called with it."""

    def __init__(self, then: Callable[[], None] | None = None) -> None:
        super().__init__()
        self.written = b""
        self._then = then

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep it."""
        self.written = bytes(data) if type(data) is not bytes else data
        if self._then is not None:
            self._then()

    def is_closing(self) -> bool:
        """Never."""
        return False

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """The peer's address, and nothing else."""
        return ("127.0.0.1", 50000) if name == "peername" else default

    def get_write_buffer_size(self) -> int:
        """Nothing waits."""
        return 0


class Issuer:
    """Keys of one issuer that never change, and a token that it signed (ES256)."""

    issuer = "https://id.example"
    generation = 1

    def __init__(self) -> None:
        private = ec.generate_private_key(ec.SECP256R1())
        claims = {"iss": self.issuer, "aud": "https://api.example", "sub": "ada", "scope": "people", "exp": int(time()) + 3600}
        self.token = jwt.encode(claims, private, algorithm="ES256", headers={"kid": "1"}).encode()
        self._keys = (Key("1", frozenset(("ES256",)), private.public_key()),)

    def find(self, kid: str | None, algorithm: str) -> tuple[Key, ...]:
        """The one key."""
        return self._keys

    def keys_of(self, scheme: Scheme) -> Issuer:
        """Itself."""
        return self

    def introspection_of(self, scheme: Scheme) -> Introspection:
        """Nobody is asked."""
        raise LookupError(scheme.name)


class Rig:
    """A data plane with one client and one connection to the service."""

    def __init__(self, routes: tuple[Route, ...], access_log: str) -> None:
        plan = Plan(
            edge=Edge(telemetry=Telemetry(access_log=access_log), limits=Limits(connection_requests=sys.maxsize)),
            routes=routes,
            schemes={"login": LOGIN, "kept": replace(LOGIN, forward="keep")},
            schemas=SCHEMAS,
            upstreams={"people": Upstream(name="people", targets=(Target(url="http://127.0.0.1:1"),))},
        )
        metrics = Metrics("0")
        self.plane = Plane(plan.edge, metrics=metrics, access_log=AccessLog(access_log), identities=Identities())
        self.plane.date = b"Wed, 01 Jan 2025 00:00:00 GMT"
        self.plane.active = asyncio.run(activation.build(plan, metrics, generation=1, services=self._services(routes)))
        endpoint = self.plane.active.upstreams["people"].endpoints[0]
        self.service = Connection(endpoint)
        self.service.connection_made(Kept())
        endpoint.connections = 1
        endpoint.free(self.service)
        self.client = Kept()
        self.listener = Listener.bound_to(self.plane)(Config(app=_nobody), ServerState(), {})
        self.listener.connection_made(self.client)

    def _services(self, routes: tuple[Route, ...]) -> Services:
        issuer = Issuer()
        self._token = b"Authorization: Bearer %b\r\n\r\n" % issuer.token if routes is PROTECTED or routes is KEPT else None
        return Services(issuers=issuer)

    def written(self, request: bytes) -> bytes:
        """The request as this rig's client sends it: with a token where one is asked for."""
        head, _, body = request.partition(b"\r\n\r\n")
        return request if self._token is None else head + b"\r\n" + self._token + body

    def exchange(self, request: bytes) -> None:
        """One request from the client's bytes to the answer's bytes."""
        self.listener.data_received(request)
        self.service.data_received(ANSWER)

    def prove(self, request: bytes) -> None:
        """Make sure that what is measured is a request that was forwarded and answered."""
        self.exchange(request)
        assert self.client.written.startswith(b"HTTP/1.1 200 OK"), self.client.written


async def _nobody(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("nothing here is answered by the application")


def microseconds(rigs: list[Rig], calls: int) -> list[tuple[float, float]]:
    """The least of some rounds for a GET and a POST of each rig: all of them in turn, so that the machine's moods meet them all."""
    requests = [(rig, rig.written(request)) for rig in rigs for request in (GET, POST)]
    for rig, request in requests:
        rig.prove(request)
    least = [math.inf] * len(requests)
    for _ in range(ROUNDS):
        for number, (rig, request) in enumerate(requests):
            seconds = timeit.timeit(partial(rig.exchange, request), timer=process_time, number=calls)
            least[number] = min(least[number], seconds / calls * 1e6)
    return list(zip(least[::2], least[1::2], strict=True))


def functions(rig: Rig, request: bytes, calls: int) -> None:
    """Print where the time goes, by function. Profiling itself costs: read shares, not µs."""
    request = rig.written(request)
    rig.prove(request)
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(calls):
        rig.exchange(request)
    profile.disable()
    pstats.Stats(profile).strip_dirs().sort_stats("tottime").print_stats(28)


def table(calls: int) -> str:
    """What each piece adds, as a Markdown table: every line has what the one above it has."""
    lines = ["| | GET µs | POST µs |", "|---|---|---|"]
    before: tuple[float, float] | None = None
    measured = microseconds([Rig(routes, access_log) for _, routes, access_log in KINDS], calls)
    for (name, _, _), (get, post) in zip(KINDS, measured, strict=True):
        more = "" if before is None else f" (+{get - before[0]:.1f}, +{post - before[1]:.1f})"
        lines.append(f"| {name}{more} | {get:.1f} | {post:.1f} |")
        before = get, post
    lines += ["", f"Least of {ROUNDS} runs of {calls:,} requests; CPU time; Python {platform.python_version()}."]
    return "\n".join(lines)


def main() -> None:
    """Print the table, or the functions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--functions", action="store_true", help="profile a POST with everything on")
    parser.add_argument("--calls", type=int, default=200, help="requests of each run")
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if arguments.functions:
        functions(Rig(PROTECTED, "/dev/null"), POST, max(arguments.calls, 10_000))
        return
    text = table(arguments.calls)
    print(text)
    if arguments.write:
        write(text, "hotpath", "python -m benchmarks.hotpath --write")


if __name__ == "__main__":
    main()
