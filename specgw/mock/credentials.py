"""Two identities that the sandbox knows for each security scheme; everybody else is refused, as at the real service.

They are the same in every sandbox and no secrets: what they open is made from a document. Live credentials are not
accepted, so that nobody has a reason to send them here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from msgspec.structs import replace

from specgw.mock import proofs
from specgw.plan.model import Consumer, Listen, Plan, Route, Scheme, State
from specgw.policies.auth import passwords
from specgw.policies.auth.base import Identity, Introspection, Key, Keys, Services, SignatureKey, Unavailable, Verifier, digest
from specgw.policies.auth.jwk import secret_key
from specgw.policies.auth.schemes import verifiers

NAMES = ("sandbox-1", "sandbox-2")
KEYS = ("SANDBOX_KEY_1", "SANDBOX_KEY_2")
PASSWORDS = ("sandbox-password-1", "sandbox-password-2")
ISSUER = "urn:specgw:sandbox"
_SECRET = b"specgw sandbox tokens: everybody may make them"
_KEY = secret_key(_SECRET)
PORT = 4010
"""Where a sandbox listens that is nothing else."""
_END = 4_102_444_800
"""When the tokens end: 2100-01-01."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What the identities may do: everything that some route asks for."""

    scopes: frozenset[str]
    roles: frozenset[str]
    claims: tuple[tuple[str, Any], ...]


def granted(plan: Plan) -> Grant:
    """All scopes, roles and claims that routes of a plan ask for."""
    listed = [required for route in plan.routes for alternative in route.security or () for required in alternative]
    asked = [route.require for route in plan.routes if route.require is not None]
    scopes = {scope for required in listed for scope in required.scopes} | {scope for require in asked for scope in require.scopes}
    scopes |= {scope for scheme in plan.schemes.values() for scope in scheme.scopes}
    roles = {scope for required in listed if required.roles for scope in required.scopes}
    roles |= {role for require in asked for role in require.roles}
    claims = {name: value for require in asked for name, value in require.claims.items()}
    return Grant(frozenset(scopes), frozenset(roles), tuple(sorted(claims.items())))


def token(number: int, grant: Grant) -> str:
    """The bearer token of an identity (RFC 7519, signed with HS256): what the sandbox itself issues."""
    claims = {
        **dict(grant.claims),
        "iss": ISSUER,
        "sub": NAMES[number],
        "aud": ISSUER,
        "exp": _END,
        "scope": " ".join(sorted(grant.scopes)),
        "roles": sorted(grant.roles),
    }
    signed = b".".join(_encoded(msgspec.json.encode(part)) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return (signed + b"." + _encoded(hmac.digest(_SECRET, signed, hashlib.sha256))).decode("ascii")


def _encoded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def alone(plan: Plan) -> Plan:
    """The plan of a sandbox that is nothing else: no service, no issuer and no key store is known, and no secret is needed."""
    edge = replace(plan.edge, listen=Listen(port=PORT), admin=Listen(port=0), fallback=None, state=State(), consumers={})
    routes = tuple(replace(route, upstreams=(), rewrite=None) for route in plan.routes)
    return replace(plan, edge=edge, routes=routes, upstreams={}, schemes=schemes(plan))


def schemes(plan: Plan) -> dict[str, Scheme]:
    """The schemes of a plan as the sandbox verifies them, by their keys."""
    return {key: _sandboxed(scheme) for key, scheme in plan.schemes.items()}


def _sandboxed(scheme: Scheme) -> Scheme:
    scheme = replace(scheme, verify="gateway")
    if scheme.kind == "basic":
        return replace(scheme, users=dict(_users()))
    if scheme.kind == "mutualTLS":
        return replace(scheme, ca=None, subjects=())
    if scheme.kind == "other" and scheme.http_scheme == "digest":
        return replace(scheme, challenge=proofs.DIGEST)
    if scheme.kind != "token":
        return scheme
    return Scheme(
        name=scheme.name,
        service=scheme.service,
        kind="token",
        type=scheme.type,
        http_scheme="bearer",
        scopes=scheme.scopes,
        issuer=ISSUER,
        audience=(ISSUER,),
        secret="sandbox",
        algorithms=("HS256",),
    )


@cache
def _users() -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, passwords.write(password, salt=name.encode().ljust(16, b"."))) for name, password in zip(NAMES, PASSWORDS, strict=True)
    )


