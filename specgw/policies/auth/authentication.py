"""The policy: verify the credentials that an operation asks for, and let go on whoever its `security` lets go on."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Mapping, Sequence

from msgspec.structs import replace

from specgw import problems
from specgw.plan.model import Route, Scheme, SecurityScheme
from specgw.policies.auth import challenges
from specgw.policies.auth.attempts import Attempts
from specgw.policies.auth.base import Identity, Refusal, Verdict, Verifier
from specgw.policies.auth.credentials import reader
from specgw.policies.auth.decision import Denied, decide, merged
from specgw.policies.auth.resource import Resource, described
from specgw.policies.base import Exchange
from specgw.problems import Problem


class Authentication:
    """Holds what the request's credentials prove against the route's alternatives; leaves the identity on the exchange."""

    __slots__ = ("_alone", "_alternatives", "_attempts", "_cookies", "_readers", "_resource", "_schemes", "_verifiers")

    def __init__(
        self,
        alternatives: tuple[tuple[SecurityScheme, ...], ...],
        schemes: Mapping[str, Scheme],
        verifiers: Mapping[str, Verifier],
        attempts: Attempts | None = None,
        resource: Resource | None = None,
    ) -> None:
        self._alternatives = alternatives
        asked = dict.fromkeys(required.scheme for alternative in alternatives for required in alternative)
        self._schemes = {key: schemes[key] for key in asked}
        self._verifiers = tuple((key, verifiers[key]) for key in asked)
        # The usual case: one scheme, and what is listed for it.
        alone = len(alternatives) == 1 and len(alternatives[0]) == 1
        self._alone = (self._verifiers[0][1], frozenset(alternatives[0][0].scopes)) if alone else None
        self._cookies = frozenset(scheme.name for scheme in self._schemes.values() if scheme.location == "cookie")
        self._readers = tuple(reader(scheme) for scheme in self._schemes.values())
        self._attempts = attempts
        self._resource = resource

    def request(self, exchange: Exchange) -> Problem | Awaitable[Problem | None] | None:
        """Verify every scheme; waits only where somebody has to be asked."""
        if self._attempts is not None and (seconds := self._attempts.wait(exchange.client)) and self._guesses(exchange):
            detail = f"too many wrong credentials came from this address; they are looked at again in {seconds} s"
            return Problem(problems.TOO_MANY_FAILURES, detail, headers=((b"Retry-After", b"%d" % seconds),))
        found: Iterable[tuple[str, Verdict | Awaitable[Verdict]]]
        if self._alone is not None:
            verifier, scopes = self._alone
            verdict = verifier.verify(exchange)
            if isinstance(verdict, Identity) and scopes <= verdict.scopes:
                self._grant(exchange, (verdict,))
                return None
            found = ((self._verifiers[0][0], verdict),)
        else:
            found = ((key, verifier.verify(exchange)) for key, verifier in self._verifiers)
        verdicts: dict[str, Verdict] = {}
        waiting: list[tuple[str, Awaitable[Verdict]]] = []
        for key, verdict in found:
            if verdict is None or isinstance(verdict, Identity | Refusal):
                verdicts[key] = verdict
            else:
                waiting.append((key, verdict))
        if waiting:
            return self._wait(exchange, verdicts, waiting)
        return self._decided(exchange, verdicts)

    async def _wait(
        self, exchange: Exchange, verdicts: dict[str, Verdict], waiting: Iterable[tuple[str, Awaitable[Verdict]]]
    ) -> Problem | None:
        for key, verdict in waiting:
            verdicts[key] = await verdict
        return self._decided(exchange, verdicts)

    def _decided(self, exchange: Exchange, verdicts: Mapping[str, Verdict]) -> Problem | None:
        decision = decide(self._alternatives, verdicts)
        if isinstance(decision, Denied):
            self._count(exchange, verdicts, known=bool(decision.lacking))
            return self._refuse(exchange, decision, verdicts)
        self._grant(exchange, decision.identities)
        if exchange.identity is None:
            self._count(exchange, verdicts, known=False)
        return None

    def _grant(self, exchange: Exchange, identities: Sequence[Identity]) -> None:
        exchange.identity = known = merged(identities)
        if known is not None:
            self._succeeded(exchange)
        exchange.by_cookie = bool(self._cookies) and any(proved.scheme in self._cookies for proved in identities)

    def _guesses(self, exchange: Exchange) -> bool:
        """Whether a request brings credentials of which it is not known that they were right a moment ago."""
        presented = self._presented(exchange)
        return bool(presented) and self._attempts is not None and not self._attempts.known(exchange.client, presented)

    def _presented(self, exchange: Exchange) -> list[bytes]:
        """All credentials of a request; for malformed ones, why."""
        found = (read(exchange) for read in self._readers)
        return [value.reason.encode() if isinstance(value, Refusal) else value for value in found if value is not None]

    def _count(self, exchange: Exchange, verdicts: Mapping[str, Verdict], *, known: bool) -> None:
        """Note for the client's address how it went. That nobody could be asked is no failure of the client's.

        Nor is a genuine token that has expired: behind one address there may be a whole company with such ones.
        """
        if self._attempts is None:
            return
        if known:
            self._succeeded(exchange)
        elif any(isinstance(said, Refusal) and said.error != "unavailable" and not said.genuine for said in verdicts.values()):
            self._attempts.failed(exchange.client)

    def _succeeded(self, exchange: Exchange) -> None:
        if self._attempts is not None and self._attempts.watches(exchange.client):
            self._attempts.succeeded(exchange.client, self._presented(exchange))

    def _refuse(self, exchange: Exchange, denied: Denied, verdicts: Mapping[str, Verdict]) -> Problem:
        if denied.unavailable:
            return Problem(problems.IDENTITY_UNAVAILABLE, "the credentials cannot be checked at the moment; try again")
        if denied.lacking:
            refusal = Refusal("the credentials lack: " + ", ".join(denied.lacking), "insufficient_scope")
            sent = {key: refusal for key in verdicts if verdicts[key] is not None}
            fields = self._challenges(exchange, sent, only_tokens=True)
            return Problem(problems.INSUFFICIENT_SCOPE, refusal.reason, headers=fields)
        refusals = {key: verdict for key, verdict in verdicts.items() if isinstance(verdict, Refusal)}
        if refusals:
            detail = "; ".join(dict.fromkeys(refusal.reason for refusal in refusals.values()))
        else:
            ways = (
                " and ".join(challenges.words(self._schemes[required.scheme]) for required in alternative)
                for alternative in self._alternatives
            )
            detail = "this operation needs " + ", or ".join(dict.fromkeys(ways))
        return Problem(problems.UNAUTHENTICATED, detail, headers=self._challenges(exchange, refusals))

    def _challenges(
        self, exchange: Exchange, refusals: Mapping[str, Refusal], *, only_tokens: bool = False
    ) -> tuple[tuple[bytes, bytes], ...]:
        metadata = None if self._resource is None else self._resource.metadata_url(exchange)
        found = (
            challenges.challenge(scheme, refusals.get(key), self._scopes(key), metadata if described(scheme) else None)
            for key, scheme in self._schemes.items()
            if not only_tokens or (scheme.kind == "token" and key in refusals)
        )
        return tuple((b"WWW-Authenticate", field) for field in dict.fromkeys(found))

    def _scopes(self, key: str) -> tuple[str, ...]:
        """What the first alternative with a scheme lists for it."""
        return next(required.scopes for alternative in self._alternatives for required in alternative if required.scheme == key)


def build(
    route: Route,
    schemes: Mapping[str, Scheme],
    verifiers: Mapping[str, Verifier],
    attempts: Attempts | None = None,
    resource: Resource | None = None,
) -> Authentication | None:
    """None for a public operation: no `security`, an empty list, or only empty alternatives."""
    if not any(route.security or ()):
        return None
    alternatives = tuple(tuple(_checked(required, schemes) for required in alternative) for alternative in route.security or ())
    return Authentication(alternatives, schemes, verifiers, attempts, resource)


def _checked(required: SecurityScheme, schemes: Mapping[str, Scheme]) -> SecurityScheme:
    """What the gateway holds a caller to: with `verify: upstream`, scopes are the service's to check as well."""
    return replace(required, scopes=()) if schemes[required.scheme].verify == "upstream" else required
