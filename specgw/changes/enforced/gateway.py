"""What gateway.yaml says of every request, as clients notice it. Whom it believes and lets in is compared by `changes.edge`."""

from __future__ import annotations

import math
from collections.abc import Iterator

from specgw.changes.change import GATEWAY, Change
from specgw.changes.enforced import kinds
from specgw.changes.enforced.side import Enforced
from specgw.plan.model import Edge, Limits, Listen
from specgw.policies.auth.addresses import loopback

LIMITS = {"request_line": "requestLine", "headers": "headers", "header_count": "headerCount"}
"""Beyond which a request is refused whatever else it does."""
PACES = {
    "header_time": ("headerTime", True),
    "idle": ("idle", True),
    "connections": ("connections", True),
    "connections_per_ip": ("connectionsPerIp", True),
    "connection_requests": ("connectionRequests", True),
    "body_rate": ("bodyRate", False),
    "answer_rate": ("answerRate", False),
    "rate_grace": ("rateGrace", True),
    "buffered_bytes": ("bufferedBytes", True),
}
"""How many and how slow clients may be; whether less is stricter."""


def compare(old: Enforced, new: Enforced) -> Iterator[Change]:
    """Differences of what counts for every request."""
    before, after = old.plan.edge, new.plan.edge
    for code, setting, was, now in (*_listening(before, after), *_limits(before.limits, after.limits)):
        kind = kinds.GATEWAY[code]
        yield Change(
            grade=kind.grade,
            code=code,
            subject=f"{GATEWAY} {setting}",
            message=f"{kind.effect}: {was} before, {now} now",
            before=was,
            after=now,
            old=old.gateway(setting),
            new=new.gateway(setting),
        )


def _listening(old: Edge, new: Edge) -> Iterator[tuple[str, str, str, str]]:
    was, now = old.listen, new.listen
    # Where it is said how clients reach it, that counts, and is compared in the documents.
    if (was.host, was.port) != (now.host, now.port) and was.public_url is None and now.public_url is None:
        yield "address", "listen", f"{was.host}:{was.port}", f"{now.host}:{now.port}"
    if (was.tls is None) != (now.tls is None):
        yield ("tls-on", "listen.tls", "off", "on") if was.tls is None else ("tls-off", "listen.tls", "on", "off")
    yield from _operators(old.admin, new.admin)
    if old.fallback is not None and new.fallback is None:
        yield "fallback-ended", "fallback", old.fallback, "none"


def _operators(old: Listen, new: Listen) -> Iterator[tuple[str, str, str, str]]:
    """Who reaches what is for operators alone."""
    if (old.host, old.port) != (new.host, new.port):
        opened = old.host != new.host and not loopback(new.host)
        yield "admin-opened" if opened else "admin-address", "admin", f"{old.host}:{old.port}", f"{new.host}:{new.port}"
    if (old.tls is None) != (new.tls is None):
        yield ("admin-tls-on", "admin.tls", "off", "on") if old.tls is None else ("admin-tls-off", "admin.tls", "on", "off")


def _limits(old: Limits, new: Limits) -> Iterator[tuple[str, str, str, str]]:
    for name, key in LIMITS.items():
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            yield f"edge-limit-{'lowered' if now < was else 'raised'}", f"limits.{key}", str(was), str(now)
    for name, (key, less) in PACES.items():
        was, now = _number(old, name), _number(new, name)
        if was != now:
            yield f"edge-pace-{'stricter' if (now < was) == less else 'looser'}", f"limits.{key}", f"{was:g}", f"{now:g}"


def _number(limits: Limits, name: str) -> float:
    value = getattr(limits, name)
    if value is None:
        return limits.connections / 4  # `connectionsPerIp`: a quarter of all
    # No rate at all is the loosest one there is.
    return -math.inf if value == 0 and name in ("body_rate", "answer_rate") else value
