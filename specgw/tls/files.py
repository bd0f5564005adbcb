"""Certificates, keys and authorities as PEM files (RFC 7468), and what can be wrong with them.

Every message names the file as the reader knows it, and never shows anything of a key.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterable
from pathlib import Path

from specgw.tls.x509 import Certificate, read_certificate

LONGEST = 1 << 20
"""Bytes of a file that are read; a chain or a bundle of authorities is much shorter."""

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_KEY = re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----")
_ENCRYPTED = re.compile(r"-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED", re.MULTILINE)

Stamp = tuple[int, int, int] | None
"""Modification time in nanoseconds, size and inode of a file; None where there is none."""


class Unusable(ValueError):
    """A file cannot serve its purpose; the text begins with its name."""


def read_pair(cert: Path, key: Path, now: float, cert_name: str, key_name: str) -> Certificate:
    """The first certificate of a file, once it is sure that a listener can show it at this moment. Raises Unusable."""
    certificate = _first(cert, cert_name)
    _check_key(key, key_name)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key, _no_password)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise Unusable(f"{key_name}: the key does not belong to the certificate in {cert_name}") from None
        raise Unusable(f"{cert_name}: OpenSSL cannot use it with the key in {key_name} ({_reason(error)})") from None
    except OSError as error:
        raise Unusable(f"{cert_name}: {error.strerror}") from None
    if now > certificate.not_after:
        raise Unusable(f"{cert_name}: the certificate has expired")
    if now < certificate.not_before:
        raise Unusable(f"{cert_name}: the certificate is not valid yet")
    return certificate


def check_authorities(path: Path, name: str) -> None:
    """Make sure that a file holds certificates of authorities. Raises Unusable."""
    _first(path, name)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_verify_locations(path)
    except ssl.SSLError as error:
        raise Unusable(f"{name}: OpenSSL cannot use it ({_reason(error)})") from None
    except OSError as error:
        raise Unusable(f"{name}: {error.strerror}") from None


def read_authorities(path: Path, name: str) -> tuple[bytes, ...]:
    """The certificates of a file that has been checked, in DER. Raises Unusable."""
    check_authorities(path, name)
    try:
        return tuple(ssl.PEM_cert_to_DER_cert(found) for found in _CERTIFICATE.findall(_text(path, name)))
    except ValueError:
        raise Unusable(f"{name}: a certificate in it is damaged") from None


def stamp(path: Path) -> Stamp:
    """What tells one state of a file from another; follows links, so that an exchanged link counts."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def server_context(cert: Path, key: Path, authorities: Iterable[Path] = (), *, required: bool = True) -> ssl.SSLContext:
    """A context for files that have been checked: TLS 1.2 and 1.3, only with forward secrecy and authenticated encryption.

    With authorities, clients are asked for a certificate of one of them; with `required` they need one. Raises OSError
    (ssl.SSLError) when files have changed since.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # For TLS 1.2 (RFC 9325 section 4.2); those of 1.3 are all of this kind.
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(cert, key, _no_password)
    for path in authorities:
        context.load_verify_locations(path)
        # What somebody lists as an authority is one, also where another one has signed it.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.verify_mode = ssl.CERT_REQUIRED if required else ssl.CERT_OPTIONAL
    return context


def _first(path: Path, name: str) -> Certificate:
    found = _CERTIFICATE.search(_text(path, name))
    if found is None:
        raise Unusable(f"{name}: holds no certificate in PEM form")
    try:
        return read_certificate(ssl.PEM_cert_to_DER_cert(found[0]))
    except ValueError:
        raise Unusable(f"{name}: its first certificate is damaged") from None


def _check_key(path: Path, name: str) -> None:
    text = _text(path, name)
    if _ENCRYPTED.search(text):
        raise Unusable(f"{name}: the key is encrypted, and there is nobody to ask for the password")
    if not _KEY.search(text):
        raise Unusable(f"{name}: holds no private key in PEM form")


def _text(path: Path, name: str) -> str:
    try:
        if path.exists() and not path.is_file():
            raise Unusable(f"{name}: is not a file")
        with path.open("rb") as file:
            return file.read(LONGEST).decode("latin-1")
    except OSError as error:
        raise Unusable(f"{name}: {error.strerror}") from None


def _no_password() -> str:
    # Otherwise OpenSSL asks on the terminal.
    return ""


def _reason(error: ssl.SSLError) -> str:
    return error.reason.lower().replace("_", " ") if error.reason else "unreadable"
