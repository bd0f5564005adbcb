"""What a store knows about a key: everything but the key itself."""

from __future__ import annotations

from typing import Literal

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
    replaces: str | None = None
    """The id of the key in whose place it was issued."""
    last_used: int | None = None
    """Told by gateways once in a while: not later than the last use, and behind it by a minute or two."""

    def standing(self, now: float) -> Standing:
        """Whether it is accepted at a moment, or why not."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.expires is not None and now >= self.expires else "valid"
