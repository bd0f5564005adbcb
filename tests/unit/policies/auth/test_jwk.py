from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from specgw.policies.auth.jwk import MOST, TRIED, KeySet, Unusable, read_key, read_set, secret_key
from tests.unit.policies.auth.issuing import (
    SECRET,
    b64,
    ec_jwk,
    ed25519_key,
    ed_jwk,
    number,
    oct_jwk,
    published,
    rsa_jwk,
    rsa_key,
    set_of,
)


def algorithms(entry: dict[str, Any]) -> set[str]:
    return set(read_key(entry, secrets=True).algorithms)


def test_type_and_curve_say_what_a_key_verifies() -> None:
    assert algorithms(rsa_jwk(rsa_key())) == {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}
    assert [algorithms(ec_jwk(name)) for name in ("ES256", "ES384", "ES512")] == [{"ES256"}, {"ES384"}, {"ES512"}]
    assert algorithms(ed_jwk(ed25519_key(), "e")) == {"EdDSA"}
    assert algorithms(oct_jwk()) == {"HS256", "HS384", "HS512"}


def test_alg_narrows_what_a_key_verifies() -> None:
    assert algorithms(rsa_jwk(rsa_key(), alg="PS384", use="sig", key_ops=["verify"])) == {"PS384"}


LEFT_OUT: list[tuple[Callable[[], object], str]] = [
    (lambda: "RSA", "not a JSON object"),
    (lambda: rsa_jwk(rsa_key(), kid=1), "'kid' is not text"),
    (lambda: rsa_jwk(rsa_key(), use="enc"), "not for signatures"),
    (lambda: rsa_jwk(rsa_key(), use=None), "not for signatures"),
    (lambda: rsa_jwk(rsa_key(), key_ops=["encrypt", "wrapKey"]), "not for verifying"),
    (lambda: rsa_jwk(rsa_key(), key_ops="verify"), "not for verifying"),
    (lambda: rsa_jwk(rsa_key(), alg="ES256"), "'alg' does not fit"),
    (lambda: rsa_jwk(rsa_key(), alg="RSA-OAEP"), "'alg' does not fit"),
    (lambda: rsa_jwk(rsa_key(), alg=["RS256"]), "'alg' does not fit"),
    (lambda: rsa_jwk(rsa_key(), alg="none"), "'alg' does not fit"),
    (lambda: rsa_jwk(rsa_key(), d="AQAB"), "private part"),
    (lambda: rsa_jwk(rsa_key(1024)), "2048 to 8192 bits"),
    (lambda: rsa_jwk(rsa_key()) | {"e": "AQ"}, "no valid RSA key"),
    (lambda: rsa_jwk(rsa_key()) | {"e": "Ag"}, "no valid RSA key"),
    (lambda: rsa_jwk(rsa_key()) | {"e": number(1 << 32 | 1)}, "no valid RSA key"),
    (lambda: rsa_jwk(rsa_key()) | {"n": None}, "no valid RSA key"),
    (lambda: rsa_jwk(rsa_key()) | {"n": rsa_jwk(rsa_key())["n"] + "="}, "no valid RSA key"),
    (lambda: ec_jwk("ES256") | {"crv": "secp256k1"}, "no valid EC key"),
    (lambda: ec_jwk("ES256") | {"crv": "P-384"}, "no valid EC key"),
    (lambda: ec_jwk("ES256") | {"crv": ["P-256"]}, "no valid EC key"),
    (lambda: ec_jwk("ES256") | {"y": number(1, 32)}, "no valid EC key"),
    (lambda: ec_jwk("ES256") | {"x": number(0, 32), "y": number(0, 32)}, "no valid EC key"),
    (lambda: ec_jwk("ES256", d="AQAB"), "private part"),
    (lambda: ed_jwk(ed25519_key(), "e") | {"crv": "X25519"}, "no valid OKP key"),
    (lambda: ed_jwk(ed25519_key(), "e") | {"x": b64(b"x" * 31).decode()}, "no valid OKP key"),
    (lambda: {"kty": "oct", "k": b64(b"x" * 31).decode()}, "at least 32 bytes"),
    (lambda: {"kty": "oct"}, "no valid oct key"),
    (lambda: {"kty": "none"}, "verify nothing"),
    (lambda: {"kty": None}, "verify nothing"),
    (lambda: {"kty": ["RSA"]}, "verify nothing"),
    (lambda: {}, "verify nothing"),
]


@pytest.mark.parametrize("number", range(len(LEFT_OUT)))
def test_keys_that_are_left_out(number: int) -> None:
    make, reason = LEFT_OUT[number]
    with pytest.raises(Unusable, match=reason):
        read_key(make(), secrets=True)


def test_a_secret_is_none_when_it_comes_over_the_network() -> None:
    read = read_set(set_of(oct_jwk(), rsa_jwk(rsa_key())), secrets=False)
    assert [key.kid for key in read.keys] == ["rsa"]
    assert read.left_out == ("key 1: a secret that came over the network is none",)


def test_public_keys_as_text_are_no_secrets() -> None:
    public = rsa_key().public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for text in (pem, b"\n" + pem, public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)):
        with pytest.raises(Unusable, match="no secret"):
            secret_key(text)


def test_a_secret_serves_hashes_up_to_its_own_length() -> None:
    assert secret_key(SECRET[:32]).algorithms == {"HS256"}
    assert secret_key(SECRET[:63]).algorithms == {"HS256", "HS384"}
    assert secret_key(SECRET).algorithms == {"HS256", "HS384", "HS512"}


def test_no_key_shows_itself() -> None:
    assert SECRET.decode() not in repr(secret_key(SECRET))


def test_the_good_keys_of_a_set_stay() -> None:
    read = read_set(set_of({"kty": "dsa"}, *published(), rsa_jwk(rsa_key(), use="enc")), secrets=False)
    assert [key.kid for key in read.keys] == ["rsa", "es256", "es384", "es512", "ed25519", "ed448"]
    assert [reason.partition(":")[0] for reason in read.left_out] == ["key 1", "key 8"]


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"keys": {}}', b'{"keys": [], "keys": []}', b"<html>"])
def test_what_is_no_set(text: bytes) -> None:
    with pytest.raises(Unusable):
        read_set(text, secrets=True)


def test_a_set_is_bounded() -> None:
    read = read_set(json.dumps({"keys": [ec_jwk("ES256")] * (MOST + 1)}).encode(), secrets=False)
    assert len(read.keys) == MOST
    assert len(read.left_out) == 1


def test_candidates_are_those_with_the_key_id_and_few_without() -> None:
    keys = read_set(set_of(*[rsa_jwk(rsa_key(), kid=f"k{number}") for number in range(9)]), secrets=False)
    assert [key.kid for key in keys.candidates("k7", "RS256")] == ["k7"]
    assert len(keys.candidates(None, "RS256")) == TRIED
    nameless = read_set(set_of(rsa_jwk(rsa_key(), kid="k1"), rsa_jwk(rsa_key(), kid=None)), secrets=False)
    assert [key.kid for key in nameless.candidates("k1", "RS256")] == ["k1"]
    assert [key.kid for key in nameless.candidates("k2", "RS256")] == [None], "it may be anybody's"
    assert keys.candidates("k7", "ES256") == keys.candidates("k9", "RS256") == KeySet().candidates(None, "RS256") == ()
