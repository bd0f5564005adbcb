"""What all connections of one process share: the active plan, limits, telemetry, and the ticker."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import Callable
from email.utils import formatdate
from time import monotonic, time
from typing import TYPE_CHECKING

from specgw import problems
from specgw.dataplane import forwarded
from specgw.dataplane.connections import Connections
from specgw.dataplane.pace import Pace
from specgw.http1.fields import ORIGIN_CLAIMS
from specgw.plan.model import Edge, Limits
from specgw.policies import certificate
from specgw.policies.auth.attempts import Attempts
from specgw.problems import Problem
from specgw.telemetry.access import AccessLog
from specgw.telemetry.metrics import UNMATCHED, Metrics
from specgw.telemetry.trace import Identities

if TYPE_CHECKING:
    from specgw.dataplane.active import Active
    from specgw.dataplane.answering import Answering
    from specgw.dataplane.listener import Listener
    from specgw.dataplane.passage import Passage
    from specgw.http1 import RequestHead

log = logging.getLogger("specgw.dataplane")

TICK = 0.1
"""Seconds between two looks at deadlines, and the longest that a line waits in the access log's buffer."""

Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]


class Plane:
    """The data plane of one process. `active` is swapped as one reference; everything else belongs to the process."""

    active: Active

    def __init__(self, edge: Edge, *, metrics: Metrics, access_log: AccessLog, identities: Identities) -> None:
        self.metrics = metrics
        self.access_log = access_log
        self.identities = identities
        self.passages: set[Passage] = set()
        self.connections: Connections[Listener] = Connections(metrics)
        self.listeners: set[Listener] = self.connections.open
        self.held = 0
        """Bytes of bodies that are held at the moment."""
        self.draining = False
        self.date = b""
        self.limits: Limits = edge.limits
        self.pace = Pace(edge.limits)
        self.attempts = Attempts(monotonic)
        self._trusted: Networks = ()
        self._on_tick: list[Callable[[], None]] = []
        self._timer: asyncio.TimerHandle | None = None
        self.configure(edge)

    def configure(self, edge: Edge) -> None:
        """Take over what gateway.yaml says about the edge."""
        self.limits, self._trusted = edge.limits, trusted_networks(edge)
        self.pace = Pace(edge.limits)
        self.connections.configure(edge.limits)
        self.attempts.configure(edge.limits.failed_logins)

    def trusts(self, address: str) -> bool:
        """Whether forwarded headers from this peer are believed."""
        if not self._trusted:
            return False
        try:
            peer = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(peer in network for network in self._trusted if network.version == peer.version)

    # Identity of a request

    def identify(self, passage: Answering, listener: Listener) -> None:
        """Give a request its id, its client's address and the fields that tell the service about them."""
        head = passage.head
        if listener.trusted:
            self._identify_forwarded(passage, listener)
            return
        identities = self.identities
        passage.request_id = request_id = identities.request_id()
        passage.trace = trace = identities.trace(head.traceparent)
        passage.client = listener.client
        passage.scheme = listener.scheme
        passage.certificate = listener.certificate
        passage.forwarded = b"%bX-Forwarded-Host: %b\r\nVia: 1.1 specgw\r\nX-Request-Id: %b\r\n%b" % (
            listener.forwarded,
            head.host or b"",
            request_id.encode("ascii"),
            _trace_lines(trace, head),
        )
        if not head.version_1_1:
            passage.forwarded = _said_in_1_0(passage.forwarded)

    def _identify_forwarded(self, passage: Answering, listener: Listener) -> None:
        """The same behind a trusted proxy: its forwarded fields are believed and continued."""
        head = passage.head
        fields: dict[bytes, bytes] = {}
        for name, value in head.headers:
            fields[name] = fields[name] + b", " + value if name in fields else value
        chain = fields.get(b"x-forwarded-for", b"")
        client = forwarded.client(forwarded.hops(fields), self.trusts, listener.client)
        proto = fields.get(b"x-forwarded-proto", b"").lower()
        scheme = proto.decode("latin-1") if proto in (b"http", b"https") else listener.scheme
        passage.request_id = request_id = self.identities.request_id(fields.get(b"x-request-id"))
        passage.trace = trace = self.identities.trace(head.traceparent)
        passage.client = client
        passage.scheme = scheme
        # A certificate of the connection itself is the proxy's own.
        if certificate.FIELD in fields:
            passage.certificate = certificate.vouched(fields[certificate.FIELD])
        own = listener.client.encode("ascii")
        lines = [
            b"X-Forwarded-For: " + (b"%b, %b" % (chain, own) if chain else own),
            b"X-Forwarded-Proto: " + scheme.encode("ascii"),
            b"X-Forwarded-Host: " + (fields.get(b"x-forwarded-host") or head.host or b""),
        ]
        for (name, _), line in zip(head.headers, head.lines, strict=True):
            if name in ORIGIN_CLAIMS or (name.startswith(b"x-forwarded-") and name not in _CONTINUED):
                lines.append(line)
        if b"forwarded" in fields:
            node = b'"[%b]"' % own if b":" in own else own
            lines.append(b"Forwarded: %b, for=%b;proto=%b" % (fields[b"forwarded"], node, listener.scheme.encode("ascii")))
        lines += [b"Via: 1.1 specgw", b"X-Request-Id: " + request_id.encode("ascii"), _trace_lines(trace, head)]
        passage.forwarded = b"\r\n".join(lines)
        if not head.version_1_1:
            passage.forwarded = _said_in_1_0(passage.forwarded)

    def drain(self) -> None:
        """Begin to stop: exchanges go on to their ends, WebSockets, which have none, are told."""
        self.draining = True
        for passage in list(self.passages):
            passage.drain()

    def give_up(self) -> None:
        """End what is in flight: 503 where nothing has been answered yet, a broken connection where it has."""
        for passage in list(self.passages):
            passage.answer(Problem(problems.OVERLOADED, "the gateway is stopping"))
            passage.client_side.flush()
        for listener in list(self.listeners):
            listener.transport.close()

    # Records

    def log(self, passage: Answering, seconds: float) -> None:
        """Write the access log line of an exchange that is over."""
        if not self.access_log.enabled:
            return
        route = passage.route
        problem = passage.problem
        identity = passage.identity
        self.access_log.write(
            passage.request_id,
            passage.client,
            passage.method,
            passage.path,
            passage.status,
            seconds,
            bytes_in=passage.bytes_in,
            bytes_out=passage.bytes_out,
            upstream_seconds=passage.upstream_seconds or None,
            operation_id=None if route is None else route.id,
            service=None if route is None else route.service,
            upstream=passage.upstream,
            problem=None if problem is None else problem.kind.slug,
            consumer=None if identity is None else identity.consumer,
            subject=None if identity is None else identity.subject,
            trace=passage.trace,
            user_agent=passage.head.agent,
            notes=passage.notes,
        )

    def refused(self, listener: Listener, problem: Problem, request_id: str) -> None:
        """Count and log a request that could not be read."""
        self.metrics.problem(problem.kind.slug)
        self.metrics.meter(UNMATCHED, "OTHER").observe(problem.status, 0.0)
        self.access_log.write(request_id, listener.client, "-", b"-", problem.status, 0.0, problem=problem.kind.slug)

    def log_fault(self) -> None:
        """Log the exception under way: a defect of our own."""
        log.exception("a connection failed inside the gateway")

    # Time

    def on_tick(self, call: Callable[[], None]) -> None:
        """Have something called at every tick."""
        self._on_tick.append(call)

    def start(self) -> None:
        """Start the ticker on the running loop."""
        self._tick()

    def stop(self) -> None:
        """Stop the ticker and write out what the access log holds."""
        if self._timer is not None:
            self._timer.cancel()
        self.access_log.flush()

    def _tick(self) -> None:
        # Armed first: whatever goes wrong below, deadlines go on being watched.
        self._timer = asyncio.get_running_loop().call_later(TICK, self._tick)
        now = monotonic()
        self.date = formatdate(time(), usegmt=True).encode("ascii")
        for passage in [passage for passage in self.passages if passage.deadline < now]:
            try:
                passage.expire(now)
            except Exception:
                passage.fault()
        connections = self.connections
        for listener in [listener for listener, taking in connections.slow.items() if taking.too_slow(self.pace, now)]:
            try:
                listener.let_go()
            except Exception:
                self.log_fault()
        for listener in [listener for listener in connections.due() if listener.exchange is None]:
            try:
                listener.check_time(now)
            except Exception:
                self.log_fault()
                listener.transport.abort()
        for call in self._on_tick:
            call()
        self.access_log.flush()


# Written anew behind a trusted proxy; its other X-Forwarded-… fields go on as they came.
_CONTINUED = frozenset((b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host"))


def trusted_networks(edge: Edge) -> Networks:
    """The networks of trusted proxies; raises ValueError for what is none."""
    return tuple(ipaddress.ip_network(cidr, strict=False) for cidr in edge.trusted_proxies)


def _said_in_1_0(forwarded: bytes) -> bytes:
    """The same for a request in HTTP/1.0: Via names the version it came in (RFC 9110 section 7.6.3), and there may be no Host."""
    forwarded = forwarded.replace(b"\r\nVia: 1.1 specgw\r\n", b"\r\nVia: 1.0 specgw\r\n")
    return forwarded.replace(b"X-Forwarded-Host: \r\n", b"")


def _trace_lines(trace: str, head: RequestHead) -> bytes:
    """The trace context for the service (W3C Trace Context section 3.3: tracestate only with the traceparent it came with)."""
    line = b"traceparent: %b\r\n" % trace.encode("ascii")
    if head.tracestate and head.traceparent is not None and line[16:48] == head.traceparent[3:35]:
        return line + head.tracestate
    return line
