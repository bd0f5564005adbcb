from __future__ import annotations

import datetime
import ssl
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from specgw.tls.files import Unusable, check_authorities, read_authorities, read_pair, server_context, stamp
from tests.unit.tls.authority import DAY, Authority, Files

AUTHORITY = Authority()
ISSUED = AUTHORITY.issue("a.example")


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return ISSUED.write(tmp_path)


def pair(files: Files, now: float | None = None) -> tuple[str, ...]:
    return read_pair(files.cert, files.key, time.time() if now is None else now, "certs/a.pem", "certs/a.key").names


def test_what_fits_together_is_read(files: Files) -> None:
    assert pair(files) == ("a.example",)


def test_the_first_certificate_counts_and_text_around_it_does_not(files: Files) -> None:
    files.cert.write_bytes(b"subject=whatever\n" + ISSUED.pem + AUTHORITY.pem)
    assert pair(files) == ("a.example",)
    both = Files(files.cert, files.cert)
    files.cert.write_bytes(ISSUED.key_pem() + ISSUED.pem)
    assert pair(both) == ("a.example",), "one file may hold both"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("cert", None, "certs/a.pem: No such file or directory"),
        ("key", None, "certs/a.key: No such file or directory"),
        ("cert", b"", "certs/a.pem: holds no certificate in PEM form"),
        ("cert", ISSUED.der, "certs/a.pem: holds no certificate in PEM form"),
        ("cert", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "certs/a.pem: its first certificate is damaged"),
        ("cert", b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n", "certs/a.pem: its first certificate is damaged"),
        ("cert", ISSUED.pem + ISSUED.pem.replace(b"M", b"N", 1), "certs/a.pem: OpenSSL cannot use it with the key in certs/a.key "),
        ("cert", AUTHORITY.issue().pem, "certs/a.key: the key does not belong to the certificate in certs/a.pem"),
        ("key", AUTHORITY.issue().key_pem(), "certs/a.key: the key does not belong to the certificate in certs/a.pem"),
        ("key", ISSUED.pem, "certs/a.key: holds no private key in PEM form"),
        ("key", ISSUED.key_pem(b"secret"), "certs/a.key: the key is encrypted, and there is nobody to ask for the password"),
        ("key", ISSUED.key_pem(b"secret", legacy=True), "certs/a.key: the key is encrypted, and there is nobody"),
        ("key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "OpenSSL cannot use it with the key in certs/a.key"),
    ],
)
def test_every_fault_names_its_file(files: Files, name: str, content: bytes | None, says: str) -> None:
    path: Path = getattr(files, name)
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Unusable) as raised:
        pair(files)
    assert says in str(raised.value)
    assert str(raised.value).startswith("certs/a.")


def test_a_folder_is_no_file(files: Files) -> None:
    files.cert.unlink()
    files.cert.mkdir()
    with pytest.raises(Unusable, match=r"^certs/a\.pem: is not a file$"):
        pair(files)


def test_nothing_of_a_key_is_ever_shown(files: Files) -> None:
    files.key.write_bytes(ISSUED.key_pem().replace(b"A", b"B"))
    with pytest.raises(Unusable) as raised:
        pair(files)
    assert not any(line in str(raised.value) for line in files.key.read_text().splitlines())


def test_it_has_to_be_valid_now(files: Files) -> None:
    with pytest.raises(Unusable, match=r"^certs/a\.pem: the certificate has expired$"):
        pair(files, time.time() + datetime.timedelta(days=366).total_seconds())
    with pytest.raises(Unusable, match=r"^certs/a\.pem: the certificate is not valid yet$"):
        pair(files, time.time() - 2 * DAY.total_seconds())


def test_authorities(tmp_path: Path) -> None:
    path = AUTHORITY.write(tmp_path / "ca.pem")
    check_authorities(path, "ca.pem")
    for content, says in ((b"", "holds no certificate"), (AUTHORITY.pem + AUTHORITY.pem.replace(b"M", b"N", 1), "OpenSSL cannot use it")):
        path.write_bytes(content)
        with pytest.raises(Unusable, match=rf"^ca\.pem: {says}"):
            check_authorities(path, "ca.pem")
    with pytest.raises(Unusable, match=r"^ca\.pem: No such file"):
        check_authorities(tmp_path / "none", "ca.pem")


def test_a_stamp_tells_states_apart(files: Files, tmp_path: Path) -> None:
    before = stamp(files.cert)
    assert before == stamp(files.cert)
    ISSUED.write(tmp_path)
    assert stamp(files.cert) != before, "a new file of the same name and content"
    assert stamp(tmp_path / "none") is None


def test_the_context_knows_modern_tls_only(files: Files) -> None:
    context = server_context(files.cert, files.key)
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.verify_mode is ssl.CERT_NONE
    assert context.options & ssl.OP_NO_COMPRESSION
    assert context.options & ssl.OP_NO_RENEGOTIATION
    for cipher in context.get_ciphers():
        assert cipher["aead"], cipher["name"]
        assert cipher["kea"] in ("kx-ecdhe", "kx-any"), cipher["name"]
        assert cipher["auth"] != "auth-null", cipher["name"]


def test_with_an_authority_a_client_certificate_is_required(files: Files, tmp_path: Path) -> None:
    context = server_context(files.cert, files.key, [AUTHORITY.write(tmp_path / "ca.pem")])
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.get_ca_certs(binary_form=True) == [AUTHORITY.certificate.public_bytes(serialization.Encoding.DER)]


def test_authorities_of_schemes_are_asked_for_and_not_required(files: Files, tmp_path: Path) -> None:
    other = Authority("Other")
    paths = [AUTHORITY.write(tmp_path / "ca.pem"), other.write(tmp_path / "other.pem")]
    context = server_context(files.cert, files.key, paths, required=False)
    assert context.verify_mode is ssl.CERT_OPTIONAL
    ders = {authority.certificate.public_bytes(serialization.Encoding.DER) for authority in (AUTHORITY, other)}
    assert set(context.get_ca_certs(binary_form=True)) == ders
    both = tmp_path / "both.pem"
    both.write_bytes(AUTHORITY.pem + b"# the other one\n" + other.pem)
    assert set(read_authorities(both, "both.pem")) == ders
