from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from specgw.policies.identity import Identity


def test_an_identity_has_no_rights_of_its_own() -> None:
    identity = Identity("bearer", "ada")
    assert (identity.scopes, identity.roles, dict(identity.claims), identity.consumer) == (frozenset(), frozenset(), {}, None)


def test_nobody_changes_who_calls() -> None:
    with pytest.raises(FrozenInstanceError):
        Identity("bearer", "ada").subject = "bob"  # type: ignore[misc]
