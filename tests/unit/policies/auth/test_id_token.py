"""ID tokens: each rule of OpenID Connect Core 1.0 section 3.1.3.7, broken on its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any

import pytest

from specgw.policies.auth import id_token
from specgw.policies.auth.base import SignatureKey, Unavailable
from specgw.policies.auth.compact import Unacceptable
from specgw.policies.auth.jwk import KeySet, read_set
from tests.unit.policies.auth.issuing import ISSUER, NOW, SECRET, ec_key, oct_jwk, published, set_of, token


class Keys:
    """Those of the issuer, at once or after a moment; or none that were ever had."""

    issuer = ISSUER
    generation = 1

    def __init__(self, known: KeySet | None, *, late: bool = False) -> None:
        self.known = known
        self.late = late

    def find(self, kid: str | None, algorithm: str) -> Sequence[SignatureKey] | Awaitable[Sequence[SignatureKey]]:
        if self.known is None:
            raise Unavailable("none")
        found = self.known.candidates(kid, algorithm)
        return self._later(found) if self.late else found

    async def _later(self, found: Sequence[SignatureKey]) -> Sequence[SignatureKey]:
        return found


def keys(*, late: bool = False) -> Keys:
    return Keys(read_set(set_of(*published(), oct_jwk()), secrets=True), late=late)


def verified(text: bytes, known: Keys | None = None) -> Any:
    return asyncio.run(id_token.verified(text, known or keys(), issuer=ISSUER, client="portal", nonce="n-1", now=NOW))


def made(algorithm: str = "RS256", **changed: Any) -> bytes:
    return token(algorithm, **{"aud": "portal", "nonce": "n-1", "scope": None, **changed})


@pytest.mark.parametrize("algorithm", ["RS256", "PS384", "ES256", "EdDSA"])
@pytest.mark.parametrize("late", [False, True])
def test_a_right_one_says_who_has_signed_in(algorithm: str, late: bool) -> None:
    assert verified(made(algorithm), keys(late=late))["sub"] == "ada"


@pytest.mark.parametrize(
    "claims", [{"aud": ["portal"]}, {"aud": ["portal", "other"], "azp": "portal"}, {"azp": "portal"}, {"sub": "x" * 255}]
)
def test_what_else_is_right(claims: dict[str, Any]) -> None:
    assert verified(made(**claims))["nonce"] == "n-1"


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"iss": "https://other.example"}, "comes from another issuer"),
        ({"iss": ISSUER + "/"}, "comes from another issuer"),
        ({"iss": None}, "comes from another issuer"),
        ({"aud": "other"}, "meant for another audience"),
        ({"aud": None}, "meant for another audience"),
        ({"aud": ["portal", "other"]}, "issued to another party"),
        ({"aud": ["portal", "other"], "azp": "other"}, "issued to another party"),
        ({"azp": "other"}, "issued to another party"),
        ({"azp": 1}, "issued to another party"),
        ({"exp": NOW - 31}, "has expired"),
        ({"exp": None}, "does not say when it expires"),
        ({"iat": NOW + 31}, "issued in the future"),
        ({"iat": None}, "does not say when it was issued"),
        ({"nbf": NOW + 31}, "not valid yet"),
        ({"nonce": "n-2"}, "answers another request"),
        ({"nonce": None}, "answers another request"),
        ({"nonce": 1}, "answers another request"),
        ({"sub": None}, "does not say who"),
        ({"sub": ""}, "does not say who"),
        ({"sub": "x" * 256}, "does not say who"),
        ({"sub": 7}, "is not text"),
        ({"cnf": {"jkt": "x"}}, "bound to a key"),
    ],
)
def test_each_rule_is_kept(claims: dict[str, Any], words: str) -> None:
    with pytest.raises(Unacceptable, match=words):
        verified(made(**claims))


def test_a_secret_verifies_nothing_here() -> None:
    with pytest.raises(Unacceptable, match="algorithm that is not accepted"):
        verified(made("HS256", key=SECRET))


def test_somebody_elses_signature_is_none() -> None:
    from cryptography.hazmat.primitives.asymmetric import ec

    assert verified(made("ES256", key=ec_key("ES256")))
    with pytest.raises(Unacceptable, match="signature is not valid"):
        verified(made("ES256", key=ec.generate_private_key(ec.SECP256R1())))
    with pytest.raises(Unacceptable, match="signature is not valid"):
        verified(made(header={"kid": "unknown"}))


def test_without_keys_nobody_can_say() -> None:
    with pytest.raises(Unavailable):
        verified(made(), Keys(None))