class _Store:
    """The key store of the sandbox."""

    def __init__(self, grant: Grant) -> None:
        self._keys = {
            digest(key.encode()): Key(name, name, scopes=grant.scopes, roles=grant.roles) for key, name in zip(KEYS, NAMES, strict=True)
        }

    def find(self, key: bytes) -> Key | None:
        return self._keys.get(digest(key))


class _Ring:
    """The one key of the sandbox's own issuer."""

    issuer = ISSUER
    generation = 1

    def find(self, kid: str | None, algorithm: str) -> Sequence[SignatureKey]:
        return (_KEY,)


class _Issuers:
    """Everybody's tokens come from the sandbox itself."""

    def keys_of(self, scheme: Scheme) -> Keys:
        return _Ring()

    def introspection_of(self, scheme: Scheme) -> Introspection:
        raise Unavailable("nobody is asked about tokens in the sandbox")


def services(plan: Plan) -> Services:
    """What the verifiers of the sandbox are built with."""
    grant = granted(plan)
    consumers = {name: Consumer(roles=tuple(sorted(grant.roles))) for name in NAMES}
    return Services(keys=_Store(grant), issuers=_Issuers(), consumers=consumers)


def made(plan: Plan, schemes: Mapping[str, Scheme], services: Services) -> dict[str, Verifier]:
    """What verifies the schemes of the sandbox, by their keys."""
    grant = granted(plan)
    found = verifiers(replace(plan, schemes=dict(schemes)), services)
    passwords, words = dict(zip(NAMES, PASSWORDS, strict=True)), dict(zip(KEYS, NAMES, strict=True))
    for key, scheme in schemes.items():
        identities = {
            name: Identity(scheme.name, name, name, grant.scopes, grant.roles, {**dict(grant.claims), "sub": name}) for name in NAMES
        }
        own = proofs.verifier(scheme, identities, passwords, words)
        if own is not None:
            found[key] = own
    return found


def credentials(plan: Plan) -> list[tuple[str, list[str]]]:
    """What works for each scheme, in words that can be pasted: name and type, and one line for each identity."""
    grant = granted(plan)
    found = []
    for key, scheme in sorted(plan.schemes.items()):
        lines = list(_lines(scheme, grant))
        found.append((f"{key} ({scheme.type})", lines))
    return found


def fields(plan: Plan) -> dict[str, dict[str, str]]:
    """What the first identity sends for each scheme, by its key: in which part of a request, under which name.

    Digest is not there.
    """
    grant = granted(plan)
    found = {key: _field(scheme, grant) for key, scheme in sorted(plan.schemes.items())}
    return {key: field for key, field in found.items() if field is not None}


def _field(scheme: Scheme, grant: Grant) -> dict[str, str] | None:
    if scheme.kind == "apiKey":
        return {"in": scheme.location, "name": scheme.field, "value": KEYS[0]}
    if scheme.http_scheme == "digest":
        return None  # each response is made for one request
    lines = list(_lines(scheme, grant))
    name, _, value = lines[0].partition(": ")
    return {"in": "header", "name": name, "value": value}


def _lines(scheme: Scheme, grant: Grant) -> Iterable[str]:
    if scheme.kind == "apiKey":
        forms = {"header": f"{scheme.field}: %s", "query": f"?{scheme.field}=%s", "cookie": f"Cookie: {scheme.field}=%s"}
        return [forms[scheme.location] % key for key in KEYS]
    if scheme.kind == "basic":
        pairs = (f"{name}:{password}".encode() for name, password in zip(NAMES, PASSWORDS, strict=True))
        return [f"Authorization: Basic {base64.b64encode(pair).decode()}" for pair in pairs]
    if scheme.kind == "token":
        return [f"Authorization: Bearer {token(number, grant)}" for number in range(len(NAMES))]
    if scheme.kind == "mutualTLS":
        return [proofs.certificate_line(der) for der in proofs.certificates(NAMES).values()]
    if scheme.http_scheme == "digest":
        return [proofs.digest_line(name, password) for name, password in zip(NAMES, PASSWORDS, strict=True)]
    return [f"Authorization: {(scheme.http_scheme or '').title()} {key}" for key in KEYS]


def open_route(route: Route) -> Route:
    """The route as the sandbox holds requests to it: nobody can be tricked into anything, so that forgery is not looked for."""
    return replace(route, csrf="off", websocket=None)
