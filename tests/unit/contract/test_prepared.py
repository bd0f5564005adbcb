"""What goes from one process to the other arrives as it was."""

from __future__ import annotations

import msgspec

from specgw.contract.credentials import Identity, Sent
from specgw.contract.prepared import Prepared


def test_prepared_arrives_as_it_was() -> None:
    prepared = Prepared(identities=(Identity("a", {"key": Sent("cookie", "sid", "1")}),), fields={"GET /": {"Host": "a.example"}})
    assert msgspec.json.decode(msgspec.json.encode(prepared), type=Prepared) == prepared
