"""`mutualTLS`: the certificate that the client has shown, held against a scheme's authorities and subjects.

The handshake has verified it: here, or at a trusted proxy. What is left is whose it is, and who issued it, because one
listener has the authorities of all schemes, and a proxy may have others.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from specgw.plan.model import Scheme
from specgw.policies.auth.base import Identity, Refusal, Services, Unbuildable, Verdict
from specgw.policies.base import Exchange

if TYPE_CHECKING:
    from cryptography import x509

REMEMBERED = 1024
"""Certificates that need not be looked at again."""
ALTERNATIVES = {"DNS:": "DNSName", "URI:": "UniformResourceIdentifier", "email:": "RFC822Name"}
"""How subjects name alternative names (RFC 5280 section 4.2.1.6), as OpenSSL writes them."""

_UNREADABLE = Refusal("the client's certificate cannot be read")
_NOBODY = Refusal("the client's certificate was not issued by an authority of this operation")
_OTHER = Refusal("the client's certificate has another subject than this operation accepts")
_OUTDATED = Refusal("the client's certificate is not valid at this time")

Subject = tuple[str, object]
"""Kind and value: the whole subject, or one of the alternative names."""


@dataclass(frozen=True, slots=True)
class _Seen:
    verdict: Identity | Refusal
    since: float = 0.0
    until: float = float("inf")


class MutualTls:
    """Verifies the certificates of one scheme. `authorities`: None where the listener's own are meant, or a proxy's."""

    def __init__(self, scheme: Scheme, authorities: Sequence[bytes] | None, services: Services) -> None:
        from cryptography import x509

        self._name = scheme.name
        self._subjects = frozenset(map(read_subject, scheme.subjects))
        self._authorities = None if authorities is None else [x509.load_der_x509_certificate(der) for der in authorities]
        self._handshake = services.client_authorities
        self._consumers = services.consumers
        self._clock = services.clock
        self._seen: OrderedDict[bytes, _Seen] = OrderedDict()

    def verify(self, exchange: Exchange) -> Verdict:
        """Who the certificate speaks of."""
        shown = exchange.certificate
        if shown is None:
            return None
        if self._authorities is None and not shown.vouched and not self._handshake:
            # It was asked for on behalf of another scheme, with authorities of its own.
            return _NOBODY
        seen = self._seen.get(shown.der)
        if seen is None:
            seen = self._seen[shown.der] = self._look(shown.der)
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        return seen.verdict if seen.since <= self._clock() < seen.until else _OUTDATED

    def _look(self, der: bytes) -> _Seen:
        from cryptography import x509

        try:
            certificate = x509.load_der_x509_certificate(der)
            subjects = _subjects(certificate)
        except ValueError:
            return _Seen(_UNREADABLE)
        if self._authorities is not None and not any(_issued(certificate, authority) for authority in self._authorities):
            return _Seen(_NOBODY)
        if self._subjects and self._subjects.isdisjoint(subjects):
            return _Seen(_OTHER)
        since, until = certificate.not_valid_before_utc.timestamp(), certificate.not_valid_after_utc.timestamp()
        return _Seen(self._identity(certificate, subjects, until), since, until)

    def _identity(self, certificate: x509.Certificate, subjects: frozenset[Subject], until: float) -> Identity:
        from cryptography.x509.oid import NameOID

        subject = certificate.subject.rfc4514_string()
        named = [str(entry.value) for entry in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
        consumer = self._consumers.get(named[0]) if len(named) == 1 else None
        claims: dict[str, object] = {"issuer": certificate.issuer.rfc4514_string()}
        for prefix in ALTERNATIVES:
            claims[prefix.lower().removesuffix(":")] = sorted(str(value) for kind, value in subjects if kind == prefix)
        # Without a subject it is known by its first alternative name.
        alternatives = sorted(f"{kind}{value}" for kind, value in subjects if kind)
        return Identity(
            self._name,
            subject or next(iter(alternatives), "certificate"),
            named[0] if consumer is not None else None,
            roles=frozenset(consumer.roles if consumer is not None else ()),
            claims=claims,
            expires=until,
        )


def read_subject(text: str) -> Subject:
    """One of `subjects`: a distinguished name (RFC 4514), or an alternative name after `DNS:`, `URI:` or `email:`. Raises ValueError."""
    from cryptography import x509

    for prefix in ALTERNATIVES:
        if text.startswith(prefix) and len(text) > len(prefix):
            value = text.removeprefix(prefix)
            return prefix, value.lower() if prefix == "DNS:" else value
    try:
        if text:
            return "", x509.Name.from_rfc4514_string(text)
    except ValueError:
        pass
    raise ValueError("neither a distinguished name nor an alternative one")


def _subjects(certificate: x509.Certificate) -> frozenset[Subject]:
    from cryptography import x509

    found: list[Subject] = [("", certificate.subject)]
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return frozenset(found)
    for prefix, kind in ALTERNATIVES.items():
        values: list[str] = names.get_values_for_type(getattr(x509, kind))
        found += [(prefix, value.lower() if prefix == "DNS:" else value) for value in values]
    return frozenset(found)


def _issued(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    """Whether an authority has signed a certificate. What somebody lists as an authority is one."""
    from cryptography.exceptions import InvalidSignature

    try:
        certificate.verify_directly_issued_by(authority)
        return True
    except (ValueError, TypeError, InvalidSignature):
        return False


def build(scheme: Scheme, services: Services) -> MutualTls:
    """The verifier of a mutualTLS scheme; raises Unbuildable where its authorities are not there."""
    if scheme.ca is None:
        return MutualTls(scheme, None, services)
    authorities = services.authorities.get(scheme.ca)
    if authorities is None:
        raise Unbuildable(f"security scheme {scheme.service}/{scheme.name}: nobody has read its 'ca', {scheme.ca}")
    return MutualTls(scheme, authorities, services)
