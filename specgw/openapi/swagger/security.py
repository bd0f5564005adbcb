"""Security definitions of Swagger 2.0 as the security schemes of OpenAPI 3.0."""

from __future__ import annotations

from typing import Any

from specgw.openapi.model import Node
from specgw.openapi.swagger.parts import Upgrade

_FLOWS = {"implicit": "implicit", "password": "password", "application": "clientCredentials", "accessCode": "authorizationCode"}
_OF_FLOW = ("flow", "authorizationUrl", "tokenUrl", "scopes")


def scheme(upgrade: Upgrade, part: Node) -> Any:
    """A Security Scheme Object as 3.0 has it."""
    if not isinstance(part.value, dict):
        return part.value
    kind = part.value.get("type")
    made: dict[str, Any] = {}
    place = part.get("type") or part
    if kind == "basic":
        upgrade.copy(part, made, "type")
        upgrade.put(made, "type", "http", place)
        upgrade.put(made, "scheme", "basic", place)
        return made
    flow = part.value.get("flow")
    if kind != "oauth2":
        return upgrade.copy(part, made)
    upgrade.copy(part, made, *_OF_FLOW)
    flows: dict[str, Any] = {}
    described: dict[str, Any] = {}
    for key in _OF_FLOW[1:]:
        if (child := part.get(key)) is not None:
            upgrade.put(described, key, child.value, child)
    if "scopes" not in described:
        upgrade.put(described, "scopes", {}, part)
    where = part.get("flow") or part
    if str(flow) not in _FLOWS:
        upgrade.lose(part.get("flow") or part, "this is no `flow` of OAuth 2.0", "allowed: " + ", ".join(_FLOWS))
    upgrade.put(flows, _FLOWS.get(str(flow), "authorizationCode"), described, where)
    upgrade.put(made, "flows", flows, where)
    return made
