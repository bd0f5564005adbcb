"""What of a security scheme decides who gets in. Schemes are compared by their keys, `service/name`, in both Plans.

A scheme that only one Plan has lets nobody in or out by itself: the routes that ask for it are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from specgw.changes.change import Change, Grade
from specgw.changes.measure import accepted
from specgw.plan.model import Plan, Scheme

PUBLIC_KEY_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""What is accepted where nothing is said."""

_Make = Callable[[Grade, str, str, object, object], Change]
"""Makes a change of one scheme from its grade, code and message and what was before and is now."""


def compare(old: Plan, new: Plan) -> Iterator[Change]:
    """Differences of schemes that both Plans have."""
    for key in sorted(old.schemes.keys() & new.schemes.keys()):
        before, after = old.schemes[key], new.schemes[key]
        if before != after:
            places = old.scheme_origins.get(key), new.scheme_origins.get(key)
            for change in _scheme(f"scheme {key}", before, after):
                yield replace(change, old=places[0], new=places[1])


def _scheme(subject: str, old: Scheme, new: Scheme) -> Iterator[Change]:
    def change(grade: Grade, code: str, message: str, before: object, after: object) -> Change:
        return Change(grade=grade, code=code, subject=subject, message=message, before=str(before), after=str(after))

    if (old.kind, old.http_scheme) != (new.kind, new.http_scheme):
        yield change("weaker", "scheme-type", f"other credentials are accepted: {old.type} before, {new.type} now", old.type, new.type)
        return
    if old.verify != new.verify:
        if new.verify == "upstream":
            yield change("weaker", "scheme-verify", "the gateway asks only for presence (verify: upstream)", old.verify, new.verify)
        else:
            yield change("stronger", "scheme-verify", "the gateway verifies what it only passed on before", old.verify, new.verify)
    if (old.location, old.field) != (new.location, new.field):
        places = f"{old.location} {old.field}", f"{new.location} {new.field}"
        yield change("neutral", "scheme-place", f"credentials are sent elsewhere: in {places[0]} before, in {places[1]} now", *places)
    if old.forward != new.forward:
        message = f"what the service gets of credentials: {old.forward} before, {new.forward} now"
        yield change("neutral", "scheme-forward", message, old.forward, new.forward)
    yield from _trust(old, new, change)
    yield from accepted(old.audience, new.audience, subject=subject, code="scheme-audience", what="audiences of tokens", empty_is_all=True)
    yield from accepted(
        old.algorithms or PUBLIC_KEY_ALGORITHMS,
        new.algorithms or PUBLIC_KEY_ALGORITHMS,
        subject=subject,
        code="scheme-algorithms",
        what="signature algorithms",
    )
    if old.leeway != new.leeway:
        message = f"tokens are accepted {new.leeway:g} s beyond their time, {old.leeway:g} s before"
        yield change("weaker" if new.leeway > old.leeway else "stronger", "scheme-leeway", message, f"{old.leeway:g}", f"{new.leeway:g}")
    yield from _grants(old, new, change)
    yield from _people(subject, old, new, change)


def _trust(old: Scheme, new: Scheme, change: _Make) -> Iterator[Change]:
    """Whose word is believed: issuers, key sets, introspection, authorities."""
    for name, code, what in (
        ("issuer", "scheme-issuer", "issuer of tokens"),
        ("open_id_connect_url", "scheme-discovery", "discovery document"),
        ("jwks", "scheme-keys", "key set"),
        ("ca", "scheme-authorities", "authorities for certificates"),
    ):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            # An issuer that is asked for beside the same keys as before shuts others out; any other change trusts somebody new.
            narrower = name == "issuer" and before is None and (old.jwks, old.open_id_connect_url) == (new.jwks, new.open_id_connect_url)
            narrower = narrower and bool(old.jwks or old.open_id_connect_url)
            message = f"{what}: {before or 'none'} before, {after or 'none'} now"
            yield change("stronger" if narrower else "weaker", code, message, before, after)
    if old.secret != new.secret:
        # The Plan holds references to the environment, never a secret itself.
        yield change("weaker", "scheme-secret", "tokens are verified with another secret", old.secret, new.secret)
    if old.plain_http != new.plain_http:
        message = "the issuer is asked without TLS" if new.plain_http else "the issuer is asked under TLS alone"
        yield change("weaker" if new.plain_http else "stronger", "scheme-plain-http", message, old.plain_http, new.plain_http)
    asked, asks = (scheme.introspection and (scheme.introspection.url, scheme.introspection.client_id) for scheme in (old, new))
    if asked != asks:
        ends = asks is None and bool(new.jwks or new.issuer or new.open_id_connect_url)
        message = f"introspection: {asked[0] if asked else 'none'} before, {asks[0] if asks else 'none'} now"
        yield change("stronger" if ends else "weaker", "scheme-introspection", message, asked, asks)


def _grants(old: Scheme, new: Scheme, change: _Make) -> Iterator[Change]:
    """Which claims give scopes and roles: any others may give more."""
    for name, what in (("scopes_from", "scopes"), ("roles_from", "roles")):
        before, after = (_claims(scheme, getattr(scheme, name)) for scheme in (old, new))
        if before != after:
            yield change("weaker", f"scheme-{what}-from", f"{what} come from other claims: {before} before, {after} now", before, after)


def _claims(scheme: Scheme, path: str | None) -> str:
    return path or (f"those of {scheme.preset}" if scheme.preset else "the usual ones")


def _people(subject: str, old: Scheme, new: Scheme, change: _Make) -> Iterator[Change]:
    """Who is let in by name."""
    if bool(old.users) != bool(new.users):
        before, after = (", ".join(sorted(scheme.users)) or "the key store" for scheme in (old, new))
        yield change("weaker", "scheme-users", f"users come from somewhere else: {before} before, {after} now", before, after)
    else:
        yield from accepted(old.users, new.users, subject=subject, code="scheme-users", what="users")
        changed = [name for name in sorted(old.users.keys() & new.users.keys()) if old.users[name] != new.users[name]]
        if changed:
            yield change("neutral", "scheme-passwords", f"other passwords for: {', '.join(changed)}", "", ", ".join(changed))
    yield from accepted(
        old.subjects, new.subjects, subject=subject, code="scheme-subjects", what="subjects of certificates", empty_is_all=True
    )
