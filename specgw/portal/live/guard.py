"""Who asked for a change: a page of the portal, or one of another site (CWE-352).

Three things have to hold: the origin of the page is the portal's own, the browser does not say otherwise, and the request brings
the token that only the portal's own scripts can read (`session.json`).
"""

from __future__ import annotations

import hmac

from specgw import problems
from specgw.http import Request
from specgw.portal.live.place import Place
from specgw.problems import Problem

TOKEN = b"x-csrf-token"


def foreign(request: Request, place: Place) -> Problem | None:
    """Refuse what no page of this very origin asked for. Fetch and forms always send Origin with POST (Fetch section 3.2)."""
    origins, sites = request.values(b"origin"), request.values(b"sec-fetch-site")
    if origins != [place.origin.encode()]:
        return Problem(problems.CROSS_SITE, f"a page of {place.origin} has to ask for this (Origin)")
    if sites not in ([], [b"same-origin"]):
        return Problem(problems.CROSS_SITE, "a page of another origin asked for this (Sec-Fetch-Site)")
    return None


def elsewhere(request: Request) -> Problem | None:
    """Refuse a visit that a page of another site led to; a person may have typed the address."""
    if request.values(b"sec-fetch-site") in ([], [b"same-origin"], [b"none"]):
        return None
    return Problem(problems.CROSS_SITE, "a page of another site led here (Sec-Fetch-Site)")


def forged(request: Request, token: str) -> Problem | None:
    """Refuse what does not bring the session's token."""
    brought = request.values(TOKEN)
    if len(brought) == 1 and hmac.compare_digest(brought[0], token.encode()):
        return None
    return Problem(problems.CROSS_SITE, "the session's token is missing, or is that of another session (X-CSRF-Token)")
