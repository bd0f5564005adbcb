"""What everything in a Plan is made from."""

from __future__ import annotations

import msgspec


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Base of everything in a Plan: frozen, keyword-only, defaults left out of the serialised form."""
