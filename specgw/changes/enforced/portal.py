"""What people can do in the portal: see it, sign in, make keys. How it looks and what its pages say is not in the Plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from specgw.changes.change import GATEWAY, Change
from specgw.changes.enforced import kinds
from specgw.changes.enforced.side import Enforced
from specgw.plan.portal import OwnKeys, Portal, SignIn


class Difference(NamedTuple):
    """One setting that differs."""

    code: str
    setting: str
    """Below `portal`, as gateway.yaml calls it."""
    before: str
    after: str


def compare(old: Enforced, new: Enforced) -> Iterator[Change]:
    """Differences of `portal` that are enforced."""
    before, after = old.plan.edge.portal, new.plan.edge.portal
    for code, setting, was, now in _differences(before, after):
        kind = kinds.PORTAL[code]
        yield Change(
            grade=kind.grade,
            code=code,
            subject=f"{GATEWAY} portal.{setting}",
            message=f"{kind.effect}: {was} before, {now} now",
            before=was,
            after=now,
            old=old.gateway(f"portal.{setting}"),
            new=new.gateway(f"portal.{setting}"),
        )


def _differences(old: Portal, new: Portal) -> Iterator[Difference]:
    if old.enabled != new.enabled:
        yield Difference("portal-on" if new.enabled else "portal-off", "enabled", *(str(said.enabled).lower() for said in (old, new)))
    before, after = old.sign_in, new.sign_in
    if before is not None and after is not None:
        yield from _signing_in(before, after)
    elif before is not after:
        issuers = ["none" if said is None else said.issuer for said in (before, after)]
        yield Difference("sign-in-ended" if after is None else "sign-in-begun", "signIn", *issuers)
    yield from _keys(old.keys, new.keys)


def _signing_in(old: SignIn, new: SignIn) -> Iterator[Difference]:
    for code, setting, was, now in (
        ("sign-in-issuer", "issuer", old.issuer, new.issuer),
        ("sign-in-client", "clientId", old.client_id, new.client_id),
        ("sign-in-consumer", "consumerFrom", old.consumer_from, new.consumer_from),
        ("sign-in-scopes", "scopes", _listed(old.scopes), _listed(new.scopes)),
    ):
        if was != now:
            yield Difference(code, f"signIn.{setting}", was, now)
    if old.client_secret != new.client_secret:
        # The Plan has the name of a variable, never a secret.
        named = [said.client_secret or "none" for said in (old, new)]
        verb = "-added" if old.client_secret is None else "-removed" if new.client_secret is None else ""
        yield Difference(f"sign-in-secret{verb}", "signIn.clientSecret", *named)
    if old.plain_http != new.plain_http:
        code = "sign-in-plain-allowed" if new.plain_http else "sign-in-plain-refused"
        yield Difference(code, "signIn.plainHttp", *(str(said.plain_http).lower() for said in (old, new)))


def _keys(old: OwnKeys, new: OwnKeys) -> Iterator[Difference]:
    if old.most != new.most:
        yield Difference(f"own-keys-{'fewer' if new.most < old.most else 'more'}", "keys.most", str(old.most), str(new.most))
    if old.lifetime != new.lifetime:
        shorter = new.lifetime is not None and (old.lifetime is None or new.lifetime < old.lifetime)
        lasting = ["any" if said.lifetime is None else f"{said.lifetime:g}s" for said in (old, new)]
        yield Difference(f"own-keys-{'shorter' if shorter else 'longer'}", "keys.lifetime", *lasting)
    for setting, was, now in (("scopes", old.scopes, new.scopes), ("roles", old.roles, new.roles)):
        if set(was) != set(now):
            more = bool(set(now) - set(was))
            yield Difference(f"own-keys-{'stronger' if more else 'weaker'}", f"keys.{setting}", _listed(was), _listed(now))


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(sorted(words)) or "none"
