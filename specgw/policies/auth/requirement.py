"""`require`: what a caller needs beyond the document's `security`. Whatever cannot be decided is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from specgw import problems
from specgw.plan.model import Require, Route, Scheme
from specgw.policies.auth.base import Identity, Refusal
from specgw.policies.auth.challenges import challenge
from specgw.policies.auth.resource import Resource, described
from specgw.policies.base import Exchange
from specgw.problems import Problem

if TYPE_CHECKING:
    from specgw.policies.auth.expression import Expression

_UNKNOWN = Problem(problems.REQUIREMENT_NOT_MET, "this operation asks who calls, and nobody has said it")
_CONDITION = Problem(problems.REQUIREMENT_NOT_MET, "a condition of this operation is not met")


class Requirement:
    """Holds the caller, and the request, against one Route's `require`. Stands behind authentication."""

    __slots__ = ("_claims", "_resource", "_roles", "_roles_problem", "_scopes", "_tokens", "_when")

    def __init__(self, require: Require, when: Expression | None, schemes: Iterable[Scheme] = (), resource: Resource | None = None) -> None:
        self._resource = resource
        self._roles = frozenset(require.roles)
        self._scopes = frozenset(require.scopes)
        self._claims = dict(require.claims)
        self._when = when
        self._tokens = {scheme.name: scheme for scheme in schemes if scheme.kind == "token"}
        several = "one of the roles" if len(require.roles) > 1 else "the role"
        self._roles_problem = f"the caller lacks {several} {', '.join(require.roles)}"

    def request(self, exchange: Exchange) -> Problem | None:
        """Refuse with what is missing; never with what was sent."""
        identity = exchange.identity
        if self._roles or self._scopes or self._claims:
            if identity is None:
                return _UNKNOWN
            problem = self._lacking(exchange, identity)
            if problem is not None:
                return problem
        return None if self._when is None else self._condition(self._when, exchange)

    def _lacking(self, exchange: Exchange, identity: Identity) -> Problem | None:
        if self._roles and self._roles.isdisjoint(identity.roles):
            return self._insufficient(exchange, identity, self._roles_problem)
        if self._scopes and not self._scopes <= identity.scopes:
            missing = ", ".join(sorted(self._scopes - identity.scopes))
            return self._insufficient(exchange, identity, f"the credentials lack: {missing}")
        for name, wanted in self._claims.items():
            if not claimed(identity.claims, name, wanted):
                return Problem(problems.REQUIREMENT_NOT_MET, f"the claim '{name}' is not there, or not what this operation asks for")
        return None

    def _insufficient(self, exchange: Exchange, identity: Identity, reason: str) -> Problem:
        """RFC 6750 section 3.1: whoever came with a token is told which scopes another one needs."""
        refusal, scopes = Refusal(reason, "insufficient_scope"), tuple(sorted(self._scopes))
        used = (self._tokens.get(name) for name in identity.scheme.split(" "))
        metadata = None if self._resource is None else self._resource.metadata_url(exchange)
        fields = tuple(
            (b"WWW-Authenticate", challenge(scheme, refusal, scopes, metadata if described(scheme) else None))
            for scheme in used
            if scheme is not None
        )
        return Problem(problems.INSUFFICIENT_SCOPE, reason, headers=fields)

    def _condition(self, when: Expression, exchange: Exchange) -> Problem | None:
        from specgw.policies.auth.expression import Undecided

        try:
            return None if when.holds(exchange, exchange.identity) else _CONDITION
        except Undecided as reason:
            exchange.notes["condition"] = f"not decided: {reason}"
            return _CONDITION


def claimed(claims: Mapping[str, Any], name: str, wanted: object) -> bool:
    """Whether a claim has a value, or is a list that holds it; dots lead inside of objects where no claim has the whole name."""
    found: object = claims.get(name)
    if name not in claims:
        found = claims
        for step in name.split("."):
            if not isinstance(found, Mapping) or step not in found:
                return False
            found = found[step]
    return _same(found, wanted) or (isinstance(found, list | tuple) and any(_same(entry, wanted) for entry in found))


def _same(one: object, other: object) -> bool:
    """Equality as JSON has it: `true` is not 1, 1 is 1.0."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(value, other[key]) for key, value in one.items())
    return one == other


def build(route: Route, schemes: Mapping[str, Scheme], resource: Resource | None = None) -> Requirement | None:
    """None where nothing is required. Raises ValueError for an expression that the compiler should have refused."""
    require = route.require
    if require is None:
        return None
    keys = dict.fromkeys(required.scheme for alternative in route.security or () for required in alternative)
    asked = [schemes[key] for key in keys]
    if require.when is None:
        return Requirement(require, None, asked, resource)
    # Most documents have no expressions: only those that do pay for the library.
    from specgw.policies.auth.expression import Expression

    return Requirement(require, Expression(require.when), asked, resource)
