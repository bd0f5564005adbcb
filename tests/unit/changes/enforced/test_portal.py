"""What gateway.yaml says of the portal, setting by setting."""

from __future__ import annotations

from typing import Any

import pytest

from specgw.changes.enforced import kinds, portal
from specgw.changes.enforced.side import Enforced
from specgw.plan.model import Edge
from specgw.plan.portal import OwnKeys, Portal, SignIn
from tests.unit.changes.plans import plan

DAY = 86400.0


def signing(**said: Any) -> Portal:
    return Portal(sign_in=SignIn(**{"issuer": "https://id.example", "client_id": "portal", **said}))


def keys(**said: Any) -> Portal:
    return Portal(keys=OwnKeys(**said))


CASES = [
    (Portal(), Portal(enabled=False), "breaking portal-off enabled"),
    (Portal(enabled=False), Portal(), "added portal-on enabled"),
    (Portal(), signing(), "weaker sign-in-begun signIn"),
    (signing(), Portal(), "risky sign-in-ended signIn"),
    (signing(), signing(issuer="https://other.example"), "weaker sign-in-issuer signIn.issuer"),
    (signing(), signing(client_id="other"), "weaker sign-in-client signIn.clientId"),
    (signing(), signing(consumer_from="email"), "weaker sign-in-consumer signIn.consumerFrom"),
    (signing(), signing(scopes=("openid", "email")), "neutral sign-in-scopes signIn.scopes"),
    (signing(), signing(scopes=("openid",)), ""),
    (signing(scopes=("openid", "email")), signing(scopes=("email", "openid")), ""),
    (signing(), signing(client_secret="${S}"), "stronger sign-in-secret-added signIn.clientSecret"),
    (signing(client_secret="${S}"), signing(), "weaker sign-in-secret-removed signIn.clientSecret"),
    (signing(client_secret="${S}"), signing(client_secret="${T}"), "neutral sign-in-secret signIn.clientSecret"),
    (signing(), signing(plain_http=True), "weaker sign-in-plain-allowed signIn.plainHttp"),
    (signing(plain_http=True), signing(), "stronger sign-in-plain-refused signIn.plainHttp"),
    (keys(), keys(most=9), "risky own-keys-fewer keys.most"),
    (keys(), keys(most=11), "added own-keys-more keys.most"),
    (keys(), keys(lifetime=DAY), "risky own-keys-shorter keys.lifetime"),
    (keys(lifetime=2 * DAY), keys(lifetime=DAY), "risky own-keys-shorter keys.lifetime"),
    (keys(lifetime=DAY), keys(lifetime=2 * DAY), "weaker own-keys-longer keys.lifetime"),
    (keys(lifetime=DAY), keys(), "weaker own-keys-longer keys.lifetime"),
    (keys(), keys(scopes=("read",)), "weaker own-keys-stronger keys.scopes"),
    (keys(scopes=("read",)), keys(), "risky own-keys-weaker keys.scopes"),
    (keys(scopes=("read",)), keys(scopes=("write",)), "weaker own-keys-stronger keys.scopes"),
    (keys(roles=("a", "b")), keys(roles=("b", "a")), ""),
    (keys(), keys(roles=("admin",)), "weaker own-keys-stronger keys.roles"),
    (keys(roles=("admin",)), keys(), "risky own-keys-weaker keys.roles"),
]


@pytest.mark.parametrize(("before", "after", "found"), CASES)
def test_one_setting(before: Portal, after: Portal, found: str) -> None:
    changes = list(portal.compare(*(Enforced(plan(edge=Edge(portal=said))) for said in (before, after))))
    shown = [f"{change.grade} {change.code} {change.subject.removeprefix('gateway portal.')}" for change in changes]
    assert shown == ([found] if found else [])
    assert all(change.before != change.after for change in changes)


def test_there_is_a_row_for_every_kind() -> None:
    assert {found.split()[1] for _, _, found in CASES if found} == set(kinds.PORTAL)


def test_every_field_is_compared() -> None:
    """A field that is new has to be compared, and to have a row above."""
    assert Portal.__struct_fields__ == ("enabled", "sign_in", "keys")
    assert SignIn.__struct_fields__ == ("issuer", "client_id", "client_secret", "scopes", "consumer_from", "plain_http")
    assert OwnKeys.__struct_fields__ == ("most", "lifetime", "scopes", "roles")


def test_both_places_are_told() -> None:
    origins = {"gateway": {"portal.keys.most": {"file": "gateway.yaml", "line": 7}}}
    sides = (Enforced(plan(edge=Edge(portal=keys(most=most))), origins) for most in (2, 3))
    [change] = portal.compare(*sides)
    assert [(place.file, place.line) for place in (change.old, change.new) if place] == [("gateway.yaml", 7)] * 2
