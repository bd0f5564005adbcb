"""How the sandbox verifies what the gateway itself does not: Digest, certificates without a handshake, and any other HTTP scheme.

All of it proves one of the two identities that everybody may have. So a nonce never changes, and the field that a proxy
writes for a client's certificate (RFC 9440) is believed from everybody: a client can show one where there is no TLS.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache

from specgw.plan.model import Scheme
from specgw.policies import certificate
from specgw.policies.auth.base import Identity, Refusal, Verdict, Verifier
from specgw.policies.auth.credentials import reader
from specgw.policies.base import Exchange

NONCE = "specgw-sandbox"
DIGEST = {"qop": "auth", "algorithm": "SHA-256", "nonce": NONCE}
"""What its challenge says beside the realm (RFC 7616 section 3.3)."""
_ALGORITHMS = {"MD5": "md5", "SHA-256": "sha256"}
_PARAMETER = re.compile(rb'[ \t]*([\w*-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))[ \t]*(?:,|$)')

_MALFORMED = Refusal("the credential in `Authorization` is not a response to a Digest challenge", "invalid_request")
_ELSEWHERE = Refusal("the Digest response was made for another request, realm or nonce")
_UNKNOWN = Refusal("user name and password do not belong together")
_STRANGER = Refusal("the certificate is none of the sandbox's")
_NO_WORD = Refusal("the credential is none of the sandbox's")

Identities = Mapping[str, Identity]
"""By what proves them: a password's user, a word, or a certificate's subject."""


def digest_line(user: str, password: str) -> str:
    """What to paste: each response is made for one request."""
    return f"curl --digest --user {user}:{password}"


@cache
def certificates(names: tuple[str, ...]) -> dict[str, bytes]:
    """A certificate in DER for each name, the same ones in every process."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509.oid import NameOID

    made = {}
    for number, name in enumerate(names, 1):
        key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"specgw sandbox " + name.encode()).digest())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = x509.CertificateBuilder(subject, subject, key.public_key(), number)
        builder = builder.not_valid_before(datetime.datetime(2020, 1, 1)).not_valid_after(datetime.datetime(2100, 1, 1))
        made[name] = builder.sign(key, None).public_bytes(Encoding.DER)
    return made


def certificate_line(der: bytes) -> str:
    """The field that shows a certificate (RFC 9440 section 2)."""
    return f"Client-Cert: :{b64encode(der).decode('ascii')}:"


class Certificates:
    """Verifies certificates that are shown in a field, or in a handshake, by comparing them."""

    def __init__(self, identities: Mapping[bytes, Identity]) -> None:
        self._identities = identities

    def verify(self, exchange: Exchange) -> Verdict:
        """Whose certificate it is."""
        shown = exchange.certificate
        field = next((value for name, value in exchange.headers if name == certificate.FIELD), None)
        if field is not None:
            shown = certificate.vouched(field)
        return None if shown is None else self._identities.get(shown.der, _STRANGER)


class Words:
    """Verifies what follows the name of any HTTP scheme, by comparing it."""

    def __init__(self, scheme: Scheme, identities: Identities) -> None:
        self._presented = reader(scheme)
        self._identities = identities

    def verify(self, exchange: Exchange) -> Verdict:
        """Whose word it is."""
        found = self._presented(exchange)
        if found is None or isinstance(found, Refusal):
            return found
        return self._identities.get(found.decode("latin-1"), _NO_WORD)


class Digest:
    """Verifies responses to Digest challenges (RFC 7616), with SHA-256 or MD5, `-sess` too, and those of RFC 2069, which have no qop."""

    def __init__(self, scheme: Scheme, passwords: Mapping[str, str], identities: Identities) -> None:
        self._presented = reader(scheme)
        self._realm = scheme.service
        self._passwords = passwords
        self._identities = identities

    def verify(self, exchange: Exchange) -> Verdict:
        """Who has made the response."""
        found = self._presented(exchange)
        if found is None or isinstance(found, Refusal):
            return found
        said = _parameters(found)
        if said is None or not {"username", "realm", "nonce", "uri", "response"} <= said.keys():
            return _MALFORMED
        target = exchange.path if exchange.query is None else exchange.path + b"?" + exchange.query
        if (said["realm"], said["nonce"], said["uri"]) != (self._realm, NONCE, target.decode("latin-1")):
            return _ELSEWHERE
        password = self._passwords.get(said["username"])
        expected = _response(said, password or "", exchange.method)
        if expected is None:
            return _MALFORMED
        right = hmac.compare_digest(expected.encode("ascii"), said["response"].lower().encode("latin-1"))
        return self._identities[said["username"]] if right and password is not None else _UNKNOWN


def _parameters(text: bytes) -> dict[str, str] | None:
    """The parameters of a credential (RFC 9110 section 11.2); None where it is written in another way, or says something twice."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        match = _PARAMETER.match(text, at)
        if match is None:
            return None
        name, quoted, token = match.groups()
        key = name.decode("latin-1").lower()
        if key in found:
            return None
        value = re.sub(rb"\\(.)", rb"\1", quoted) if quoted is not None else token
        found[key] = value.decode("latin-1")
        at = match.end()
    return found


def _response(said: Mapping[str, str], password: str, method: str) -> str | None:
    """What the response has to be (RFC 7616 section 3.4.1); None where a part is missing or not known."""
    algorithm = said.get("algorithm", "MD5")
    made = _ALGORITHMS.get(algorithm.upper().removesuffix("-SESS"))
    qop = said.get("qop")
    if made is None or qop not in (None, "auth") or (qop is not None and not {"nc", "cnonce"} <= said.keys()):
        return None

    def hashed(*parts: str) -> str:
        return hashlib.new(made, ":".join(parts).encode("utf-8"), usedforsecurity=False).hexdigest()

    secret = hashed(said["username"], said["realm"], password)
    if algorithm.upper().endswith("-SESS"):
        if "cnonce" not in said:
            return None
        secret = hashed(secret, said["nonce"], said["cnonce"])
    fresh = () if qop is None else (said["nc"], said["cnonce"], qop)
    return hashed(secret, said["nonce"], *fresh, hashed(method, said["uri"]))


def verifier(scheme: Scheme, identities: Identities, passwords: Mapping[str, str], words: Mapping[str, str]) -> Verifier | None:
    """What verifies a scheme here; None where the gateway's own verifiers do. `words`: names by the word that proves them."""
    if scheme.kind == "mutualTLS":
        known = certificates(tuple(identities))
        return Certificates({known[name]: identity for name, identity in identities.items()})
    if scheme.kind != "other":
        return None
    if scheme.http_scheme == "digest":
        return Digest(scheme, passwords, identities)
    return Words(scheme, {word: identities[name] for word, name in words.items()})
