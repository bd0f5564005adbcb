"""The security matrix: who may call which operation, and how that is shown. What generated/security.json holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec

from specgw.compiler.declared import Declared
from specgw.plan.model import Route, Scheme, SecurityScheme


def security_matrix(declared: Iterable[Declared], schemes: Mapping[str, Scheme]) -> dict[str, Any]:
    """One entry a served route: its alternatives, each a list of schemes with their credentials and scopes.

    `schemes` are those of the Plan, by their keys there.
    """
    return {"operations": [_entry(route, schemes) for operation in declared for route in operation.routes]}


def _entry(route: Route, schemes: Mapping[str, Scheme]) -> dict[str, Any]:
    entry = {
        "route": route.id,
        "operationId": route.operation_id,
        "method": route.method,
        "path": route.path,
        "public": not route.security or () in route.security,
        "alternatives": [
            [_required(required, schemes.get(required.scheme)) for required in alternative] for alternative in route.security or ()
        ],
        "require": None if route.require is None else msgspec.to_builtins(route.require),
        "csrf": route.csrf,
        "file": route.origin.file,
        "line": route.origin.line,
    }
    return {key: value for key, value in entry.items() if value is not None or key == "operationId"}


def _required(required: SecurityScheme, scheme: Scheme | None) -> dict[str, Any]:
    return {
        "scheme": required.name,
        "type": None if scheme is None else scheme.type,
        "credential": None if scheme is None else credential(scheme),
        "verifiedBy": None if scheme is None else verified_by(scheme),
        "scopes": list(required.scopes),
    }


def credential(scheme: Scheme) -> str:
    """The kind of credential, with its place: `apiKey in header X-API-Key`, `http bearer`."""
    return f"{scheme.type} {scheme.field}" if scheme.kind == "apiKey" else scheme.type


def verified_by(scheme: Scheme) -> Literal["gateway", "upstream", "nobody"]:
    """Who says whether a credential is good; `nobody`: there is nothing to verify it with, and it never is."""
    return scheme.verify if scheme.verifiable else "nobody"
