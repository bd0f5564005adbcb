"""What `run` leaves in a folder for the process that runs schemathesis."""

from __future__ import annotations

import msgspec

from specgw.contract.credentials import Identity

DOCUMENT = "openapi.json"
CONFIGURATION = "schemathesis.toml"
SESSION = "session.json"


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """Who calls, and what requests need that no document can say."""

    identities: tuple[Identity, ...] = ()
    fields: dict[str, dict[str, str]] = {}
    """Header fields by operation (`GET /users`): the Host and the fields that choose between routes of one path."""
    gateway: bool = True
    """Whether a gateway's rule for paths holds, beside what the document says: see `session`."""
