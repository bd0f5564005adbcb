"""Credentials that the gateway does not verify: only their presence is asked for, or nothing could ever be good enough."""

from __future__ import annotations

from specgw.plan.model import Scheme
from specgw.policies.auth.base import Identity, Refusal, Services, Verdict
from specgw.policies.auth.credentials import reader
from specgw.policies.base import Exchange

_NOTHING = Refusal("nothing is set up here that such credentials could be verified with")


class Presence:
    """`verify: upstream`: credentials have to be there; whether they are good, the service says."""

    __slots__ = ("_identity", "_presented")

    def __init__(self, scheme: Scheme) -> None:
        self._presented = reader(scheme)
        # Nobody knows yet who it is.
        self._identity = Identity(scheme.name, "")

    def verify(self, exchange: Exchange) -> Verdict:
        """Whether there are any."""
        found = self._presented(exchange)
        return found if found is None or isinstance(found, Refusal) else self._identity


class Nothing:
    """A scheme that nothing can be verified with: whatever is sent, it is refused."""

    __slots__ = ("_presented",)

    def __init__(self, scheme: Scheme) -> None:
        self._presented = reader(scheme)

    def verify(self, exchange: Exchange) -> Verdict:
        """Refuse what was sent."""
        found = self._presented(exchange)
        return found if found is None or isinstance(found, Refusal) else _NOTHING


def build(scheme: Scheme, services: Services) -> Presence:
    """The verifier where `verify: upstream` is said."""
    return Presence(scheme)


def build_nothing(scheme: Scheme, services: Services) -> Nothing:
    """The verifier where there is nothing to verify with."""
    return Nothing(scheme)
