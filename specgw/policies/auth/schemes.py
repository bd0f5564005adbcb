"""Which verifier each kind of security scheme gets: one function in one module for each."""

from __future__ import annotations

from collections.abc import Callable

from specgw.plan.model import Plan, Scheme, SchemeKind
from specgw.policies.auth import api_key, basic, mutual_tls, presence, tokens
from specgw.policies.auth.base import Services, Verifier

BUILD: dict[SchemeKind, Callable[[Scheme, Services], Verifier]] = {
    "apiKey": api_key.build,
    "basic": basic.build,
    "token": tokens.build,
    "mutualTLS": mutual_tls.build,
    "other": presence.build_nothing,
}


def build(scheme: Scheme, services: Services) -> Verifier:
    """The verifier of one scheme."""
    if scheme.verify == "upstream":
        return presence.build(scheme, services)
    return BUILD[scheme.kind](scheme, services) if scheme.verifiable else presence.build_nothing(scheme, services)


def verifiers(plan: Plan, services: Services) -> dict[str, Verifier]:
    """The verifiers of all schemes of a Plan, by their keys there: routes share them, and so what they remember."""
    return {key: build(scheme, services) for key, scheme in plan.schemes.items()}
