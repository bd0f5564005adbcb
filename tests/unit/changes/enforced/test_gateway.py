"""What gateway.yaml says of every request."""

from __future__ import annotations

import pytest

from specgw.changes.enforced import gateway, kinds
from specgw.changes.enforced.side import Enforced
from specgw.plan.model import Edge, KeyPair, Limits, Listen, Tls
from tests.unit.changes.plans import plan

TLS = Listen(tls=Tls(certificates=(KeyPair(cert="c.pem", key="k.pem"),)))
CASES = [
    (Edge(), Edge(listen=Listen(port=9090)), "breaking address gateway listen"),
    (Edge(), Edge(listen=TLS), "breaking tls-on gateway listen.tls"),
    (Edge(listen=TLS), Edge(), "weaker tls-off gateway listen.tls"),
    (Edge(), Edge(admin=Listen(host="0.0.0.0", port=9901)), "weaker admin-opened gateway admin"),
    (Edge(), Edge(admin=Listen(host="${ADMIN}", port=9901)), "weaker admin-opened gateway admin"),
    (Edge(), Edge(admin=Listen(port=9902)), "neutral admin-address gateway admin"),
    (Edge(admin=Listen(host="10.0.0.1")), Edge(admin=Listen()), "neutral admin-address gateway admin"),
    (Edge(admin=Listen()), Edge(admin=TLS), "stronger admin-tls-on gateway admin.tls"),
    (Edge(admin=TLS), Edge(admin=Listen()), "weaker admin-tls-off gateway admin.tls"),
    (Edge(fallback="legacy"), Edge(), "breaking fallback-ended gateway fallback"),
    (Edge(), Edge(limits=Limits(headers=1000)), "breaking edge-limit-lowered gateway limits.headers"),
    (Edge(), Edge(limits=Limits(header_count=1000)), "added edge-limit-raised gateway limits.headerCount"),
    (Edge(), Edge(limits=Limits(request_line=99)), "breaking edge-limit-lowered gateway limits.requestLine"),
    (Edge(), Edge(limits=Limits(idle=5.0)), "risky edge-pace-stricter gateway limits.idle"),
    (Edge(), Edge(limits=Limits(connections_per_ip=9000)), "added edge-pace-looser gateway limits.connectionsPerIp"),
    (Edge(), Edge(limits=Limits(body_rate=1000)), "risky edge-pace-stricter gateway limits.bodyRate"),
    (Edge(), Edge(limits=Limits(answer_rate=0)), "added edge-pace-looser gateway limits.answerRate"),
]


@pytest.mark.parametrize(("before", "after", "found"), CASES)
def test_one_setting(before: Edge, after: Edge, found: str) -> None:
    [change] = gateway.compare(Enforced(plan(edge=before)), Enforced(plan(edge=after)))
    assert f"{change.grade} {change.code} {change.subject}" == found
    assert change.before != change.after


def test_there_is_a_row_for_every_kind() -> None:
    assert {found.split()[1] for _, _, found in CASES} == set(kinds.GATEWAY)


def test_where_it_is_said_how_clients_reach_it_the_port_is_nobody_s_business() -> None:
    known = Edge(listen=Listen(public_url="https://api.example"))
    assert (
        list(
            gateway.compare(
                Enforced(plan(edge=known)), Enforced(plan(edge=Edge(listen=Listen(port=9, public_url=known.listen.public_url))))
            )
        )
        == []
    )


def test_every_limit_is_compared_here_or_elsewhere() -> None:
    """`failed_logins` is about protection; how long a gateway that stops waits is nothing that clients could count on."""
    assert set(Limits.__struct_fields__) == {*gateway.LIMITS, *gateway.PACES, "failed_logins", "drain"}
