from __future__ import annotations

from specgw.changes.change import TITLES
from specgw.changes.clients.kinds import KINDS
from specgw.changes.enforced import kinds


def test_every_kind_has_a_class_and_an_effect_in_words_and_a_name_of_its_own() -> None:
    found = {**kinds.ROUTES, **kinds.GATEWAY}
    assert len(found) == len(kinds.ROUTES) + len(kinds.GATEWAY)
    assert not set(found) & set(KINDS)
    assert all(kind.grade in TITLES and kind.effect and not kind.effect.endswith(".") for kind in found.values())
