from __future__ import annotations

from specgw.changes.change import TITLES
from specgw.changes.clients.kinds import KINDS


def test_every_kind_has_a_class_of_clients_and_an_effect_in_words() -> None:
    assert {kind.grade for kind in KINDS.values()} == {"breaking", "risky", "deprecated", "added", "fixed"} < set(TITLES)
    assert all(kind.effect and not kind.effect.endswith(".") for kind in KINDS.values())


def test_what_a_request_may_not_lose_a_response_may_not_gain() -> None:
    for one, other in (("narrowed", "widened"), ("widened", "narrowed")):
        assert (KINDS[f"request-limit-{one}"].grade == "breaking") == (KINDS[f"response-limit-{other}"].grade == "breaking")
