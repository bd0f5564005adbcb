"""The two identities that every sandbox knows, as values for the schemes of a merged document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from specgw.mock.credentials import KEYS, NAMES, PASSWORDS, granted, token
from specgw.plan.model import Plan


def sandbox_values(plan: Plan, document: Mapping[str, Any]) -> dict[str, list[str]]:
    """Two values for each scheme of the merged document that has values at all: what `specgw mock` prints."""
    grant = granted(plan)
    tokens = [token(number, grant) for number in range(len(NAMES))]
    logins = [f"{name}:{password}" for name, password in zip(NAMES, PASSWORDS, strict=True)]
    by_kind = {"apiKey": list(KEYS), "basic": logins, "bearer": tokens, "oauth2": tokens, "openIdConnect": tokens}
    schemes: Mapping[str, Mapping[str, Any]] = document.get("components", {}).get("securitySchemes", {})
    kinds = {name: str(scheme.get("scheme") if scheme.get("type") == "http" else scheme.get("type")) for name, scheme in schemes.items()}
    kinds = {name: kind if kind in by_kind else kind.lower() for name, kind in kinds.items()}
    return {name: by_kind[kind] for name, kind in kinds.items() if kind in by_kind}
