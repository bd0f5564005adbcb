from __future__ import annotations

import asyncio
import logging
import ssl
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from specgw.dataplane.activation import ActivationError
from specgw.dataplane.certificates import LOOK, Certificates, Doors, client_authorities, overlook_bad_names, place
from specgw.plan.model import Edge, KeyPair, Listen, Plan, Scheme, Tls
from specgw.telemetry.metrics import Metrics
from tests.unit.tls.authority import DAY, Authority, Issued

AUTHORITY = Authority()
TLS = Tls(certificates=(KeyPair(cert="a.pem", key="a.key"),))
SEVERAL = Tls(certificates=tuple(KeyPair(cert=f"{name}.pem", key=f"{name}.key") for name in "abc"))


@pytest.fixture
def metrics() -> Metrics:
    return Metrics("0")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    AUTHORITY.issue("a.example").write(tmp_path, "a")
    AUTHORITY.issue("*.b.example", "one.c.example").write(tmp_path, "b")
    AUTHORITY.issue("*.c.example", "x.b.example").write(tmp_path, "c")
    return tmp_path


def made(folder: Path, metrics: Metrics, tls: Tls = TLS) -> Certificates:
    return Certificates("listen", tls, str(folder), metrics)


def shown(context: ssl.SSLContext, name: str | None = None) -> bytes:
    """The certificate that a client is shown when it asks for a name."""
    client = ssl.create_default_context(cadata=AUTHORITY.pem.decode())
    client.check_hostname = False
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    found = b""
    ends = [client.wrap_bio(down, up, server_hostname=name), context.wrap_bio(up, down, server_side=True)]
    while ends:
        for end in list(ends):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            ends.remove(end)
            if not end.server_side:
                found = end.getpeercert(binary_form=True) or b""
    return found


def said(metrics: Metrics, outcome: str) -> float:
    sample = f'specgw_certificate_reloads_total{{outcome="{outcome}"}} '
    return sum(float(line.removeprefix(sample)) for line in metrics.expose().decode().splitlines() if line.startswith(sample))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (None, "a"),
        ("a.example", "a"),
        ("elsewhere.example", "a"),
        ("n.b.example", "b"),
        ("N.B.EXAMPLE", "b"),
        ("m.n.b.example", "a"),
        ("x.b.example", "c"),
        ("n.c.example", "c"),
        ("one.c.example", "b"),
    ],
)
def test_the_name_chooses_and_an_exact_one_stands_before_a_wildcard(
    folder: Path, metrics: Metrics, asked: str | None, expected: str
) -> None:
    context = made(folder, metrics, SEVERAL).context
    assert shown(context, asked) == ssl.PEM_cert_to_DER_cert((folder / f"{expected}.pem").read_text())


