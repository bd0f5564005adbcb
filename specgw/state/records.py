"""What a store knows about keys and sessions: everything but the secrets themselves."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

Standing = Literal["valid", "expired", "revoked"]


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One key. Times are seconds since 1970."""

    id: str
    """How it is named where the key itself must not be shown."""
    consumer: str
    """Who calls with it."""
    name: str = ""
    """What its owner calls it."""
    schemes: tuple[str, ...] = ()
    """Names of the security schemes that it is good for; empty: every `apiKey` scheme."""
    scopes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    created: int = 0
    expires: int | None = None
    """From then on it is refused; None: never."""
    revoked: int | None = None
    """Since when it is refused for good."""
    owner: str | None = None
    """Who made it in the portal, and alone sees and changes it there; None: an operator issued it."""
    replaces: str | None = None
    """The id of the key in whose place it was issued."""
    last_used: int | None = None
    """Told by gateways once in a while: not later than the last use, and behind it by a minute or two."""
    uses: int = 0
    """How often it was used, told at the same times."""

    @property
    def end(self) -> int | None:
        """When it ends, or has ended; None: never."""
        return min((time for time in (self.expires, self.revoked) if time is not None), default=None)

    def standing(self, now: float) -> Standing:
        """Whether it is accepted at a moment, or why not."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.expires is not None and now >= self.expires else "valid"


class Use(NamedTuple):
    """What a gateway notes of a key: how often it was used since the last note, and when last."""

    times: int
    last: int


class Session(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Somebody who is signed in to the portal. Times are seconds since 1970."""

    owner: str
    """Whose keys are shown: an issuer and its name for a person, which never changes."""
    consumer: str
    """As whom that person's keys call."""
    name: str
    """How the person is called on pages."""
    created: int
    seen: int
    """When something was last asked for, behind it by a minute at most."""
    expires: int
    """From then on it is over, whatever was asked for meanwhile."""
