"""The security matrix: which operation asks for which schemes and scopes. What generated/security.json holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from specgw.compiler.declared import Declared
from specgw.plan.model import SecurityScheme


def security_matrix(declared: Iterable[Declared]) -> dict[str, Any]:
    """One entry a served route: its alternatives, each a list of schemes with their type and scopes."""
    return {
        "operations": [
            {
                "route": route.id,
                "operationId": route.operation_id,
                "method": route.method,
                "path": route.path,
                "public": not route.security or () in route.security,
                "alternatives": [[_required(operation, scheme) for scheme in alternative] for alternative in route.security or ()],
                "file": route.origin.file,
                "line": route.origin.line,
            }
            for operation in declared
            for route in operation.routes
        ]
    }


def _required(declared: Declared, scheme: SecurityScheme) -> dict[str, Any]:
    return {"scheme": scheme.name, "type": _kind(declared, scheme.name), "scopes": list(scheme.scopes)}


def _kind(declared: Declared, name: str) -> str | None:
    """The type of a scheme, with the HTTP authentication scheme or the place of the key: `http bearer`, `apiKey in header`."""
    components = declared.contract.root.value.get("components")
    schemes = components.get("securitySchemes") if isinstance(components, dict) else None
    scheme = schemes.get(name) if isinstance(schemes, dict) else None
    if not isinstance(scheme, dict) or not isinstance(scheme.get("type"), str):
        return None
    kind = scheme["type"]
    if kind == "http":
        return f"http {scheme.get('scheme', '')}".lower().strip()
    return f"apiKey in {scheme.get('in')}" if kind == "apiKey" else str(kind)