def test_a_new_file_is_taken_over_without_another_context(folder: Path, metrics: Metrics) -> None:
    certificates = made(folder, metrics)
    context, before = certificates.context, shown(certificates.context)
    certificates.refresh()
    assert (shown(context), said(metrics, "reloaded")) == (before, 0), "nothing has changed"
    fresh = AUTHORITY.issue("a.example")
    fresh.write(folder, "a")
    certificates.refresh()
    assert shown(context) == fresh.der
    assert certificates.context is context
    assert said(metrics, "reloaded") == 1


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (AUTHORITY.issue(until=-DAY / 2), "a.pem: the certificate has expired"),
        (AUTHORITY.issue(since=DAY), "a.pem: the certificate is not valid yet"),
        (Issued(AUTHORITY.certificate, AUTHORITY.issue().key), "a.key: the key does not belong to the certificate in "),
    ],
)
def test_a_bad_file_keeps_the_old_one_and_is_told_once(
    folder: Path, metrics: Metrics, caplog: pytest.LogCaptureFixture, bad: Issued, says: str
) -> None:
    certificates = made(folder, metrics)
    before = shown(certificates.context)
    bad.write(folder, "a")
    for _ in range(3):
        certificates.refresh()
    assert shown(certificates.context) == before
    assert said(metrics, "refused") == 1
    (record,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert says in record.getMessage()
    assert record.getMessage().startswith(f"gateway.listen.tls: {folder}/a.")
    good = AUTHORITY.issue()
    good.write(folder, "a")
    certificates.refresh()
    assert shown(certificates.context) == good.der


def test_half_a_renewal_changes_nothing(folder: Path, metrics: Metrics) -> None:
    """Between the two renames of a renewal the key does not belong to the certificate."""
    certificates = made(folder, metrics)
    before, fresh = shown(certificates.context), AUTHORITY.issue()
    (folder / "a.key").write_bytes(fresh.key_pem())
    certificates.refresh()
    assert shown(certificates.context) == before
    (folder / "a.pem").write_bytes(fresh.pem)
    certificates.refresh()
    assert shown(certificates.context) == fresh.der


def test_one_bad_file_among_several_keeps_all(folder: Path, metrics: Metrics) -> None:
    certificates = made(folder, metrics, SEVERAL)
    before = shown(certificates.context)
    AUTHORITY.issue("a.example").write(folder, "a")
    (folder / "c.key").unlink()
    certificates.refresh()
    assert shown(certificates.context) == before


def test_what_is_in_use_need_not_be_right_any_more(folder: Path, metrics: Metrics) -> None:
    """An expired certificate must not stop a change of the documents; that it is expired is told by the metric."""
    now = 0.0
    AUTHORITY.issue(until=DAY).write(folder, "a")
    now = (folder / "a.pem").stat().st_mtime
    certificates = Certificates("listen", TLS, str(folder), metrics, clock=lambda: now)
    now += 2 * DAY.total_seconds()
    assert certificates.load(TLS, str(folder)) is certificates.loaded
    with pytest.raises(ActivationError, match="expired"):
        certificates.load(replace(TLS, client_ca="a.pem"), str(folder))


def test_without_its_authorities_no_listener_begins(folder: Path, metrics: Metrics) -> None:
    tls = replace(TLS, client_ca="ca.pem")
    with pytest.raises(ActivationError, match=rf"^gateway\.listen\.tls: {folder}/ca\.pem: No such file"):
        made(folder, metrics, tls)
    AUTHORITY.write(folder / "ca.pem")
    certificates = made(folder, metrics, tls)
    assert certificates.loaded.context.verify_mode is ssl.CERT_REQUIRED
    assert certificates.files == (folder / "a.pem", folder / "a.key", folder / "ca.pem")


def test_doors_are_of_listeners_that_are_open(folder: Path, metrics: Metrics) -> None:
    edge = Edge(listen=Listen(tls=TLS), admin=Listen(tls=SEVERAL), folder=str(folder))
    doors = Doors(edge, metrics, admin=False)
    assert doors["listen"] is not None
    assert doors["admin"] is None
    both = Doors(edge, metrics, admin=True)
    assert both["admin"] is not None
    assert [name for name, _ in both.not_after()] == ["a.pem", "b.pem", "c.pem"]
    assert 'specgw_certificate_not_after_seconds{name="c.pem"}' in metrics.expose().decode()
    assert Doors(Edge(), metrics, admin=True).files == ()


def test_a_plan_brings_its_certificates_all_or_none(folder: Path, metrics: Metrics) -> None:
    edge = Edge(listen=Listen(tls=TLS), admin=Listen(tls=TLS), folder=str(folder))
    doors = Doors(edge, metrics, admin=True)
    listen, admin = doors["listen"], doors["admin"]
    assert listen is not None
    assert admin is not None
    before = shown(listen)
    missing = Tls(certificates=(KeyPair(cert="none.pem", key="none.key"),))
    other = Tls(certificates=SEVERAL.certificates[1:])
    with pytest.raises(ActivationError, match=r"^gateway\.admin\.tls: .*none\.pem"):
        doors.prepare(replace(edge, listen=Listen(tls=other), admin=Listen(tls=missing)))
    assert shown(listen) == before
    use = doors.prepare(replace(edge, listen=Listen(tls=other)))
    assert shown(listen) == before, "read, but not in use yet"
    use()
    assert shown(listen) != before
    assert shown(admin) == before


@pytest.mark.parametrize(("before", "after"), [(TLS, None), (None, TLS)])
def test_http_and_https_are_exchanged_by_a_restart_only(folder: Path, metrics: Metrics, before: Tls | None, after: Tls | None) -> None:
    doors = Doors(Edge(listen=Listen(tls=before), folder=str(folder)), metrics, admin=False)
    with pytest.raises(ActivationError, match=r"gateway\.listen\.tls: a listener changes between HTTP and HTTPS only with a restart"):
        doors.prepare(Edge(listen=Listen(tls=after), folder=str(folder)))


def test_files_are_looked_at_every_few_seconds(folder: Path, metrics: Metrics, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("specgw.dataplane.certificates.time.monotonic", lambda: now)
    doors = Doors(Edge(listen=Listen(tls=TLS), folder=str(folder)), metrics, admin=False)
    AUTHORITY.issue().write(folder, "a")
    now += LOOK - 0.1
    doors.look()
    assert said(metrics, "reloaded") == 0
    now += 0.1
    doors.look()
    assert said(metrics, "reloaded") == 1


def test_a_place_is_found_by_name_alone() -> None:
    assert place("generated/..", "certs/a.pem") == Path("certs/a.pem")
    assert place("conf", "/run/secrets/a.pem") == Path("/run/secrets/a.pem")
    assert place("", "a.pem") == Path("a.pem")


def test_only_bad_names_are_overlooked(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []

    class Unraisable:
        def __init__(self, error: BaseException, what: object) -> None:
            self.exc_type, self.exc_value, self.object = type(error), error, what

    monkeypatch.setattr(sys, "unraisablehook", told.append)
    overlook_bad_names()
    bad = UnicodeDecodeError("ascii", b"\xff", 0, 1, "no")
    others = [Unraisable(bad, asyncio), Unraisable(ValueError(), b"\xff")]
    for unraisable in (Unraisable(bad, b"\xff"), *others):
        sys.unraisablehook(unraisable)  # type: ignore[arg-type]
    assert told == others


def test_authorities_of_schemes_are_read_from_beside_gateway_yaml(folder: Path) -> None:
    AUTHORITY.write(folder / "ca.pem")
    scheme = Scheme(name="machine", service="s", kind="mutualTLS", type="mutualTLS", ca="ca.pem")
    other = Scheme(name="any", service="s", kind="mutualTLS", type="mutualTLS")
    edge = Edge(folder=str(folder))
    found = client_authorities(Plan(edge=edge, schemes={"s/machine": scheme, "s/any": other}))
    assert found == {"ca.pem": (ssl.PEM_cert_to_DER_cert(AUTHORITY.pem.decode()),)}
    with pytest.raises(ActivationError, match=r"s/machine: .*none\.pem: No such file"):
        client_authorities(Plan(edge=edge, schemes={"s/machine": replace(scheme, ca="none.pem")}))


def test_clients_are_asked_on_behalf_of_schemes_unless_the_listener_knows_better(folder: Path, metrics: Metrics) -> None:
    AUTHORITY.write(folder / "ca.pem")
    Authority("Other").write(folder / "other.pem")
    for tls, mode, count in (
        (TLS, ssl.CERT_NONE, 0),
        (replace(TLS, scheme_ca=("ca.pem", "other.pem")), ssl.CERT_OPTIONAL, 2),
        (replace(TLS, scheme_ca=("ca.pem", "other.pem"), client_ca="ca.pem"), ssl.CERT_REQUIRED, 1),
    ):
        context = made(folder, metrics, tls).loaded.context
        assert (context.verify_mode, len(context.get_ca_certs())) == (mode, count)
