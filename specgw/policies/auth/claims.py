"""What the claims of a verified token have to say (RFC 7519 section 4.1), and the same of an introspection answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from specgw.policies.auth.compact import Unacceptable

LEEWAY = 30.0
"""Seconds that clocks may differ, where nobody says otherwise."""
LAST_DATE = 253402300800
"""The year 10000: a later date is none that anybody meant."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a scheme wants of claims; None: it says nothing about that one."""

    issuer: str | None = None
    audience: tuple[str, ...] = ()
    """One of them is enough. Empty: tokens for anybody are accepted (the compiler warns of it)."""
    leeway: float = LEEWAY
    kind: str | None = None
    """What the claim `typ` says of an access token, where the provider has one (Keycloak: `Bearer`)."""

    def check_token(self, claims: Mapping[str, Any], now: float) -> float:
        """When a signed token ends, leeway included, in Unix seconds; raises Unacceptable.

        Stricter than the RFC on purpose: `exp` is required.
        """
        if self.issuer is not None and claims.get("iss") != self.issuer:
            raise Unacceptable("the token comes from another issuer")
        self._check_audience(claims)
        if "exp" not in claims:
            raise Unacceptable("the token does not say when it expires")
        if "sub" in claims and not isinstance(claims["sub"], str):
            raise Unacceptable("the token's subject is not text")
        if self.kind is not None and claims.get("typ", self.kind) != self.kind:
            # RFC 8725 section 3.12: an ID token has the same issuer and keys.
            raise Unacceptable("the token is of another type than an access token")
        _check_bearer(claims)
        return self.check_times(claims, now)

    def check_introspected(self, answer: Mapping[str, Any], now: float) -> float | None:
        """The same for an active token as RFC 7662 section 2.2 describes it; None where the answer names no end."""
        # The endpoint is the issuer's own: its answer need not say so, but must not say otherwise.
        if self.issuer is not None and answer.get("iss", self.issuer) != self.issuer:
            raise Unacceptable("the token comes from another issuer")
        self._check_audience(answer)
        if "sub" in answer and not isinstance(answer["sub"], str):
            raise Unacceptable("the token's subject is not text")
        _check_bearer(answer)
        # Section 4 leaves it to the gateway that only access tokens are accepted; some issuers describe others, too.
        kind = answer.get("token_type", "bearer")
        if not isinstance(kind, str) or kind.lower() not in ("bearer", "access_token"):
            raise Unacceptable("the token is of another type than a bearer token")
        end = self.check_times(answer, now)
        return end if "exp" in answer else None

    def check_times(self, claims: Mapping[str, Any], now: float) -> float:
        """Check `exp`, `nbf` and `iat` where they are; the end, or the last date."""
        end = float(LAST_DATE)
        if "exp" in claims:
            # RFC 7519 section 4.1.4: on or after that time it is not accepted.
            end = _date(claims, "exp") + self.leeway
            if now >= end:
                raise Unacceptable("the token has expired")
        if "nbf" in claims and now < _date(claims, "nbf") - self.leeway:
            raise Unacceptable("the token is not valid yet")
        if "iat" in claims and now < _date(claims, "iat") - self.leeway:
            raise Unacceptable("the token was issued in the future")
        return end

    def _check_audience(self, claims: Mapping[str, Any]) -> None:
        named = claims.get("aud")
        meant = [named] if isinstance(named, str) else named
        if meant is not None and not (isinstance(meant, list) and all(isinstance(entry, str) for entry in meant)):
            raise Unacceptable("the token's audience is neither text nor a list of texts")
        if self.audience and not set(self.audience).intersection(meant or ()):
            raise Unacceptable("the token is meant for another audience")


def _check_bearer(claims: Mapping[str, Any]) -> None:
    # RFC 7800: whoever shows it has to prove the possession of a key. Accepted without the proof, a stolen one would do.
    if "cnf" in claims:
        raise Unacceptable("the token is bound to a key, and cannot be shown as a bearer token")


def _date(claims: Mapping[str, Any], name: str) -> float:
    """A NumericDate (RFC 7519 section 2)."""
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < LAST_DATE:
        raise Unacceptable(f"the token's '{name}' is not a date")
    return float(value)
