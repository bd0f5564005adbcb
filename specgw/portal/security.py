"""Security requirements in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from specgw.portal.references import resolved
from specgw.portal.text import clipped, line, mapping, sequence

_KINDS = {
    "oauth2": "OAuth 2.0 access token",
    "openIdConnect": "OpenID Connect token",
    "mutualTLS": "client certificate",
}
_HTTP = {"bearer": "bearer token", "basic": "user name and password (Basic)", "digest": "user name and password (Digest)"}


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme of an alternative."""

    name: str
    words: str
    scopes: list[str]
    declared: Mapping[str, Any]
    """The Security Scheme Object."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Schemes that are needed together; none at all: nobody has to say who they are."""

    schemes: tuple[Scheme, ...]


def alternatives(security: Any, document: Mapping[str, Any]) -> list[Alternative]:
    """What a list of Security Requirement Objects asks for; one of them is enough. Empty: nothing is asked."""
    declared = mapping(mapping(document.get("components")).get("securitySchemes"))
    told = []
    for requirement in sequence(security):
        schemes = []
        for name, scopes in mapping(requirement).items():
            scheme = resolved(declared.get(name), document)
            needed = [line(scope) for scope in sequence(scopes) if isinstance(scope, str)]
            schemes.append(Scheme(clipped(name), _words(scheme), needed, scheme))
        told.append(Alternative(tuple(schemes)))
    return told


def _words(scheme: Mapping[str, Any]) -> str:
    kind = scheme.get("type")
    if kind == "apiKey":
        return f"API key in {line(scheme.get('in'))} {line(scheme.get('name'))}".rstrip()
    if kind == "http":
        authentication = line(scheme.get("scheme"))
        return _HTTP.get(authentication.lower(), f"HTTP authentication {authentication}".rstrip())
    return _KINDS.get(kind, clipped(kind)) if isinstance(kind, str) else "credentials"
