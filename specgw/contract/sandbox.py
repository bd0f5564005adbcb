"""The two identities that every sandbox knows, as values for the schemes of a merged document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from specgw.mock.credentials import KEYS, NAMES, PASSWORDS, granted, token
from specgw.mock.proofs import certificate_line, certificates
from specgw.plan.model import Plan


def sandbox_values(plan: Plan, document: Mapping[str, Any]) -> dict[str, list[str]]:
    """Two values for each scheme of the merged document that has values at all: what `specgw mock` prints."""
    grant = granted(plan)
    tokens = [token(number, grant) for number in range(len(NAMES))]
    logins = [f"{name}:{password}" for name, password in zip(NAMES, PASSWORDS, strict=True)]
    shown = [certificate_line(der).partition(": ")[2] for der in certificates(NAMES).values()]
    by_kind = {"mutualTLS": shown, "apiKey": list(KEYS), "basic": logins, "bearer": tokens, "oauth2": tokens, "openIdConnect": tokens}
    schemes: Mapping[str, Mapping[str, Any]] = document.get("components", {}).get("securitySchemes", {})
    kinds = {name: str(scheme.get("scheme") if scheme.get("type") == "http" else scheme.get("type")) for name, scheme in schemes.items()}
    kinds = {name: kind if kind in by_kind else kind.lower() for name, kind in kinds.items()}
    # Each response to a Digest challenge is made for one request; what follows the name of any other HTTP scheme is a key.
    return {name: by_kind.get(kind, list(KEYS)) for name, kind in kinds.items() if kind != "digest"}
