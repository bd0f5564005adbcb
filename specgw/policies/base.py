"""What a policy is, and the Exchange that it sees.

A policy is built once for each Route at activation, by its `build` function in `order.py`, and only where the Route
uses it. It opens nothing: clock, stores and clients are handed to it. At each stage it returns nothing to go on, a
`Problem` or `Reply` to answer, or an awaitable of these when it must wait.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Literal, Protocol

from specgw.http import Headers
from specgw.plan.model import Route
from specgw.policies.certificate import Shown
from specgw.policies.identity import Identity
from specgw.problems import Problem, Violation


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the gateway itself that is not a problem. Framing headers are added when it is written."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    spoiled: Literal["reset", "slow"] | None = None
    """How it goes wrong on the wire, where that is wanted (`mock.faults`)."""


Answer = Problem | Reply
Outcome = Answer | Awaitable[Answer | None] | None


class Exchange:
    """One request on its way and its response. Mutable, belongs to one connection, made once for each request.

    Policies may change `headers`, `query`, `response_headers` and set `holds_body`, `holds_response` or `identity`;
    everything else is read-only for them.
    """

    __slots__ = (
        "body",
        "by_cookie",
        "certificate",
        "client",
        "headers",
        "holds_body",
        "holds_response",
        "identity",
        "lines",
        "media_type",
        "method",
        "notes",
        "path",
        "path_values",
        "query",
        "request_id",
        "response_body",
        "response_headers",
        "response_lines",
        "route",
        "scheme",
        "started",
        "status",
        "upstream",
        "violations",
    )

    upgrades = False
    """Whether it asks to go on as a WebSocket, where its route has them. Never with HTTP/1.0 (RFC 9110 section 7.8)."""
    method: str
    path: bytes
    """Its path, raw: percent-escapes untouched."""
    query: bytes | None
    """Its query, raw, without "?"; None when there is no "?"."""
    headers: Headers
    """Request fields as (lower-case name, value), in order."""
    lines: list[bytes]
    """The same fields as they came, `Name: value`, in step with `headers`. Neither list is changed in place."""
    client: str
    """Address of the client (of the connection, or from a trusted proxy)."""
    scheme: str
    by_cookie: bool
    """Whether a cookie is what was verified, or a part of it: browsers send cookies whichever page asked."""
    certificate: Shown | None
    """What the client has shown of itself in the handshake, here or at a trusted proxy."""
    identity: Identity | None
    """Who calls, once verified; None where nobody asks, or where nobody had to say."""
    route: Route | None
    """None for what no route matches."""
    path_values: dict[str, str]
    """Raw path parameter values by name: still percent-encoded."""
    request_id: str
    started: float
    """Monotonic seconds when the head was complete."""
    holds_body: bool
    """Set by a policy in `request`: it needs the whole body; `body` is bytes when the `body` stage runs."""
    body: bytes | None
    """The whole body with content codings removed (what `Content-Encoding` named), or None while it is streamed."""
    holds_response: bool
    response_body: bytes | None
    status: int
    response_headers: Headers
    response_lines: list[bytes]
    upstream: str | None
    media_type: object
    """Left by the validator between its stages: the Content entry that covers the request body."""
    violations: list[Violation]
    """What was found but not answered: `report` modes, or parameters while the body is awaited."""
    notes: dict[str, object]
    """Further members for the access log line."""


class Policy(Protocol):
    """A policy has one or more of these stages; the pipeline takes those that are not None.

    `request` runs once the request's head is read, `body` once the held body is whole, `response` at the head of the
    upstream's answer, `response_body` once a held response body is whole.
    """

    def request(self, exchange: Exchange) -> Outcome:
        """The head of the request is there; the body may be under way."""

    def body(self, exchange: Exchange) -> Outcome:
        """The held body is whole. Only called when `holds_body` was set."""

    def response(self, exchange: Exchange) -> Outcome:
        """Status and fields of the upstream's answer are there."""

    def response_body(self, exchange: Exchange) -> Outcome:
        """The held response body is whole. Only called when `holds_response` was set."""
