from __future__ import annotations

from specgw.plan.model import Plan
from specgw.portal.published import Published, Theme


def test_what_is_not_given_is_not_shown() -> None:
    published = Published(documents={})
    assert (published.plan, published.guides, published.theme, published.history) == (Plan(), {}, Theme(), None)
