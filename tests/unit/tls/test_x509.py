from __future__ import annotations

import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from specgw.tls.x509 import Certificate, covers, read_certificate
from tests.unit.tls.authority import Authority

ISSUED = Authority().issue("a.example", "*.B.example")


def test_names_and_times_are_those_of_another_reader() -> None:
    certificate = ISSUED.certificate
    before, after = certificate.not_valid_before_utc.timestamp(), certificate.not_valid_after_utc.timestamp()
    assert read_certificate(ISSUED.der) == Certificate(("a.example", "*.b.example"), before, after)


def test_without_alternative_names_there_are_none() -> None:
    """The common name is no DNS name (RFC 9525 section 1.1.2)."""
    assert read_certificate(Authority().issue(address=False).der).names == ()
    assert read_certificate(Authority().issue().der).names == (), "an address is no name"


def test_times_of_other_centuries_and_long_lengths() -> None:
    key = rsa.generate_private_key(65537, 3072)
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "O" * 60)])
    times = datetime.datetime(1951, 2, 3, tzinfo=datetime.UTC), datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=datetime.UTC)
    alternatives = x509.SubjectAlternativeName([x509.DNSName(f"n{number}.example") for number in range(300)])
    der = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(times[0])
        .not_valid_after(times[1])
        .add_extension(alternatives, critical=True)
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )
    read = read_certificate(der)
    assert (read.not_before, read.not_after) == tuple(time.timestamp() for time in times)
    assert read.names == tuple(f"n{number}.example" for number in range(300))


def test_what_is_no_certificate_is_refused() -> None:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    others = (b"", b"\x30", b"\x30\x80\x00\x00", b"\x30\x03\x02\x01\x01", b"x" * 100, ISSUED.der + b"\0")
    for data in (*others, key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)):
        with pytest.raises(ValueError, match=r"^not an X\.509 certificate$"):
            read_certificate(data)


@given(st.integers(0, len(ISSUED.der) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_damage_is_read_or_refused_and_nothing_else(at: int, put: bytes, over: int) -> None:
    data = ISSUED.der[:at] + put + ISSUED.der[at + over :]
    try:
        read = read_certificate(data)
    except ValueError:
        return
    assert all(name.isascii() for name in read.names)


@pytest.mark.parametrize(
    ("name", "asked", "expected"),
    [
        ("a.example", "a.example", True),
        ("a.example", "b.a.example", False),
        ("*.a.example", "b.a.example", True),
        ("*.a.example", "c.b.a.example", False),
        ("*.a.example", "a.example", False),
        ("*.a.example", ".a.example", False),
        ("*.a.example", "*.a.example", True),
        ("b*.a.example", "bc.a.example", False),
        ("*", "a", False),
    ],
)
def test_a_wildcard_stands_for_one_whole_label(name: str, asked: str, expected: bool) -> None:
    assert covers(name, asked) is expected
