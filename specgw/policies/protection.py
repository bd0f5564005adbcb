"""Never forward what the document protects and this gateway cannot check yet."""

from __future__ import annotations

from specgw import problems
from specgw.plan.model import Route
from specgw.policies.base import Exchange
from specgw.problems import Problem


class Protection:
    """Answers 503 for an operation whose `security` names a scheme, whatever credentials a request carries."""

    def __init__(self, schemes: tuple[str, ...]) -> None:
        names = ", ".join(schemes)
        self._problem = Problem(
            problems.SECURITY_NOT_ENFORCED,
            f"the document requires credentials ({names}) that this gateway cannot verify yet; the request was not forwarded",
        )

    def request(self, exchange: Exchange) -> Problem:
        """Refuse."""
        return self._problem


def build(route: Route) -> Protection | None:
    """None for a public operation: no `security`, an empty list, or only empty alternatives.

    OpenAPI section "Security Requirement Object".
    """
    schemes = dict.fromkeys(scheme.name for alternative in route.security or () for scheme in alternative)
    return Protection(tuple(schemes)) if schemes else None
