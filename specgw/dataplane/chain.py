"""What one Route does with each request, put together once at activation.

A Chain holds the stages of the Route's policies in their order, the Route's limits as plain numbers, and how its
request is written to the service. Nothing of the Route is looked up or interpreted while a request is under way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from specgw.http1 import block_of, passed_on
from specgw.plan.conditions import Predicate, predicate
from specgw.plan.model import Origin, Route
from specgw.policies.base import Answer, Exchange, Outcome
from specgw.telemetry.metrics import UNMATCHED, Meter, Metrics
from specgw.upstreams.endpoint import Endpoint
from specgw.upstreams.upstream import Upstream

if TYPE_CHECKING:
    from specgw.dataplane.passage import Passage
    from specgw.http1 import RequestHead

Stage = Callable[[Exchange], Outcome]

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
NO_LIMIT = 1 << 62


class Chain:
    """One Route at work; see the module. `route` is None for what no route matches."""

    __slots__ = (
        "_choices",
        "_meters",
        "_metrics",
        "_path",
        "body",
        "connect",
        "declares_body",
        "idle",
        "max_body",
        "max_response",
        "operation",
        "request",
        "response",
        "response_body",
        "response_enforced",
        "response_time",
        "retirement",
        "route",
        "substitute",
        "total",
        "websocket",
    )

    def __init__(
        self,
        route: Route | None,
        policies: Iterable[Any],
        upstreams: Iterable[tuple[Predicate | None, Upstream]],
        metrics: Metrics,
        *,
        operation: str,
        substitute: Stage | None = None,
    ) -> None:
        """`substitute` answers where the service does not."""
        stages = list(policies)
        self.route = route
        self.operation = operation
        self.substitute = substitute
        self.request = _stages(stages, "request")
        self.body = _stages(stages, "body")
        # The way back is the way in reversed: what changed the request last sees the answer first.
        self.response = _stages(reversed(stages), "response")
        self.response_body = _stages(reversed(stages), "response_body")
        shape = route or _NOBODY
        self.connect = shape.timeout.connect
        self.response_time = shape.timeout.response
        self.total = shape.timeout.total
        self.idle = shape.timeout.idle
        self.websocket = shape.websocket
        self.declares_body = shape.body is not None
        self.max_body = shape.max_body if route is not None else NO_LIMIT
        self.max_response = shape.max_response
        self.retirement = retirement(route)
        self.response_enforced = shape.validate.response == "enforce"
        self._choices = tuple(upstreams)
        self._path = upstream_path(shape)
        self._metrics = metrics
        self._meters: dict[str, Meter] = {}

    def meter(self, method: str) -> Meter:
        """Where requests with this method are counted."""
        meter = self._meters.get(method)
        if meter is None:
            meter = self._metrics.meter(self.operation, method)
            if len(self._meters) < 32:
                self._meters[method] = meter
        return meter

    def choose(self, head: RequestHead) -> Upstream | None:
        """The first upstream whose conditions hold for the request as the client sent it: edits change nothing here."""
        for condition, upstream in self._choices:
            if condition is None or condition.holds(head.headers, head.query):
                return upstream
        return None

    def request_head(self, passage: Passage, endpoint: Endpoint) -> bytes:
        """The request line and fields for the service, up to the framing: the last line ends with CRLF."""
        head = passage.head
        path = self._path(passage, endpoint)
        query = passage.query
        if query is not None:
            path = b"%b?%b" % (path, query)
        # Policies replace the lists of fields when they edit them; usually they have not.
        block = head.passed_on_block if passage.lines is head.lines else block_of(passed_on(head, passage.lines))
        return b"%b %b HTTP/1.1\r\nHost: %b\r\n%b%b" % (head.method.encode("ascii"), path, endpoint.authority, block, passage.forwarded)


def local(answer: Answer, metrics: Metrics, operation: str = UNMATCHED) -> Chain:
    """A chain that gives the same answer to every request."""
    return Chain(None, [_Local(answer)], (), metrics, operation=operation)


def routed(
    route: Route, policies: Iterable[Any], upstreams: dict[str, Upstream], metrics: Metrics, substitute: Stage | None = None
) -> Chain:
    """The chain of a route of the Plan, with its upstreams by name."""
    choices = [(predicate(choice.conditions) if choice.conditions else None, upstreams[choice.upstream]) for choice in route.upstreams]
    return Chain(route, policies, choices, metrics, operation=route.id, substitute=substitute)


class _Local:
    """The policy of a chain that always answers the same."""

    __slots__ = ("_answer",)

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def request(self, exchange: Exchange) -> Answer:
        return self._answer


def retirement(route: Route | None) -> bytes:
    """The field lines by which answers say that an operation goes, for those that the gateway gives instead of the service.

    A client whose requests are refused wants to know it, too. What the service answers gets them by the edits that they are from.
    """
    edits = route.response_headers if route is not None else None
    if edits is None:
        return b""
    said = [(name, value) for name, value in edits.set.items() if name.lower() in ("deprecation", "sunset")]
    links = [(name, value) for name, values in edits.add.items() if name.lower() == "link" for value in values]
    # RFC 5829 section 3.4
    said += [(name, value) for name, value in links if 'rel="successor-version"' in value]
    return b"".join(f"{name}: {value}\r\n".encode() for name, value in said)


def _stages(policies: Iterable[Any], name: str) -> tuple[Stage, ...]:
    return tuple(stage for stage in (getattr(policy, name, None) for policy in policies) if stage is not None)


_NOBODY = Route(id="", service="", method="*", path="/", document_path="/", origin=Origin(file="", line=0))


class Asked(Protocol):
    """What of a request decides the path sent upstream."""

    @property
    def path(self) -> bytes:
        """As received, without the query."""

    @property
    def path_values(self) -> dict[str, str]:
        """Raw values by parameter name."""

    @property
    def remainder(self) -> str | None:
        """What follows the template, where a prefix matched."""


class Based(Protocol):
    """What of an endpoint decides it."""

    @property
    def base_path(self) -> bytes:
        """The path of its URL."""


def upstream_path(route: Route) -> Callable[[Asked, Based], bytes]:
    """How the path sent upstream is made from the path received: raw bytes in, raw bytes out."""
    document = _document_part(route)
    rewrite = route.rewrite
    if rewrite is not None and rewrite.template is not None:
        pieces = _PLACEHOLDER.split(rewrite.template)
        literals = [quote(piece, safe="/:@!$&'()*+,;=~%").encode("ascii") for piece in pieces[::2]]
        names = pieces[1::2]

        def filled(passage: Asked, endpoint: Based) -> bytes:
            parts = [literals[0]]
            for name, literal in zip(names, literals[1:], strict=True):
                parts.append(passage.path_values[name].encode("latin-1"))
                parts.append(literal)
            if passage.remainder:
                parts.append(passage.remainder.encode("latin-1"))
            return b"".join(parts)

        return filled
    if rewrite is not None and rewrite.prefix is not None:
        prefix = quote(rewrite.prefix.rstrip("/"), safe="/:@!$&'()*+,;=~%").encode("ascii")
        return lambda passage, endpoint: prefix + document(passage.path)
    return lambda passage, endpoint: endpoint.base_path + document(passage.path)


def _document_part(route: Route) -> Callable[[bytes], bytes]:
    """Takes the public prefix (mount and version) off a raw path: whole segments, however they were escaped."""
    prefix = route.path.removesuffix(route.document_path).rstrip("/")
    if not prefix:
        return lambda path: path
    encoded = quote(prefix, safe="/:@!$&'()*+,;=~%").encode("ascii") + b"/"
    cut = len(encoded) - 1
    segments = prefix.count("/")

    def document(path: bytes) -> bytes:
        if path.startswith(encoded):
            return path[cut:]
        # The same prefix with other escapes, e.g. %61 for a: it has as many segments.
        return b"/" + path.split(b"/", segments + 1)[-1] if path.count(b"/") > segments else b"/"

    return document
