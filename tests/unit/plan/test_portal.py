from __future__ import annotations

import msgspec

from specgw.plan.portal import OwnKeys, Portal, SignIn


def test_what_a_portal_does_is_written_and_read_again() -> None:
    portal = Portal(
        sign_in=SignIn(issuer="${ISSUER}", client_id="portal", client_secret="${SECRET}", scopes=("openid",), consumer_from="email"),
        keys=OwnKeys(most=3, lifetime=86400.0, scopes=("read",), roles=("reader",)),
    )
    assert msgspec.json.decode(msgspec.json.encode(portal), type=Portal) == portal


def test_what_is_usual_is_not_written() -> None:
    assert msgspec.json.encode(Portal()) == b"{}"
