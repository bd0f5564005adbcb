"""Certificates made for a test, and the files that a gateway and its clients read."""

from __future__ import annotations

import datetime
import ipaddress
import os
import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Files:
    """Where a certificate and its key lie."""

    cert: Path
    key: Path


@dataclass(frozen=True)
class Issued:
    """A certificate that has not been written anywhere."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def der(self) -> bytes:
        """As it travels."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        """The certificate and those behind it."""
        return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (self.certificate, *self.chain))

    def key_pem(self, password: bytes | None = None, *, legacy: bool = False) -> bytes:
        """The private key; encrypted where a password is given."""
        sealed = serialization.NoEncryption() if password is None else serialization.BestAvailableEncryption(password)
        form = serialization.PrivateFormat.TraditionalOpenSSL if legacy else serialization.PrivateFormat.PKCS8
        return self.key.private_bytes(serialization.Encoding.PEM, form, sealed)

    def write(self, folder: Path, name: str = "server") -> Files:
        """Write both files as renewal tools do: each new file takes the old one's name."""
        files = Files(folder / f"{name}.pem", folder / f"{name}.key")
        for path, content in ((files.key, self.key_pem()), (files.cert, self.pem)):
            beside = path.with_name(path.name + ".new")
            beside.write_bytes(content)
            os.replace(beside, path)
        return files


class Authority:
    """Issues certificates that hold for a year from yesterday on, unless something else is said."""

    def __init__(self, name: str = "Test authority") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self._subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        self.certificate = (
            _builder(self._subject, self._subject, self.key.public_key(), -DAY, 365 * DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
            .sign(self.key, hashes.SHA256())
        )

    @property
    def pem(self) -> bytes:
        """The authority's own certificate."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def write(self, path: Path) -> Path:
        """Write it to a file."""
        path.write_bytes(self.pem)
        return path

    def issue(
        self,
        *names: str,
        since: datetime.timedelta = -DAY,
        until: datetime.timedelta = 365 * DAY,
        address: bool = True,
        client: bool = False,
        subject: str = "CN=not a name that counts",
    ) -> Issued:
        """A certificate for DNS names, and for 127.0.0.1 unless told otherwise."""
        key = ec.generate_private_key(ec.SECP256R1())
        alternatives: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
        if address:
            alternatives.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
        builder = _builder(x509.Name.from_rfc4514_string(subject), self._subject, key.public_key(), since, until)
        if alternatives:
            builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        purpose = ExtendedKeyUsageOID.CLIENT_AUTH if client else ExtendedKeyUsageOID.SERVER_AUTH
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False).add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
        )
        return Issued(builder.sign(self.key, hashes.SHA256()), key)

    def client(self, identity: Files | None = None) -> ssl.SSLContext:
        """What a client that trusts this authority connects with, and shows where it has an identity."""
        context = ssl.create_default_context(cadata=self.pem.decode())
        if identity is not None:
            context.load_cert_chain(identity.cert, identity.key)
        return context


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, since: datetime.timedelta, until: datetime.timedelta
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + since)
        .not_valid_after(now + until)
    )
