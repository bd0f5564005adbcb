"""What the gateway says of itself as a protected resource of OAuth 2.0 (RFC 9728): who gives tokens for it, and where that stands.

Each part of the API under a `mount` is a resource of its own; all of it together is one, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec

from specgw import problems
from specgw.plan.model import Plan, Route, Scheme
from specgw.policies.auth.base import Issuers
from specgw.policies.base import Answer, Exchange, Reply
from specgw.problems import Problem

WELL_KNOWN = "/.well-known/oauth-protected-resource"

_UNKNOWN = Problem(problems.NO_ROUTE, "the request does not say which host it asks, and no `publicUrl` is configured")


def described(scheme: Scheme) -> bool:
    """Whether clients of a scheme look for authorisation servers: OAuth 2.0, OpenID Connect, and bearer tokens of a known issuer."""
    return scheme.type in ("oauth2", "openIdConnect") or (scheme.kind == "token" and scheme.issuer is not None)


@dataclass(frozen=True, slots=True)
class Resource:
    """One protected resource; `path` is what its URL has behind `public_url`, or behind the address that a client used."""

    path: str
    schemes: tuple[Scheme, ...]
    scopes: tuple[str, ...]
    public_url: str | None = None
    issuers: Issuers | None = None

    def url(self, exchange: Exchange) -> str | None:
        """Its identifier (section 1.2); None where nothing says at which host it is."""
        if self.public_url is not None:
            return self.public_url + self.path
        host = next((value for name, value in exchange.headers if name == b"host"), b"")
        return f"{exchange.scheme}://{host.decode('latin-1')}{self.path}" if host else None

    def metadata_url(self, exchange: Exchange) -> str | None:
        """Where a client finds the metadata (section 3.1): the well-known part stands between host and path."""
        url = self.url(exchange)
        if url is None:
            return None
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}{WELL_KNOWN}{parts.path}"

    def servers(self) -> list[str]:
        """The issuers of tokens; those that discovery has not told yet are missing."""
        return list(dict.fromkeys(issuer for scheme in self.schemes if (issuer := self._issuer(scheme)) is not None))

    def _issuer(self, scheme: Scheme) -> str | None:
        if scheme.issuer is not None or self.issuers is None or scheme.introspection is not None or scheme.verify == "upstream":
            return scheme.issuer
        return self.issuers.keys_of(scheme).issuer if scheme.verifiable else None


class Metadata:
    """Answers with the metadata of a resource, to whoever asks."""

    __slots__ = ("_resource",)

    def __init__(self, resource: Resource) -> None:
        self._resource = resource

    def request(self, exchange: Exchange) -> Answer:
        """The metadata as JSON (section 3.2)."""
        resource, url = self._resource, self._resource.url(exchange)
        if exchange.method not in ("GET", "HEAD"):
            return Problem(problems.METHOD_NOT_ALLOWED, "this page is only read", headers=((b"Allow", b"GET, HEAD"),))
        if url is None:
            return _UNKNOWN
        said = {
            "resource": url,
            "authorization_servers": resource.servers(),
            "scopes_supported": resource.scopes,
            "bearer_methods_supported": ["header"],
        }
        # Section 3.2: parameters without a value are left out.
        body = msgspec.json.encode({name: value for name, value in said.items() if value})
        headers = (
            (b"Content-Type", b"application/json"),
            (b"Cache-Control", b"no-store"),
            (b"X-Content-Type-Options", b"nosniff"),
            # Clients in browsers look for it before they have any token; there is nothing in it that not everybody may know.
            (b"Access-Control-Allow-Origin", b"*"),
        )
        return Reply(200, headers, body)


def mount_of(route: Route) -> str:
    """What stands before the document's own path: mount and version."""
    return route.path.removesuffix(route.document_path) if route.path.endswith(route.document_path) else ""


def resources(plan: Plan, issuers: Issuers | None) -> dict[str, Resource]:
    """The resources of a (resolved) Plan by what their URLs have as path; none where no operation asks for OAuth tokens."""
    found: dict[str, dict[str, set[str]]] = {}
    for route in plan.routes:
        for required in (required for alternative in route.security or () for required in alternative):
            if described(plan.schemes[required.scheme]):
                for mount in {"", mount_of(route)}:
                    found.setdefault(mount, {}).setdefault(required.scheme, set()).update(required.scopes)
    public = plan.edge.listen.public_url
    return {mount: _resource(mount, asked, plan.schemes, public, issuers) for mount, asked in sorted(found.items())}


def pages(resources: Iterable[Resource]) -> dict[bytes, Metadata]:
    """The metadata by path: as the gateway's own URLs have it, and as `publicUrl` has it, which something may stand before."""
    made: dict[bytes, Metadata] = {}
    for resource in resources:
        base = urlsplit(resource.public_url or "").path.rstrip("/")
        for path in (resource.path, base + resource.path):
            made[(WELL_KNOWN + path).encode("ascii", "ignore")] = Metadata(resource)
    return made


def _resource(
    mount: str, asked: Mapping[str, set[str]], schemes: Mapping[str, Scheme], public: str | None, issuers: Issuers | None
) -> Resource:
    used = [schemes[key] for key in sorted(asked)]
    scopes = {scope for scheme in used for scope in scheme.scopes}.union(*asked.values())
    return Resource(mount, tuple(used), tuple(sorted(scopes)), None if public is None else public.rstrip("/"), issuers)
