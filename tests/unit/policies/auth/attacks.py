"""Tokens that nobody may get in with: RFC 8725, RFC 7515, RFC 7518 and RFC 7519, one row for each way to go wrong.

Every row starts from a token that would be accepted, and changes one thing. A row makes its token when it is called.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.unit.policies.auth import issuing
from tests.unit.policies.auth.issuing import (
    AUDIENCE,
    HASHES,
    ISSUER,
    b64,
    claims,
    ec_key,
    ed448_key,
    parts,
    rsa_jwk,
    rsa_key,
    set_of,
    signature,
    token,
)

LEEWAY = 30
Attack = Callable[[], bytes]


def _unsigned(name: object, signed_by: bytes = b"") -> Attack:
    return lambda: b64({"alg": name, "typ": "JWT"}) + b"." + b64(claims()) + b"." + b64(signed_by)


def _confused(secret: Callable[[], bytes], algorithm: str = "HS256") -> Attack:
    """HS with what everybody knows of the issuer (RFC 8725 section 2.1)."""
    return lambda: token(algorithm, header={"kid": "rsa"}, key=secret())


def _public(encoding: serialization.Encoding, form: serialization.PublicFormat) -> bytes:
    return rsa_key().public_key().public_bytes(encoding, form)


def _pem() -> bytes:
    return _public(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the group of P-256."""


def _ec_raw(r: Callable[[int], int], s: Callable[[int], int]) -> Attack:
    """ES256 with numbers of a signature changed; the functions get the order of the curve's group."""

    def make() -> bytes:
        header, payload, _ = parts(token("ES256"))
        return b".".join((header, payload, b64(r(ORDER).to_bytes(32) + s(ORDER).to_bytes(32))))

    return make


def _negated() -> bytes:
    """r taken as the group's order minus r."""
    signed, _, _ = token("ES256").rpartition(b".")
    raw = signature("ES256", signed)
    return signed + b"." + b64((ORDER - int.from_bytes(raw[:32])).to_bytes(32) + raw[32:])


def _der() -> bytes:
    """ES256 with the signature in DER, as everybody but JOSE writes it (RFC 7518 section 3.4)."""
    signed, _, _ = token("ES256").rpartition(b".")
    return signed + b"." + b64(ec_key("ES256").sign(signed, ec.ECDSA(HASHES["256"])))


def _edited(change: Callable[[bytes, bytes, bytes], bytes], algorithm: str = "RS256") -> Attack:
    return lambda: change(*parts(token(algorithm)))


def _stray_bits(part: bytes) -> bytes:
    """The same bytes with an unused bit of the last character set."""
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    assert len(part) % 4
    return part[:-1] + bytes([alphabet[alphabet.index(part[-1:]) | 1]])


def _header_text(text: str) -> Attack:
    return lambda: token(header=text.encode())


def _payload_text(text: str) -> Attack:
    return lambda: token(payload=text.encode())


def _and(more: str, **changed: Any) -> Attack:
    """Claims with text behind the last one, as no serialiser would write it."""
    return lambda: token(payload=f"{json.dumps(claims(**changed))[:-1]}, {more}}}".encode())


def _with_claim(name: str, text: str) -> Attack:
    """A claim whose value is JSON text."""
    return _and(f'"{name}": {text}', **{name: None})


def _mallory() -> rsa.RSAPrivateKey:
    return rsa_key(2056)  # another size, so that it is another key


def _secret_embedded() -> bytes:
    return token("HS256", header={"kid": None, "jwk": {"kty": "oct", "k": b64(b"x" * 32).decode()}}, key=b"x" * 32)


def _encrypted() -> bytes:
    header = {"alg": "RSA-OAEP", "enc": "A128GCM"}
    return b".".join((b64(header), b64(bytes(256)), b64(bytes(12)), b64(b"x"), b64(bytes(16))))


def _embedded(**header: Any) -> Attack:
    return lambda: token(header={"kid": None, **header}, key=_mallory())


NONE: dict[str, Attack] = {
    f"unsigned, alg {name!r}": _unsigned(name)
    for name in ("none", "None", "NONE", "nOnE", "none ", "", None, 0, False, [], ["none"], {"none": True}, "null")
} | {
    "alg none with a signature": lambda: b64({"alg": "none", "kid": "rsa"}) + b"." + b64(claims()) + b"." + parts(token())[2],
    "no alg": lambda: token(header=b'{"typ":"JWT","kid":"rsa"}'),
    "signature cut off": _edited(lambda header, payload, _: header + b"." + payload + b"."),
    "signature and its dot cut off": _edited(lambda header, payload, _: header + b"." + payload),
}

