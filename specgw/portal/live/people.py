"""Whom a provider's claims speak of: the owner of keys, the consumer that they call as, and a name for the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from specgw.identity.code_flow import Refused
from specgw.policies.auth.grants import path_of
from specgw.portal.live.sessions import Person

LONGEST_NAME = 100
LONGEST_CONSUMER = 200

DEVELOPER = Person("development", "developer", "developer")
"""Who signs in by one click under the development profile."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def person(claims: Mapping[str, Any], issuer: str, consumer_from: str) -> Person:
    """The person of an ID token. Raises Refused where the claim for the consumer is missing, or is no name.

    The owner is made from `iss` and `sub` alone, the only pair that never changes hands (OpenID Connect Core 1.0 section 5.7).
    """
    consumer: Any = claims
    for step in path_of(consumer_from) or ():
        consumer = consumer.get(step) if isinstance(consumer, Mapping) else None
    if not isinstance(consumer, str) or not _usable(consumer):
        raise Refused(f"the ID token has no usable claim '{consumer_from}'")
    if consumer_from == "email" and claims.get("email_verified") is not True:
        raise Refused("the ID token does not say that the address was verified (email_verified)")
    subject = claims["sub"]
    said = next((_shown(claims.get(name)) for name in ("name", "preferred_username", "email") if _shown(claims.get(name))), "")
    return Person(f"{issuer} {subject}", consumer, said or _shown(subject) or consumer)


def _usable(consumer: str) -> bool:
    return 0 < len(consumer) <= LONGEST_CONSUMER and _CONTROL.search(consumer) is None and consumer == consumer.strip()


def _shown(value: object) -> str:
    """A name as pages show it: on one line, and without what would turn the line around."""
    return " ".join(_CONTROL.sub(" ", value).split())[:LONGEST_NAME] if isinstance(value, str) else ""
