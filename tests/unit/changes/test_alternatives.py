from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from specgw.changes.alternatives import PUBLIC, Alternatives, alternatives, beyond, shown
from tests.unit.changes.plans import route

ATOMS = [(scheme, scope) for scheme in "ab" for scope in ("", "r", "w")]
ASKED = st.frozensets(st.frozensets(st.sampled_from(ATOMS), max_size=3), min_size=1, max_size=3)


def test_what_is_asked_of_a_caller() -> None:
    asked = alternatives(route("oauth:read,write + key | session"))
    assert asked == {
        frozenset({("users/oauth", ""), ("users/oauth", "read"), ("users/oauth", "write"), ("users/key", "")}),
        frozenset({("users/session", "")}),
    }
    assert shown(asked) == "users/key + users/oauth(read, write), or users/session"


def test_nothing_the_empty_list_and_an_empty_alternative_are_public() -> None:
    assert [alternatives(route(text)) for text in (None, "", "-")] == [PUBLIC, PUBLIC, PUBLIC]
    assert shown(PUBLIC) == "public"


def test_a_scheme_may_be_known_by_another_name() -> None:
    assert alternatives(route("key"), {"users/key": "users/apiKey"}) == {frozenset({("users/apiKey", "")})}


@given(ASKED, ASKED)
def test_somebody_gets_in_exactly_where_the_comparison_says_so(one: Alternatives, other: Alternatives) -> None:
    """Against every set of things that a caller could prove."""

    def lets_in(asked: Alternatives, proved: frozenset[tuple[str, str]]) -> bool:
        return any(alternative <= proved for alternative in asked)

    callers = [frozenset(atom for atom, held in zip(ATOMS, chosen, strict=True) if held) for chosen in product((False, True), repeat=6)]
    more = any(lets_in(one, caller) and not lets_in(other, caller) for caller in callers)
    assert bool(beyond(one, other)) == more
