from __future__ import annotations

import datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from msgspec.structs import replace

from specgw.plan.model import Consumer, Scheme
from specgw.policies.auth import mutual_tls
from specgw.policies.auth.base import Identity, Refusal, Services, Unbuildable, Verdict
from specgw.policies.base import Exchange
from specgw.policies.certificate import Shown
from tests.unit.tls.authority import DAY, Authority

OURS, OTHERS = Authority("Ours"), Authority("Others")
SCHEME = Scheme(name="machine", service="s", kind="mutualTLS", type="mutualTLS", http_scheme=None, ca="ca.pem")
ADA = OURS.issue("ada.example", address=False, client=True, subject="CN=ada,O=Shop").der


def services(**more: Any) -> Services:
    return Services(authorities={"ca.pem": (OURS.certificate.public_bytes(Encoding.DER),)}, **more)


def verdict(shown: Shown | None, on: Services | None = None, **said: Any) -> Verdict:
    exchange = Exchange()
    exchange.certificate = shown
    return mutual_tls.build(replace(SCHEME, **said), on or services()).verify(exchange)


def test_nothing_was_shown() -> None:
    assert verdict(None) is None


@pytest.mark.parametrize("vouched", [False, True])
def test_who_it_is(vouched: bool) -> None:
    found = verdict(Shown(ADA, vouched))
    assert isinstance(found, Identity)
    assert (found.scheme, found.subject, found.consumer) == ("machine", "CN=ada,O=Shop", None)
    assert found.claims == {"issuer": "CN=Ours", "dns": ["ada.example"], "uri": [], "email": []}
    assert found.expires is not None


def test_a_consumer_of_that_name_gives_its_roles() -> None:
    found = verdict(Shown(ADA), services(consumers={"ada": Consumer(roles=("seller",))}))
    assert isinstance(found, Identity)
    assert (found.consumer, found.roles) == ("ada", frozenset(("seller",)))


@pytest.mark.parametrize("vouched", [False, True])
def test_another_authoritys_is_refused(vouched: bool) -> None:
    other = OTHERS.issue("ada.example", client=True, subject="CN=ada,O=Shop").der
    impostor = Authority("Ours").issue("ada.example", client=True, subject="CN=ada,O=Shop").der
    for der in (other, impostor):
        refused = verdict(Shown(der, vouched))
        assert isinstance(refused, Refusal)
        assert "not issued by an authority" in refused.reason


@pytest.mark.parametrize("subject", ["CN=ada,O=Shop", "DNS:ada.example", "DNS:ADA.example"])
def test_subjects_that_are_accepted(subject: str) -> None:
    assert isinstance(verdict(Shown(ADA), subjects=("CN=somebody", subject)), Identity)


@pytest.mark.parametrize("subject", ["CN=ada", "O=Shop,CN=ada", "CN=ada,O=Shop,C=DE", "DNS:example", "URI:ada.example", "email:a@b"])
def test_subjects_that_are_not(subject: str) -> None:
    assert isinstance(verdict(Shown(ADA), subjects=(subject,)), Refusal)


def test_without_authorities_of_its_own_the_listeners_or_a_proxys_count() -> None:
    assert isinstance(verdict(Shown(ADA), Services(client_authorities=True), ca=None), Identity)
    assert isinstance(verdict(Shown(ADA, vouched=True), Services(), ca=None), Identity)
    # Asked for on behalf of another scheme.
    assert isinstance(verdict(Shown(ADA), Services(), ca=None), Refusal)


def test_it_ends_while_the_connection_goes_on() -> None:
    now = datetime.datetime.now(datetime.UTC).timestamp()
    clock = [now]
    verifier = mutual_tls.build(SCHEME, services(clock=lambda: clock[0]))
    exchange = Exchange()
    exchange.certificate = Shown(OURS.issue("a.example", client=True, until=DAY).der)
    assert isinstance(verifier.verify(exchange), Identity)
    clock[0] = now + 2 * DAY.total_seconds()
    assert isinstance(verifier.verify(exchange), Refusal)
    clock[0] = now - 2 * DAY.total_seconds()
    assert isinstance(verifier.verify(exchange), Refusal)


def test_many_certificates_are_no_memory_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutual_tls, "REMEMBERED", 2)
    verifier = mutual_tls.build(SCHEME, services())
    exchange = Exchange()
    for number in range(5):
        exchange.certificate = Shown(b"%d" % number, vouched=True)
        assert isinstance(verifier.verify(exchange), Refusal)
    assert len(verifier._seen) == 2


def test_damage_is_refused() -> None:
    for der in (b"", b"\x30\x03abc", ADA[:-5], ADA[:40] + b"\xff" + ADA[41:]):
        assert isinstance(verdict(Shown(der, vouched=True)), Refusal)


def test_authorities_that_nobody_has_read() -> None:
    with pytest.raises(Unbuildable, match="s/machine"):
        mutual_tls.build(SCHEME, Services())


@pytest.mark.parametrize("text", ["ada", "", "DNS:", "CN"])
def test_what_is_no_subject(text: str) -> None:
    with pytest.raises(ValueError, match="neither"):
        mutual_tls.read_subject(text)
