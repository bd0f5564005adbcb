"""gateway.yaml: what counts for every request."""

from __future__ import annotations

import pytest

from specgw.changes import edge
from specgw.changes.enforced.side import Enforced
from specgw.plan.model import Consumer, Edge, FailedLogins, KeyPair, Limits, Listen, Tls
from tests.unit.changes.plans import plan


def listen(authority: str | None) -> Listen:
    return Listen(tls=Tls(certificates=(KeyPair(cert="c.pem", key="k.pem"),), client_ca=authority))


def guesses(limit: FailedLogins | None) -> Edge:
    return Edge(limits=Limits(failed_logins=limit))


@pytest.mark.parametrize(
    ("before", "after", "code", "grade"),
    [
        (Edge(), Edge(fallback="legacy"), "fallback", "weaker"),
        (Edge(fallback="legacy"), Edge(), "fallback", "stronger"),
        (Edge(), guesses(None), "failed-logins", "weaker"),
        (Edge(), guesses(FailedLogins(count=40)), "failed-logins", "weaker"),
        (Edge(), guesses(FailedLogins(count=20, window=1.0)), "failed-logins", "weaker"),
        (Edge(), guesses(FailedLogins(count=5)), "failed-logins", "stronger"),
        (guesses(None), Edge(), "failed-logins", "stronger"),
        (Edge(), Edge(trusted_proxies=("10.0.0.0/8",)), "trusted-proxies", "weaker"),
        (Edge(trusted_proxies=("10.0.0.0/8",)), Edge(trusted_proxies=("10.1.0.0/16",)), "trusted-proxies", "stronger"),
        (Edge(trusted_proxies=("10.1.0.0/16",)), Edge(trusted_proxies=("10.0.0.0/8",)), "trusted-proxies", "weaker"),
        (Edge(trusted_proxies=("fd00::/8",)), Edge(trusted_proxies=("fd00::/8", "10.0.0.1/32")), "trusted-proxies", "weaker"),
        (Edge(trusted_proxies=("fd00::/8",)), Edge(trusted_proxies=("fd00::/8", "fd01::/16")), "trusted-proxies", "neutral"),
        (Edge(listen=listen("ca.pem")), Edge(listen=listen(None)), "client-certificates", "weaker"),
        (Edge(listen=listen("ca.pem")), Edge(listen=Listen()), "client-certificates", "weaker"),
        (Edge(listen=listen("ca.pem")), Edge(listen=listen("other.pem")), "client-certificates", "weaker"),
        (Edge(admin=listen(None)), Edge(admin=listen("ca.pem")), "client-certificates", "stronger"),
        (Edge(), Edge(consumers={"shop": Consumer(roles=("admin",))}), "consumer-roles", "weaker"),
        (Edge(consumers={"shop": Consumer(roles=("admin",))}), Edge(), "consumer-roles", "stronger"),
        (Edge(consumers={"shop": Consumer()}), Edge(consumers={"shop": Consumer(keys=("sha256:ab",))}), "consumer-keys", "weaker"),
        (Edge(consumers={"shop": Consumer(keys=("sha256:ab",))}), Edge(), "consumer-keys", "stronger"),
    ],
)
def test_one_difference(before: Edge, after: Edge, code: str, grade: str) -> None:
    [change] = edge.compare(Enforced(plan(edge=before)), Enforced(plan(edge=after)))
    assert (change.code, change.grade) == (code, grade)
    assert "sha256" not in change.message + change.before + change.after


def test_where_gateway_yaml_says_it() -> None:
    known = {"gateway": {"limits.failedLogins": {"file": "gateway.yaml", "line": 4}, "consumers.shop": {"file": "gateway.yaml", "line": 9}}}
    new = Edge(limits=Limits(failed_logins=None), consumers={"shop": Consumer(roles=("admin",))})
    found = edge.compare(Enforced(plan()), Enforced(plan(edge=new), known))
    assert {change.code: (change.old, change.new and change.new.line) for change in found} == {
        "failed-logins": (None, 4),
        "consumer-roles": (None, 9),
    }


def test_another_fallback_is_no_change_of_protection() -> None:
    assert list(edge.compare(Enforced(plan(edge=Edge(fallback="a"))), Enforced(plan(edge=Edge(fallback="b"))))) == []
