"""Plans of one operation, for cases that differ in one thing."""

from __future__ import annotations

from typing import Any

from specgw.plan.model import Edge, Origin, Plan, Route, Scheme, SecurityScheme

ORIGIN = Origin(file="users.yaml", line=7)
SCHEMES = {
    "users/oauth": Scheme(
        name="oauth",
        service="users",
        kind="token",
        type="oauth2",
        issuer="https://id.example.com",
        audience=("users",),
        algorithms=("RS256",),
    ),
    "users/key": Scheme(name="key", service="users", kind="apiKey", type="apiKey in header", field="X-API-Key"),
    "users/session": Scheme(name="session", service="users", kind="apiKey", type="apiKey in cookie", location="cookie", field="sid"),
    "users/basic": Scheme(name="basic", service="users", kind="basic", type="http basic", http_scheme="basic", users={"ada": "hash"}),
    "users/mtls": Scheme(name="mtls", service="users", kind="mutualTLS", type="mutualTLS", ca="ca.pem", subjects=("CN=ada",)),
}


def security(text: str | None) -> tuple[tuple[SecurityScheme, ...], ...] | None:
    """`oauth:read,write+key | session`; "" is the empty list, `-` an empty alternative, None nothing at all."""
    if text is None or not text:
        return None if text is None else ()
    alternatives = []
    for alternative in text.split("|"):
        parts = [part.strip().partition(":") for part in alternative.split("+") if part.strip() != "-"]
        alternatives.append(tuple(_scheme(name, scopes) for name, _, scopes in parts))
    return tuple(alternatives)


def _scheme(name: str, scopes: str) -> SecurityScheme:
    return SecurityScheme(name=name, scopes=tuple(filter(None, scopes.split(","))), scheme=f"users/{name}")


def route(asked: str | None = None, method: str = "GET", path: str = "/users", **more: Any) -> Route:
    """One operation."""
    said = {"id": f"{method} {path}", "service": "users", "method": method, "path": path, "document_path": path, "origin": ORIGIN}
    return Route(**{**said, "security": security(asked), **more})


def plan(*routes: Route, schemes: dict[str, Scheme] | None = None, edge: Edge | None = None) -> Plan:
    """A Plan of these operations."""
    return Plan(routes=routes, schemes=SCHEMES if schemes is None else schemes, edge=edge or Edge())
