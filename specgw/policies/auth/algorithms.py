"""Signature algorithms of tokens (RFC 7518 section 3.1, RFC 8037), and which keys each of them fits.

A key is made for one kind of algorithm before a token is seen: no token can make a public key serve as a secret
(RFC 8725 sections 2.1 and 3.1). `none` is not in any list.
"""

from __future__ import annotations

from typing import Any

from jwt.algorithms import ECAlgorithm, HMACAlgorithm, OKPAlgorithm, RSAAlgorithm, RSAPSSAlgorithm

EDDSA = "EdDSA"

ELLIPTIC = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
"""The one algorithm of each curve (RFC 7518 section 3.4)."""

PUBLIC = {
    "RSA": frozenset(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")),
    "EC": frozenset(ELLIPTIC.values()),
    "OKP": frozenset((EDDSA,)),
}
"""Algorithms with a public key, by type of key."""

SECRET = {"HS256": 32, "HS384": 48, "HS512": 64}
"""Algorithms with a secret, and the bytes that it has at least (RFC 7518 section 3.2)."""

DEFAULT = frozenset().union(*PUBLIC.values())
"""What is accepted where a scheme names no algorithms: those whose keys nobody has to keep secret but the issuer."""

VERIFY: dict[str, Any] = {
    "RS256": RSAAlgorithm(RSAAlgorithm.SHA256),
    "RS384": RSAAlgorithm(RSAAlgorithm.SHA384),
    "RS512": RSAAlgorithm(RSAAlgorithm.SHA512),
    "PS256": RSAPSSAlgorithm(RSAPSSAlgorithm.SHA256),
    "PS384": RSAPSSAlgorithm(RSAPSSAlgorithm.SHA384),
    "PS512": RSAPSSAlgorithm(RSAPSSAlgorithm.SHA512),
    "ES256": ECAlgorithm(ECAlgorithm.SHA256),
    "ES384": ECAlgorithm(ECAlgorithm.SHA384),
    "ES512": ECAlgorithm(ECAlgorithm.SHA512),
    EDDSA: OKPAlgorithm(),
    "HS256": HMACAlgorithm(HMACAlgorithm.SHA256),
    "HS384": HMACAlgorithm(HMACAlgorithm.SHA384),
    "HS512": HMACAlgorithm(HMACAlgorithm.SHA512),
}
"""How each verifies: bytes, key, signature -> whether it holds."""
