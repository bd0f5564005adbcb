from __future__ import annotations

from specgw.plan.model import Scheme
from specgw.policies.auth.base import Identity, Refusal, Services
from specgw.policies.auth.presence import build, build_nothing
from specgw.policies.base import Exchange

SCHEME = Scheme(name="digest", service="users", kind="other", type="http digest", http_scheme="digest")


def exchange(*values: bytes) -> Exchange:
    made = Exchange()
    made.headers = [(b"authorization", value) for value in values]
    return made


def test_presence_is_asked_for_and_nothing_else() -> None:
    verifier = build(SCHEME, Services())
    assert verifier.verify(exchange(b"Digest whatever")) == Identity("digest", "")
    assert verifier.verify(exchange(b"Bearer token")) is None
    assert isinstance(verifier.verify(exchange(b"Digest a", b"Digest b")), Refusal)


def test_where_nothing_can_be_verified_everything_is_refused() -> None:
    verifier = build_nothing(SCHEME, Services())
    refused = verifier.verify(exchange(b"Digest secret"))
    assert isinstance(refused, Refusal)
    assert "secret" not in refused.reason
    assert verifier.verify(exchange()) is None
