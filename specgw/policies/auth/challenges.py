"""What a refusal says: the `WWW-Authenticate` fields (RFC 9110 section 11.6.1), and in words what was missing."""

from __future__ import annotations

import re

from specgw.plan.model import Scheme
from specgw.policies.auth.base import Refusal

# RFC 7616 section 3.3: "For historical reasons, […] the following parameters […] MUST NOT be generated with the quoted string syntax".
_UNQUOTED = frozenset(("algorithm", "stale"))
_UNQUOTABLE = re.compile(r"[^ !#-\[\]-~]")


def challenge(scheme: Scheme, refusal: Refusal | None, scopes: tuple[str, ...] = (), metadata: str | None = None) -> bytes:
    """One challenge. `refusal`: why credentials that were sent are not accepted; `scopes`: what the operation asks for.

    `metadata`: where clients learn who gives tokens.
    """
    parameters = [("realm", scheme.service)]
    if scheme.kind == "apiKey":
        name = "ApiKey"
        parameters += [("in", scheme.location), ("name", scheme.field)]
    elif scheme.kind == "basic":
        # RFC 7617 section 2.1
        name = "Basic"
        parameters.append(("charset", "UTF-8"))
    elif scheme.kind == "token":
        # RFC 6750 section 3: no error where nothing was sent.
        name = "Bearer"
        if refusal is not None:
            parameters += [("error", refusal.error), ("error_description", refusal.reason)]
        if scopes:
            parameters.append(("scope", " ".join(scopes)))
        if metadata is not None:
            # RFC 9728 section 5.1
            parameters.append(("resource_metadata", metadata))
    elif scheme.kind == "mutualTLS":
        # No scheme is registered for it, and RFC 9110 section 15.5.2 wants a challenge in every 401.
        name = "ClientCertificate"
    else:
        name = (scheme.http_scheme or "").title()
    parameters += scheme.challenge.items()
    said = (f"{key}={value if key in _UNQUOTED else _quoted(value)}" for key, value in parameters)
    return f"{name} {', '.join(said)}".encode("ascii")


def words(scheme: Scheme) -> str:
    """What a caller has to send for a scheme."""
    if scheme.kind == "apiKey":
        places = {"header": "the header", "query": "the query parameter", "cookie": "the cookie"}
        return f"an API key in {places[scheme.location]} {scheme.field}"
    if scheme.kind == "mutualTLS":
        return "a client certificate"
    kinds = {"basic": "a user name and password (Basic)", "token": "a bearer token"}
    return kinds.get(scheme.kind, f"{scheme.http_scheme} credentials") + " in `Authorization`"


def _quoted(text: str) -> str:
    """A quoted-string (RFC 9110 section 5.6.4); RFC 6750 allows no escapes in it, so what would need one is replaced."""
    return f'"{_UNQUOTABLE.sub("_", text)}"'
