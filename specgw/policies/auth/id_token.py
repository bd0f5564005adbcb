"""ID tokens: what an OpenID provider says of the person who has just signed in (OpenID Connect Core 1.0 section 3.1.3.7).

Signatures and forms are held to the same rules as those of access tokens; what an ID token has to say is another matter.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from inspect import isawaitable
from typing import Any

from specgw.policies.auth import compact
from specgw.policies.auth.algorithms import DEFAULT
from specgw.policies.auth.base import Keys
from specgw.policies.auth.claims import Expected
from specgw.policies.auth.compact import Unacceptable

LONGEST_SUBJECT = 255
"""Characters: section 2 allows no more."""


async def verified(token: bytes, keys: Keys, *, issuer: str, client: str, nonce: str, now: float) -> Mapping[str, Any]:
    """The claims of an ID token that is meant for `client` and answers the request with `nonce`; raises Unacceptable.

    Raises Unavailable where the keys of the provider are not known.
    """
    read = compact.read(token)
    if read.algorithm not in DEFAULT:
        raise Unacceptable("the token is signed with an algorithm that is not accepted")
    found = keys.find(read.kid, read.algorithm)
    candidates = await found if isawaitable(found) else found
    if not any(key.verifies(read.algorithm, read.signed, read.signature) for key in candidates):
        raise Unacceptable("the token's signature is not valid")
    claims = compact.json_object(read.payload, "claims")
    Expected(issuer, (client,)).check_token(claims, now)
    _check(claims, client, nonce)
    return claims


def _check(claims: Mapping[str, Any], client: str, nonce: str) -> None:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise Unacceptable("the token does not say who has signed in")
    if "iat" not in claims:
        raise Unacceptable("the token does not say when it was issued")
    # Rules 4 and 5; stricter on purpose: with several audiences the party that it was issued to has to be named.
    named = claims.get("azp")
    if (named is None and isinstance(claims.get("aud"), list) and len(claims["aud"]) > 1) or (named is not None and named != client):
        raise Unacceptable("the token was issued to another party")
    # Rule 11: it answers this very request, and not one whose answer somebody kept.
    said = claims.get("nonce")
    if not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
        raise Unacceptable("the token answers another request")
