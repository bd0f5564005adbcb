"""Keys of issuers: JSON Web Keys (RFC 7517) that may verify signatures, and the sets they come in.

A key that cannot be used safely is left out of its set, with the reason; the others stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from specgw.policies.auth import compact
from specgw.policies.auth.algorithms import EDDSA, ELLIPTIC, PUBLIC, SECRET, VERIFY
from specgw.policies.auth.compact import Unacceptable

MOST = 100
"""Keys of one set; further ones are left out."""
TRIED = 4
"""Keys that one token may be tried with, where its key id does not single one out."""
SMALLEST_RSA, LARGEST_RSA = 2048, 8192
"""Bits. RFC 7518 section 3.3 asks for 2048 or more; beyond 8192 a signature costs milliseconds."""

_PRIVATE = ("d", "p", "q", "dp", "dq", "qi", "oth")
_CURVES: dict[str, tuple[ec.EllipticCurve, int]] = {
    "P-256": (ec.SECP256R1(), 32),
    "P-384": (ec.SECP384R1(), 48),
    "P-521": (ec.SECP521R1(), 66),
}


class Unusable(Exception):
    """A key is left out; the text says why, and shows nothing of it but its type."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key that verifies: what it is made for, and the key itself in the form that the algorithms take."""

    kid: str | None
    algorithms: frozenset[str]
    """What it may verify: as its type and curve allow, narrowed by its `alg`."""
    material: Any = field(repr=False)

    def verifies(self, algorithm: str, signed: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's, over these bytes."""
        return bool(VERIFY[algorithm].verify(signed, self.material, signature))


@dataclass(frozen=True, slots=True)
class KeySet:
    """The keys of one issuer as they were read together, and why others were left out."""

    keys: tuple[Key, ...] = ()
    left_out: tuple[str, ...] = ()

    def candidates(self, kid: str | None, algorithm: str) -> tuple[Key, ...]:
        """The keys that may have made a signature: with the token's key id, or else those without one.

        Where the token names none (RFC 7515 section 4.1.4 leaves that open), all that fit.
        """
        fitting = [key for key in self.keys if algorithm in key.algorithms]
        if kid is not None:
            fitting = [key for key in fitting if key.kid == kid] or [key for key in fitting if key.kid is None]
        return tuple(fitting[:TRIED])


def read_set(text: bytes, *, secrets: bool) -> KeySet:
    """A JWK Set (RFC 7517 section 5). Symmetric keys only where `secrets` are expected: in a file, never from the network.

    Raises Unusable for what is no set at all.
    """
    try:
        members = compact.json_object(text, "key set")
    except Unacceptable:
        raise Unusable("the answer is not a JSON object that everybody reads alike") from None
    entries = members.get("keys")
    if not isinstance(entries, list):
        raise Unusable("there is no list 'keys' in it")
    keys: list[Key] = []
    left_out: list[str] = []
    for number, entry in enumerate(entries):
        try:
            if number >= MOST:
                raise Unusable(f"a set has at most {MOST} keys here")
            keys.append(read_key(entry, secrets=secrets))
        except Unusable as reason:
            left_out.append(f"key {number + 1}: {reason}")
    return KeySet(tuple(keys), tuple(left_out))


def read_key(entry: object, *, secrets: bool) -> Key:
    """One JWK; raises Unusable."""
    if not isinstance(entry, dict):
        raise Unusable("not a JSON object")
    kid = entry.get("kid")
    if kid is not None and not isinstance(kid, str):
        raise Unusable("its 'kid' is not text")
    # RFC 7517 sections 4.2 and 4.3: what a key is for.
    if entry.get("use", "sig") != "sig":
        raise Unusable("it is not for signatures ('use')")
    operations = entry.get("key_ops")
    if operations is not None and not (isinstance(operations, list) and "verify" in operations):
        raise Unusable("it is not for verifying ('key_ops')")
    kind = entry.get("kty")
    read = _READERS.get(kind) if isinstance(kind, str) else None
    if read is None:
        raise Unusable("keys of its type verify nothing here")
    if kind == "oct" and not secrets:
        raise Unusable("a secret that came over the network is none")
    if kind != "oct" and any(name in entry for name in _PRIVATE):
        raise Unusable("it came with its private part: whoever reads the set can sign with it")
    try:
        material, algorithms = read(entry)
    except (Unacceptable, ValueError):
        raise Unusable(f"it is no valid {kind} key") from None
    named = entry.get("alg")
    if named is not None:
        algorithms = {named}.intersection(algorithms) if isinstance(named, str) else ()
    if not algorithms:
        raise Unusable("its 'alg' does not fit to its type, or is not known here")
    return Key(kid, frozenset(algorithms), material)


def secret_key(secret: bytes, kid: str | None = None) -> Key:
    """A key of text or bytes that only the issuer and the gateway know; raises Unusable.

    RFC 7518 section 3.2: a key has at least as many bits as the hash.
    """
    algorithms = {name for name, size in SECRET.items() if len(secret) >= size}
    if not algorithms:
        raise Unusable(f"a secret has at least {min(SECRET.values())} bytes")
    # RFC 8725 section 2.1: whoever has the public key could sign with it, if it served as a secret.
    if b"-----BEGIN " in secret or secret.startswith((b"ssh-", b"ecdsa-sha2-")):
        raise Unusable("a key or certificate as text is no secret")
    return Key(kid, frozenset(algorithms), secret)


def _bytes(entry: dict[str, Any], name: str) -> bytes:
    value = entry.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(name)
    return compact.decoded(value.encode())


def _rsa(entry: dict[str, Any]) -> tuple[Any, Iterable[str]]:
    modulus, exponent = (int.from_bytes(_bytes(entry, name)) for name in ("n", "e"))
    if not SMALLEST_RSA <= modulus.bit_length() <= LARGEST_RSA:
        raise Unusable(f"an RSA key has {SMALLEST_RSA} to {LARGEST_RSA} bits")
    if exponent >= 1 << 32:
        raise ValueError("e")
    return rsa.RSAPublicNumbers(exponent, modulus).public_key(), PUBLIC["RSA"]


def _elliptic(entry: dict[str, Any]) -> tuple[Any, Iterable[str]]:
    curve, size = _CURVES.get(str(entry.get("crv")), (None, 0))
    x, y = _bytes(entry, "x"), _bytes(entry, "y")
    # RFC 7518 section 6.2.1.2: both coordinates have the full length of the field.
    if curve is None or len(x) != size or len(y) != size:
        raise ValueError("crv")
    numbers = ec.EllipticCurvePublicNumbers(int.from_bytes(x), int.from_bytes(y), curve)
    return numbers.public_key(), (ELLIPTIC[curve.name],)  # refuses points that are not on the curve


def _edwards(entry: dict[str, Any]) -> tuple[Any, Iterable[str]]:
    x, curve = _bytes(entry, "x"), entry.get("crv")
    if curve == "Ed25519":
        return ed25519.Ed25519PublicKey.from_public_bytes(x), (EDDSA,)
    if curve == "Ed448":
        return ed448.Ed448PublicKey.from_public_bytes(x), (EDDSA,)
    raise ValueError("crv")


def _secret(entry: dict[str, Any]) -> tuple[Any, Iterable[str]]:
    key = secret_key(_bytes(entry, "k"))
    return key.material, key.algorithms


_READERS: dict[str, Callable[[dict[str, Any]], tuple[Any, Iterable[str]]]] = {
    "RSA": _rsa,
    "EC": _elliptic,
    "OKP": _edwards,
    "oct": _secret,
}
