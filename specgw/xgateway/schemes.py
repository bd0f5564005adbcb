"""A security scheme of a document, with what its `x-gateway` says, as the Plan has it: every value settled."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from msgspec.structs import replace

from specgw.diagnostics import Findings
from specgw.openapi.model import Node, SecurityScheme
from specgw.plan.model import Introspection, Scheme, SchemeKind
from specgw.xgateway.tree import Tree, plain, plant

if TYPE_CHECKING:
    from specgw.xgateway.vocabulary.schemes import Scheme as Said

KEY = "x-gateway"

# Which keys mean something for which kind, beside `forward` and `verify`, which every kind has.
_KEYS: dict[SchemeKind, tuple[str, ...]] = {
    "apiKey": (),
    "basic": ("users",),
    "token": (
        "issuer", "audience", "jwks", "secret", "algorithms", "leeway", "preset", "introspection", "scopesFrom", "rolesFrom", "plainHttp",
    ),
    "mutualTLS": ("ca", "subjects"),
    "other": (),
}  # fmt: skip
_KIND_IN_WORDS: dict[SchemeKind, str] = {
    "apiKey": "of the type apiKey",
    "basic": "of HTTP Basic",
    "token": "with bearer tokens",
    "mutualTLS": "of the type mutualTLS",
    "other": "that the gateway knows by name only",
}


def settle_scheme(declared: SecurityScheme, service: str, findings: Findings) -> Scheme:
    """The scheme as it is verified; findings for what of its `x-gateway` is wrong or has no effect there."""
    scheme = _plainly(declared, service)
    extension = declared.node.get(KEY)
    if extension is None:
        return scheme
    said = read_extension(extension, scheme.kind, findings)
    return scheme if said is None else _with(scheme, said)


def digest(key: str) -> str:
    """How a development key is written down in a Plan: never as it is."""
    return "sha256:" + hashlib.sha256(key.encode()).hexdigest()


def _plainly(declared: SecurityScheme, service: str) -> Scheme:
    """The scheme of a document that says nothing of x-gateway."""
    kind, words = declared.type, declared.type
    scheme = Scheme(name=declared.name, service=service, kind="token", type=words, http_scheme="bearer", scopes=declared.scopes)
    if kind == "apiKey":
        location = declared.location
        assert location in ("header", "query", "cookie")
        return replace(scheme, kind="apiKey", type=f"apiKey in {location}", location=location, field=declared.field, http_scheme=None)
    if kind == "mutualTLS":
        return replace(scheme, kind="mutualTLS", http_scheme=None)
    if kind == "http":
        name = declared.http_scheme
        kinds: dict[str, SchemeKind] = {"basic": "basic", "bearer": "token"}
        return replace(scheme, kind=kinds.get(name, "other"), type=f"http {name}", http_scheme=name)
    return replace(scheme, open_id_connect_url=declared.open_id_connect_url or None)


def read_extension(extension: Node, kind: SchemeKind, findings: Findings) -> Said | None:
    """What the `x-gateway` of a scheme says where it is right and has an effect; None where it is no mapping."""
    # Only now, since a document that says nothing of x-gateway needs no models: see `settings`.
    from specgw.xgateway.faults import sound
    from specgw.xgateway.vocabulary.level import KEYS
    from specgw.xgateway.vocabulary.schemes import Scheme as Said

    tree = plant(extension)
    if tree.children is None:
        findings.add("wrong-value", extension, "'x-gateway' must be a mapping")
        return None
    known = dict(tree.children)
    for key in [key for key in known if key in KEYS]:
        hint = "it belongs in an operation, a path item or at the document's root"
        findings.add("misplaced-key", known.pop(key).node, f"'{key}' cannot stand in a security scheme", hint=hint)
    said, known = sound(Said, Tree(extension, known), KEY, findings)
    allowed = {"forward", "verify", *_KEYS[kind]}
    for key in [key for key in known if key not in allowed]:
        homes = " or ".join(_KIND_IN_WORDS[kind] for kind, keys in _KEYS.items() if key in keys)
        message = f"'{key}' has no effect in a security scheme {_KIND_IN_WORDS[kind]}"
        findings.add("misplaced-key", known.pop(key).node, message, hint=f"it is for schemes {homes}")
    if said.verify == "upstream":
        for key in [key for key in known if key in _KEYS[kind]]:
            message = f"'{key}' has no effect where 'verify: upstream' leaves credentials to the service"
            findings.add("misplaced-key", known.pop(key).node, message, hint="leave out one of the two")
        if said.forward in ("strip", "claims"):
            message = f"the service cannot verify what 'forward: {said.forward}' keeps from it"
            findings.add("wrong-value", known["forward"].node, message, hint="leave it out: with 'verify: upstream' credentials are kept")
    return Said.model_validate(plain(Tree(extension, known)))


def _with(scheme: Scheme, said: Said) -> Scheme:
    audience = said.audience
    asked = said.introspection
    return replace(
        scheme,
        verify=said.verify or "gateway",
        forward="keep" if said.verify == "upstream" else said.forward or "strip",
        issuer=said.issuer,
        audience=(audience,) if isinstance(audience, str) else tuple(dict.fromkeys(audience or ())),
        jwks=said.jwks,
        secret=said.secret,
        plain_http=bool(said.plain_http),
        algorithms=tuple(dict.fromkeys(said.algorithms or ())),
        leeway=scheme.leeway if said.leeway is None else said.leeway,
        introspection=None if asked is None else Introspection(url=asked.url, client_id=asked.client_id, client_secret=asked.client_secret),
        preset=said.preset,
        scopes_from=said.scopes_from,
        roles_from=said.roles_from,
        users=dict(said.users or {}),
        ca=said.ca,
        subjects=tuple(dict.fromkeys(said.subjects or ())),
    )