CONFUSION: dict[str, Attack] = {
    "HS256 with the public key as PEM": _confused(_pem),
    "HS384 with the public key as PEM": _confused(_pem, "HS384"),
    "HS512 with the public key as PEM": _confused(_pem, "HS512"),
    "HS256 with the PEM without its last line feed": _confused(lambda: _pem().strip()),
    "HS256 with the PKCS#1 PEM": _confused(lambda: _public(serialization.Encoding.PEM, serialization.PublicFormat.PKCS1)),
    "HS256 with the public key as DER": _confused(
        lambda: _public(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    ),
    "HS256 with the OpenSSH form": _confused(lambda: _public(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)),
    "HS256 with the JWK": _confused(lambda: json.dumps(rsa_jwk(rsa_key())).encode()),
    "HS256 with the compact JWK": _confused(lambda: json.dumps(rsa_jwk(rsa_key()), separators=(",", ":")).encode()),
    "HS256 with the whole set": _confused(set_of),
    "HS256 with the modulus": _confused(lambda: rsa_jwk(rsa_key())["n"].encode()),
    "HS256 with nothing": _confused(lambda: b"\0"),
    "HS256 with the key id as secret": _confused(lambda: b"rsa"),
    "RS256 signature under PS256": lambda: token("RS256", header={"alg": "PS256"}),
    "PS256 signature under RS256": lambda: token("PS256", header={"alg": "RS256"}),
    "RS256 signature under RS512": lambda: token("RS256", header={"alg": "RS512"}),
    "alg in lower case": lambda: token(header={"alg": "rs256"}),
    "alg with a blank": lambda: token(header={"alg": "RS256 "}),
    "alg of encryption": lambda: token(header={"alg": "RSA-OAEP"}),
    "alg that nobody has": lambda: token(header={"alg": "RS255"}),
    "alg as a list": lambda: token(header={"alg": ["RS256"]}),
    "ES256 with the key for ES384": lambda: token("ES256", header={"kid": "es384"}, key=ec_key("ES384")),
    "ES384 with the key for ES256": lambda: token("ES384", header={"kid": "es256"}, key=ec_key("ES256")),
    "ES256 with the key for ES384, no key id": lambda: token("ES256", header={"kid": None}, key=ec_key("ES384")),
    "ES256K": lambda: token("ES256", header={"alg": "ES256K"}),
    "ES256 under the key id of the RSA key": lambda: token("ES256", header={"kid": "rsa"}),
    "EdDSA under the key id of another curve": lambda: token("EdDSA", header={"kid": "ed448"}),
    "EdDSA with the other curve's key": lambda: token("EdDSA", header={"kid": "ed25519"}, key=ed448_key()),
}

SIGNATURES: dict[str, Attack] = {
    "signed by somebody else": lambda: token(key=_mallory()),
    "signature of another token": _edited(lambda header, payload, _: header + b"." + payload + b"." + parts(token(sub="eve"))[2]),
    "claims exchanged": _edited(lambda header, _, made: header + b"." + b64(claims(sub="eve")) + b"." + made),
    "header exchanged": _edited(lambda _, payload, made: b64({"alg": "RS256", "kid": "rsa"}) + b"." + payload + b"." + made),
    "signature with a byte more": lambda: token() + b64(b"\0\0\0"),
    "signature with a byte less": lambda: token()[:-4],
    "signature of zeros": _edited(lambda header, payload, _: header + b"." + payload + b"." + b64(bytes(256))),
    "ECDSA r and s zero": _ec_raw(lambda _: 0, lambda _: 0),
    "ECDSA r zero": _ec_raw(lambda _: 0, lambda _: 1),
    "ECDSA s zero": _ec_raw(lambda _: 1, lambda _: 0),
    "ECDSA r and s one": _ec_raw(lambda _: 1, lambda _: 1),
    "ECDSA r and s the order": _ec_raw(lambda order: order, lambda order: order),
    "ECDSA s the order": _ec_raw(lambda _: 1, lambda order: order),
    "ECDSA r beyond the field": _ec_raw(lambda _: (1 << 256) - 1, lambda _: 1),
    "ECDSA r negated": _negated,
    "ECDSA in DER": _der,
    "ECDSA too long": lambda: token("ES256") + b64(b"\0\0\0"),
    "ECDSA empty": _edited(lambda header, payload, _: header + b"." + payload + b".", "ES256"),
    "EdDSA of zeros": _edited(lambda header, payload, _: header + b"." + payload + b"." + b64(bytes(64)), "EdDSA"),
    "EdDSA cut": lambda: token("EdDSA")[:-4],
    "weak RSA key": lambda: token(header={"kid": "weak"}, key=rsa_key(1024)),
}

KEYS: dict[str, Attack] = {
    "key in the header": _embedded(jwk=rsa_jwk(_mallory())),
    "key in the header, with the issuer's key id": _embedded(kid="rsa", jwk=rsa_jwk(_mallory())),
    "secret in the header": _secret_embedded,
    "key set URL in the header": _embedded(jku="http://127.0.0.1:9/keys"),
    "key set URL of the issuer's host in the header": _embedded(jku=f"{ISSUER}/keys"),
    "certificate in the header": _embedded(x5c=["MIIB"]),
    "certificate URL in the header": _embedded(x5u="http://127.0.0.1:9/cert"),
    "thumbprint in the header": _embedded(x5t=b64(bytes(20)).decode()),
    "unknown key id": lambda: token(header={"kid": "nobody"}),
    "key id of a path": lambda: token("HS256", header={"kid": "../../../../../../dev/null"}, key=b"\0"),
    "key id of a file": lambda: token(header={"kid": "/etc/passwd"}),
    "key id of SQL": lambda: token(header={"kid": "x' UNION SELECT 'secret';--"}),
    "key id of a command": lambda: token(header={"kid": "rsa|/usr/bin/uname"}),
    "key id with NUL": lambda: token(header={"kid": "rsa\0"}),
    "key id in capitals": lambda: token(header={"kid": "RSA"}),
    "key id empty": lambda: token(header={"kid": ""}),
    "key id a number": lambda: token(header={"kid": 0}),
    "key id a list": lambda: token(header={"kid": ["rsa"]}),
    "key id of very many letters": lambda: token(header={"kid": "k" * 4000}),
}

HEADERS: dict[str, Attack] = {
    "crit unknown": lambda: token(header={"crit": ["exp2"], "exp2": 1}),
    "crit empty": lambda: token(header={"crit": []}),
    "crit null": _header_text('{"alg":"RS256","kid":"rsa","crit":null}'),
    "crit text": lambda: token(header={"crit": "exp"}),
    "crit of a known parameter": lambda: token(header={"crit": ["alg"]}),
    "crit of a parameter that is missing": lambda: token(header={"crit": ["absent"]}),
    "crit twice the same": lambda: token(header={"crit": ["b64", "b64"], "b64": True}),
    "b64 false": lambda: token(header={"crit": ["b64"], "b64": False}),
    "b64 without crit": lambda: token(header={"b64": False}),
    "zip": lambda: token(header={"zip": "DEF"}),
    "enc": lambda: token(header={"enc": "A128GCM"}),
    "typ of a logout token": lambda: token(header={"typ": "logout+jwt"}),
    "typ of a DPoP proof": lambda: token(header={"typ": "dpop+jwt"}),
    "typ of a security event": lambda: token(header={"typ": "secevent+jwt"}),
    "typ of an introspection answer": lambda: token(header={"typ": "token-introspection+jwt"}),
    "typ JOSE": lambda: token(header={"typ": "JOSE"}),
    "typ a number": lambda: token(header={"typ": 1}),
    "typ empty": lambda: token(header={"typ": ""}),
    "cty of a nested token": lambda: token(header={"cty": "JWT"}),
    "cty of a nested token as media type": lambda: token(header={"cty": "application/jwt"}),
    "alg twice, none first": _header_text('{"alg":"none","alg":"RS256","kid":"rsa"}'),
    "alg twice, none last": _header_text('{"alg":"RS256","kid":"rsa","alg":"none"}'),
    "alg twice, once escaped": _header_text('{"alg":"RS256","kid":"rsa","\\u0061lg":"none"}'),
    "kid twice": _header_text('{"alg":"RS256","kid":"nobody","kid":"rsa"}'),
    "header a list": _header_text('[{"alg":"RS256","kid":"rsa"}]'),
    "header text": _header_text('"RS256"'),
    "header no JSON": _header_text("alg=RS256"),
    "header with something behind it": _header_text('{"alg":"RS256","kid":"rsa"} {}'),
    "header with a comment": _header_text('{"alg":"RS256",/*none*/"kid":"rsa"}'),
    "header with a byte order mark": _header_text('\ufeff{"alg":"RS256","kid":"rsa"}'),
    "header in UTF-16": lambda: token(header='{"alg":"RS256","kid":"rsa"}'.encode("utf-16")),
    "header not UTF-8": lambda: token(header=b'{"alg":"RS256","kid":"rsa","x":"\xff"}'),
    "header nested deeply": _header_text('{"alg":"RS256","kid":"rsa","x":' + "[" * 200 + "]" * 200 + "}"),
}

FORMS: dict[str, Attack] = {
    "padding": _edited(lambda header, payload, made: header + b"." + payload + b"." + made + b"=" * (-len(made) % 4)),
    "alphabet of base64": lambda: token(header={"kid": "rsa", "x": "\u00ff\u00fe?>~~~"}).replace(b"-", b"+").replace(b"_", b"/"),
    "stray bits in the signature": _edited(lambda header, payload, made: header + b"." + payload + b"." + _stray_bits(made)),
    "one character too many": lambda: token() + b"AAA",
    "a dot in front": lambda: b"." + token(),
    "a dot behind": lambda: token() + b".",
    "four parts": lambda: token() + b"." + parts(token())[2],
    "two tokens": lambda: token() + b"." + token(),
    "encrypted": _encrypted,
    "nested": lambda: token(payload=token(), header={"cty": None}),
    "no parts": lambda: b"opaque",
    "dots alone": lambda: b"..",
    "empty claims": _edited(lambda header, _, made: header + b".." + made),
    "huge": lambda: token(x="x" * 9000),
    "huge by far": lambda: b"A" * 20000,
    "plus sign": lambda: token().replace(b"A", b"+", 1),
}

CLAIMS: dict[str, Attack] = {
    "audience of somebody else": lambda: token(aud="https://other.example"),
    "no audience": lambda: token(aud=None),
    "audience null": _with_claim("aud", "null"),
    "audiences of others": lambda: token(aud=["https://other.example", "https://third.example"]),
    "audience list empty": lambda: token(aud=[]),
    "audience a prefix": lambda: token(aud=AUDIENCE[:-1]),
    "audience with a slash more": lambda: token(aud=AUDIENCE + "/"),
    "audience in capitals": lambda: token(aud=AUDIENCE.upper()),
    "audience an object": lambda: token(aud={AUDIENCE: True}),
    "audience a number": lambda: token(aud=1),
    "audience among numbers": lambda: token(aud=[AUDIENCE, 1]),
    "audience nested": lambda: token(aud=[[AUDIENCE]]),
    "issuer of somebody else": lambda: token(iss="https://evil.example"),
    "no issuer": lambda: token(iss=None),
    "issuer null": _with_claim("iss", "null"),
    "issuer with a slash more": lambda: token(iss=ISSUER + "/"),
    "issuer in capitals": lambda: token(iss=ISSUER.upper()),
    "issuer in a list": lambda: token(iss=[ISSUER]),
    "issuer a prefix of another": lambda: token(iss=ISSUER + ".evil.example"),
    "expired one second beyond leeway": lambda: token(exp=issuing.NOW - LEEWAY - 1),
    "expired exactly at leeway's end": lambda: token(exp=issuing.NOW - LEEWAY),
    "expired long ago": lambda: token(exp=1),
    "no exp": lambda: token(exp=None),
    "exp null": _with_claim("exp", "null"),
    "exp text": lambda: token(exp=str(issuing.NOW + 600)),
    "exp true": lambda: token(exp=True),
    "exp a list": lambda: token(exp=[issuing.NOW + 600]),
    "exp NaN": _with_claim("exp", "NaN"),
    "exp Infinity": _with_claim("exp", "Infinity"),
    "exp beyond doubles": _with_claim("exp", "1e999"),
    "exp huge": _with_claim("exp", "1" + "0" * 40),
    "exp as milliseconds": lambda: token(exp=(issuing.NOW + 600) * 1000),
    "exp negative": lambda: token(exp=-1),
    "exp twice": _and('"exp": 4000000000'),
    "exp twice, once expired": _and('"exp": 4000000000', exp=1),
    "sub twice": _and('"sub": "eve"'),
    "aud twice": _and(f'"aud": "{AUDIENCE}"', aud="x"),
    "iss twice, once escaped": _and('"i\\u0073s": "https://evil.example"'),
    "nbf one second beyond leeway": lambda: token(nbf=issuing.NOW + LEEWAY + 1),
    "nbf in a year": lambda: token(nbf=issuing.NOW + 31_536_000),
    "nbf text": lambda: token(nbf="0"),
    "nbf NaN": _with_claim("nbf", "NaN"),
    "nbf false": lambda: token(nbf=False),
    "iat one second beyond leeway": lambda: token(iat=issuing.NOW + LEEWAY + 1),
    "iat text": lambda: token(iat="now"),
    "iat huge": _with_claim("iat", "1e300"),
    "sub a number": lambda: token(sub=42),
    "sub an object": lambda: token(sub={"id": "ada"}),
    "claims a list": _payload_text('[{"iss":"https://issuer.example"}]'),
    "claims null": _payload_text("null"),
    "claims no JSON": _payload_text("iss=https://issuer.example"),
    "claims cut": lambda: token(payload=json.dumps(claims())[:-1].encode()),
    "claims not UTF-8": lambda: token(payload=json.dumps(claims(sub="ada")).encode().replace(b"ada", b"\xff")),
    "claims with a lone surrogate": _and('"x": "\\ud800"'),
    "claims nested deeply": _and('"x": ' + "[" * 200 + "]" * 200),
    "bound to a key": lambda: token(cnf={"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}),
    "bound to a certificate": lambda: token(cnf={"x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"}),
}

ATTACKS: dict[str, Attack] = {**NONE, **CONFUSION, **SIGNATURES, **KEYS, **HEADERS, **FORMS, **CLAIMS}
