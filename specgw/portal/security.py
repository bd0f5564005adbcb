"""Security requirements in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from specgw.portal.references import resolved
from specgw.portal.text import clipped, line, mapping, paragraphs, sequence, visible

_KINDS = {
    "oauth2": "OAuth 2.0 access token",
    "openIdConnect": "OpenID Connect token",
    "mutualTLS": "client certificate",
}
_HTTP = {"bearer": "bearer token", "basic": "user name and password (Basic)", "digest": "user name and password (Digest)"}


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope, or a role, with what it is for."""

    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme of an alternative."""

    name: str
    words: str
    scopes: list[Scope]
    declared: Mapping[str, Any]
    """The Security Scheme Object."""
    sent: str = ""
    """How the credentials are written, and where: `X-API-Key: API_KEY`."""
    roles: bool = False
    """Whether what stands in `scopes` may be a role as well."""
    description: list[str] = field(default_factory=list)
    addresses: list[tuple[str, str]] = field(default_factory=list)
    """Where tokens come from: what for, and the address as the document says it."""

    @property
    def key(self) -> bool:
        """Whether it is an API key, which the gateway itself may have issued."""
        return self.declared.get("type") == "apiKey"


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
            known = _scopes(scheme)
            needed = [Scope(visible(line(scope)), line(known.get(scope))) for scope in sequence(scopes) if isinstance(scope, str)]
            schemes.append(
                Scheme(
                    name=visible(clipped(name)),
                    words=_words(scheme),
                    scopes=needed,
                    declared=scheme,
                    sent=_sent(scheme),
                    roles=scheme.get("type") not in ("oauth2", "openIdConnect"),
                    description=paragraphs(scheme.get("description")),
                    addresses=list(_addresses(scheme)),
                )
            )
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


def _sent(scheme: Mapping[str, Any]) -> str:
    """Where the credentials go, as it is written there; empty where nobody can say."""
    kind = scheme.get("type")
    if kind == "apiKey":
        name, place = visible(line(scheme.get("name"))), scheme.get("in")
        return {"header": f"{name}: API_KEY", "query": f"?{name}=API_KEY", "cookie": f"Cookie: {name}=API_KEY"}.get(str(place), "")
    if kind in ("oauth2", "openIdConnect"):
        return "Authorization: Bearer TOKEN"
    if kind == "mutualTLS":
        return "a client certificate, when the connection is made"
    authentication = line(scheme.get("scheme"))
    known = {"bearer": "Bearer TOKEN", "basic": "Basic base64(USERNAME:PASSWORD)"}
    return f"Authorization: {known.get(authentication.lower(), f'{authentication} …')}" if kind == "http" and authentication else ""


def _scopes(scheme: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said for flow in mapping(scheme.get("flows")).values() for name, said in mapping(mapping(flow).get("scopes")).items()}


def _addresses(scheme: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, flow in mapping(scheme.get("flows")).items():
        for key, words in (("authorizationUrl", "authorization"), ("tokenUrl", "token"), ("deviceAuthorizationUrl", "device")):
            if line(mapping(flow).get(key)):
                yield f"{clipped(name, 40)}, {words}", visible(line(flow[key]))
    if line(scheme.get("openIdConnectUrl")):
        yield "discovery", visible(line(scheme["openIdConnectUrl"]))
