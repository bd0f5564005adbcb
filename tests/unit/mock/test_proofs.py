from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import Any

import httpx
import pytest
from cryptography import x509

from specgw.mock import proofs
from specgw.mock.credentials import KEYS, NAMES, PASSWORDS
from specgw.plan.model import Scheme
from specgw.policies.auth.base import Identity, Refusal
from specgw.policies.auth.challenges import challenge
from specgw.policies.certificate import Shown
from tests.unit.mock.conftest import exchange

IDENTITIES = {name: Identity("s", name) for name in NAMES}


def scheme(kind: Any, http_scheme: str | None = None) -> Scheme:
    said = proofs.DIGEST if http_scheme == "digest" else {}
    return Scheme(name="s", service="pets", kind=kind, type="t", http_scheme=http_scheme, challenge=said)


def verdict(made: Scheme, value: str | bytes, **more: Any) -> Any:
    verifier = proofs.verifier(made, IDENTITIES, dict(zip(NAMES, PASSWORDS, strict=True)), dict(zip(KEYS, NAMES, strict=True)))
    assert verifier is not None
    field = b"client-cert" if made.kind == "mutualTLS" else b"authorization"
    asked = exchange(headers=[(field, value if isinstance(value, bytes) else value.encode())] if value else [], **more)
    return verifier.verify(asked)


DIGEST = scheme("other", "digest")


def answered(user: str, password: str, url: str = "http://a/a?b=c", algorithm: str = "SHA-256") -> str:
    """What httpx sends after a challenge."""
    text = challenge(DIGEST, None).decode().replace("SHA-256", algorithm)
    flow = httpx.DigestAuth(user, password).auth_flow(httpx.Request("GET", url))
    request = next(flow)
    request = flow.send(httpx.Response(401, headers={"WWW-Authenticate": text}, request=request))
    return str(request.headers["Authorization"])


@pytest.mark.parametrize("algorithm", ["SHA-256", "MD5", "SHA-256-sess", "MD5-sess"])
def test_digest_as_a_client_makes_it(algorithm: str) -> None:
    for name, password in zip(NAMES, PASSWORDS, strict=True):
        found = verdict(DIGEST, answered(name, password, algorithm=algorithm), query=b"b=c")
        assert isinstance(found, Identity)
        assert found.subject == name


def test_digest_for_something_else_is_refused() -> None:
    good = answered(NAMES[0], PASSWORDS[0])
    assert isinstance(verdict(DIGEST, good), Refusal)  # another query
    assert isinstance(verdict(DIGEST, good, query=b"b=c", method="POST"), Refusal)
    assert isinstance(verdict(DIGEST, good.replace('realm="pets"', 'realm="dogs"'), query=b"b=c"), Refusal)
    assert isinstance(verdict(DIGEST, good.replace(proofs.NONCE, "other"), query=b"b=c"), Refusal)
    for user, password in ((NAMES[0], PASSWORDS[1]), ("nobody", ""), ("nobody", PASSWORDS[0])):
        assert isinstance(verdict(DIGEST, answered(user, password), query=b"b=c"), Refusal)


def test_digest_without_qop_is_that_of_rfc_2069() -> None:
    def hashed(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()

    response = hashed(f"{hashed(f'{NAMES[0]}:pets:{PASSWORDS[0]}')}:{proofs.NONCE}:{hashed('GET:/a')}")
    said = f'Digest username="{NAMES[0]}", realm="pets", nonce="{proofs.NONCE}", uri="/a", response="{response}"'
    assert isinstance(verdict(DIGEST, said), Identity)


@pytest.mark.parametrize(
    "said",
    [
        b"Digest ",
        b"Digest username", b'Digest username="a', b'Digest a=1, a=2', b'Digest username="a", realm="pets"', b"Digest \xff=\xff",
        b'Digest username="sandbox-1", realm="pets", nonce="specgw-sandbox", uri="/a", response="x", algorithm=SHA-512',
        b'Digest username="sandbox-1", realm="pets", nonce="specgw-sandbox", uri="/a", response="x", qop=auth-int, nc=1, cnonce=1',
        b'Digest username="sandbox-1", realm="pets", nonce="specgw-sandbox", uri="/a", response="x", qop=auth',
        b'Digest username="sandbox-1", realm="pets", nonce="specgw-sandbox", uri="/a", response="x", algorithm=MD5-sess',
        b'Digest username="sandbox-1", realm="pets", nonce="specgw-sandbox", uri="/a", response="\xff"',
    ],
)  # fmt: skip
def test_digest_that_cannot_be_right(said: bytes) -> None:
    assert isinstance(verdict(DIGEST, said), Refusal)


def test_a_certificate_is_shown_in_a_field_or_in_a_handshake() -> None:
    known = proofs.certificates(NAMES)
    for name, der in known.items():
        line = proofs.certificate_line(der).removeprefix("Client-Cert: ")
        found = verdict(scheme("mutualTLS"), line)
        assert isinstance(found, Identity)
        assert found.subject == name
        assert x509.load_der_x509_certificate(der).subject.rfc4514_string() == f"CN={name}"
    proofs.certificates.cache_clear()
    assert proofs.certificates(NAMES) == known
    shown = exchange()
    shown.certificate = Shown(known[NAMES[1]])
    verifier = proofs.verifier(scheme("mutualTLS"), IDENTITIES, {}, {})
    assert verifier is not None
    assert verifier.verify(shown) == IDENTITIES[NAMES[1]]
    assert isinstance(verdict(scheme("mutualTLS"), f":{b64encode(b'other').decode()}:"), Refusal)
    assert isinstance(verdict(scheme("mutualTLS"), "anything"), Refusal)
    assert verdict(scheme("mutualTLS"), "") is None


def test_any_other_scheme_takes_a_word() -> None:
    hoba = scheme("other", "hoba")
    assert verdict(hoba, f"HOBA {KEYS[1]}") == IDENTITIES[NAMES[1]]
    assert isinstance(verdict(hoba, "HOBA result=1"), Refusal)
    assert verdict(hoba, f"Bearer {KEYS[1]}") is None
    assert verdict(hoba, "") is None


def test_the_gateways_own_verifiers_do_the_rest() -> None:
    assert proofs.verifier(scheme("basic", "basic"), IDENTITIES, {}, {}) is None
