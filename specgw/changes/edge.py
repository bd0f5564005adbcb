"""What the gateway as a whole believes and passes on: gateway.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network, ip_network

from specgw.changes.change import GATEWAY, Change, Grade
from specgw.changes.enforced.side import Enforced
from specgw.changes.measure import accepted
from specgw.plan.model import FailedLogins, Listen, Plan

_PLACES = {"fallback": "fallback", "trusted-proxies": "trustedProxies", "failed-logins": "limits.failedLogins"}
"""Where gateway.yaml says what a change is about, by its code; of others it follows from the subject."""


def compare(old: Enforced, new: Enforced) -> Iterator[Change]:
    """Differences of what counts for every request."""
    for change in _compare(old.plan, new.plan):
        what, _, name = change.subject.partition(" ")
        setting = _PLACES.get(change.code) or (f"consumers.{name}" if what == "consumer" else f"{name}.tls")
        yield replace(change, old=old.gateway(setting), new=new.gateway(setting))


def _compare(old: Plan, new: Plan) -> Iterator[Change]:
    before, after = old.edge, new.edge
    if before.fallback != after.fallback and (before.fallback is None or after.fallback is None):
        opened = before.fallback is None
        message = "requests that no route matches are passed on, without credentials" if opened else "what no route matches is 404"
        grade: Grade = "weaker" if opened else "stronger"
        yield _change(grade, "fallback", message, before.fallback, after.fallback)
    yield from _proxies(before.trusted_proxies, after.trusted_proxies)
    for name, was, now in (("listen", before.listen, after.listen), ("admin", before.admin, after.admin)):
        yield from _clients(name, was, now)
    yield from _guesses(before.limits.failed_logins, after.limits.failed_logins)
    yield from _consumers(old, new)


def _proxies(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Change]:
    """Whose word about clients is believed."""
    before, after = _networks(old), _networks(new)
    if before == after:
        return
    grade: Grade = "weaker" if any(not _within(network, before) for network in after) else "stronger"
    grade = "neutral" if grade == "stronger" and all(_within(network, after) for network in before) else grade
    shown = tuple(", ".join(sorted(map(str, networks))) or "none" for networks in (before, after))
    yield _change(grade, "trusted-proxies", f"forwarded fields are believed from: {shown[0]} before, {shown[1]} now", *shown)


def _clients(name: str, old: Listen, new: Listen) -> Iterator[Change]:
    before, after = (listen.tls and listen.tls.client_ca for listen in (old, new))
    if before == after:
        return
    grade: Grade = "stronger" if before is None else "weaker"
    message = f"certificates that clients of `{name}` need: of {before or 'nobody'} before, of {after or 'nobody'} now"
    yield _change(grade, "client-certificates", message, before, after, subject=f"{GATEWAY} {name}")


def _guesses(old: FailedLogins | None, new: FailedLogins | None) -> Iterator[Change]:
    """How often somebody may guess."""
    if old == new:
        return
    more = new is None or (old is not None and (new.count > old.count or new.count / new.window > old.count / old.window))
    shown = tuple("any number" if limit is None else f"{limit.count} in {limit.window:g} s" for limit in (old, new))
    message = f"wrong credentials from one address: {shown[0]} before, {shown[1]} now"
    yield _change("weaker" if more else "stronger", "failed-logins", message, *shown)


def _consumers(old: Plan, new: Plan) -> Iterator[Change]:
    for name in sorted(old.edge.consumers.keys() | new.edge.consumers.keys()):
        before, after = old.edge.consumers.get(name), new.edge.consumers.get(name)
        subject = f"consumer {name}"
        roles = tuple(consumer.roles if consumer else () for consumer in (before, after))
        yield from accepted(*roles, subject=subject, code="consumer-roles", what="roles")
        keys = tuple(consumer.keys if consumer else () for consumer in (before, after))
        if set(keys[0]) != set(keys[1]):
            more = bool(set(keys[1]) - set(keys[0]))
            message = "development keys: " + ("others are accepted" if more else "fewer are accepted")
            yield _change("weaker" if more else "stronger", "consumer-keys", message, len(keys[0]), len(keys[1]), subject=subject)


def _networks(cidrs: tuple[str, ...]) -> set[IPv4Network | IPv6Network]:
    return {ip_network(cidr, strict=False) for cidr in cidrs}


def _within(network: IPv4Network | IPv6Network, others: set[IPv4Network | IPv6Network]) -> bool:
    for other in others:
        if isinstance(network, IPv4Network) and isinstance(other, IPv4Network) and network.subnet_of(other):
            return True
        if isinstance(network, IPv6Network) and isinstance(other, IPv6Network) and network.subnet_of(other):
            return True
    return False


def _change(grade: Grade, code: str, message: str, before: object, after: object, *, subject: str = GATEWAY) -> Change:
    return Change(grade=grade, code=code, subject=subject, message=message, before=str(before or "none"), after=str(after or "none"))
