"""An issuer of tokens for tests: keys of every kind, their set, and tokens right and wrong.

Signatures are made by cryptography directly, never by the code under test.
"""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

ISSUER = "https://issuer.example"
AUDIENCE = "https://api.example"
NOW = 1_800_000_000
"""The time at which tests happen."""
SECRET = b"a secret of sixty-four bytes, which is what HS512 asks for: 64!!"

HASHES: dict[str, hashes.HashAlgorithm] = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
CURVES: dict[str, tuple[str, ec.EllipticCurve, int]] = {
    "ES256": ("P-256", ec.SECP256R1(), 32),
    "ES384": ("P-384", ec.SECP384R1(), 48),
    "ES512": ("P-521", ec.SECP521R1(), 66),
}


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key(algorithm: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(CURVES[algorithm][1])


@cache
def ed25519_key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


@cache
def ed448_key() -> ed448.Ed448PrivateKey:
    return ed448.Ed448PrivateKey.generate()


def b64(data: bytes | dict[str, Any] | str) -> bytes:
    """base64url without padding; of an object, of its JSON."""
    if isinstance(data, dict):
        data = json.dumps(data).encode()
    return urlsafe_b64encode(data.encode() if isinstance(data, str) else data).rstrip(b"=")


def number(value: int, size: int | None = None) -> str:
    return b64(value.to_bytes(size or (value.bit_length() + 7) // 8)).decode()


def rsa_jwk(key: rsa.RSAPrivateKey, **more: Any) -> dict[str, Any]:
    numbers = key.public_key().public_numbers()
    return {"kty": "RSA", "kid": "rsa", "n": number(numbers.n), "e": number(numbers.e), **more}


def ec_jwk(algorithm: str, **more: Any) -> dict[str, Any]:
    name, _, size = CURVES[algorithm]
    numbers = ec_key(algorithm).public_key().public_numbers()
    return {"kty": "EC", "kid": algorithm.lower(), "crv": name, "x": number(numbers.x, size), "y": number(numbers.y, size), **more}


def ed_jwk(key: ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey, kid: str, **more: Any) -> dict[str, Any]:
    curve = "Ed25519" if isinstance(key, ed25519.Ed25519PrivateKey) else "Ed448"
    return {"kty": "OKP", "kid": kid, "crv": curve, "x": b64(key.public_key().public_bytes_raw()).decode(), **more}


def oct_jwk(secret: bytes = SECRET, **more: Any) -> dict[str, Any]:
    return {"kty": "oct", "kid": "oct", "k": b64(secret).decode(), **more}


def published() -> list[dict[str, Any]]:
    """The public keys of the issuer."""
    return [
        rsa_jwk(rsa_key()),
        *(ec_jwk(algorithm) for algorithm in CURVES),
        ed_jwk(ed25519_key(), "ed25519"),
        ed_jwk(ed448_key(), "ed448"),
    ]


def set_of(*keys: dict[str, Any]) -> bytes:
    return json.dumps({"keys": list(keys or published())}).encode()


KIDS = {"RS": "rsa", "PS": "rsa", "HS": "oct"}


def kid_of(algorithm: str) -> str:
    """The key id of the key that signs with an algorithm."""
    return "ed25519" if algorithm == "EdDSA" else KIDS.get(algorithm[:2], algorithm.lower())


def signature(algorithm: str, signed: bytes, key: Any = None) -> bytes:
    """The signature of the issuer's key for the algorithm, or of another one."""
    kind, size = algorithm[:2], algorithm[2:]
    made: bytes
    if kind == "RS":
        made = (key or rsa_key()).sign(signed, padding.PKCS1v15(), HASHES[size])
    elif kind == "PS":
        pss = padding.PSS(padding.MGF1(HASHES[size]), HASHES[size].digest_size)
        made = (key or rsa_key()).sign(signed, pss, HASHES[size])
    elif kind == "ES":
        key = key or ec_key(algorithm)
        width = (key.curve.key_size + 7) // 8
        made = b"".join(value.to_bytes(width) for value in decode_dss_signature(key.sign(signed, ec.ECDSA(HASHES[size]))))
    elif kind == "HS":
        made = hmac.digest(key or SECRET, signed, f"sha{size}")
    else:
        made = (key or ed25519_key()).sign(signed)
    return made


def claims(**changed: Any) -> dict[str, Any]:
    """Claims that are accepted; None takes one away."""
    members = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ada", "iat": NOW - 10, "exp": NOW + 600, "scope": "read write", **changed}
    return {name: value for name, value in members.items() if value is not None}


def token(
    algorithm: str = "RS256",
    *,
    header: dict[str, Any] | bytes | None = None,
    payload: dict[str, Any] | bytes | None = None,
    key: Any = None,
    **changed: Any,
) -> bytes:
    """A token, correctly signed. `header` is merged over what is usual (or replaces it, as bytes); further names are claims."""
    if not isinstance(header, bytes):
        usual = {"alg": algorithm, "typ": "JWT", "kid": kid_of(algorithm), **(header or {})}
        header = json.dumps({name: value for name, value in usual.items() if value is not None}).encode()
    if payload is None:
        payload = claims(**changed)
    signed = b64(header) + b"." + b64(payload)
    return signed + b"." + b64(signature(algorithm, signed, key))


def parts(text: bytes) -> tuple[bytes, bytes, bytes]:
    header, payload, signed = text.split(b".")
    return header, payload, signed
