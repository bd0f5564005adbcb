from __future__ import annotations

import pytest

from specgw.plan.found import NOT_FOUND, InvalidPath, Match, NotAllowed, NotFound
from specgw.plan.model import Origin, Route

ROUTE = Route(id="a", service="s", method="GET", path="/a/{b}", document_path="/a/{b}", origin=Origin(file="a.yaml", line=1))


def test_a_match_has_its_route_what_was_attached_to_it_and_raw_values() -> None:
    match = Match(ROUTE, "attached", {"b": "%20"})
    assert (match.route, match.payload, match.values) == (ROUTE, "attached", {"b": "%20"})
    assert match.remainder is None, "it matched whole"


def test_what_was_found_is_compared_by_what_it_says() -> None:
    assert NotAllowed(("GET", "PUT")) == NotAllowed(("GET", "PUT")) != NotAllowed(("GET",))
    assert InvalidPath("it is odd") != InvalidPath("it is not")
    assert NotFound() == NOT_FOUND


def test_what_was_found_is_not_changed() -> None:
    with pytest.raises(AttributeError):
        NotAllowed(("GET",)).allow = ()  # type: ignore[misc]  # that is what is shown
