"""What holds for every kind of page: nobody is shut out, nothing is fetched from elsewhere, nothing is wider than a phone."""

from __future__ import annotations

import pytest

from tests.portal.browser import PHONE
from tests.portal.conftest import Open

PAGES = {
    "catalogue": "portal/",
    "service": "portal/services/users.html",
    "operation": "portal/operations/createUser.html",
    "guide": "portal/guides/errors-and-limits.html",
    "missing": "portal/404.html",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_no_page_shuts_anybody_out(opened: Open, gateway: str, page: str, scheme: str) -> None:
    tab = opened(gateway, color_scheme=scheme, reduced_motion="reduce")
    tab.goto(PAGES[page])
    assert tab.axe() == []


@pytest.mark.parametrize("page", PAGES)
def test_no_page_is_wider_than_a_phone(opened: Open, gateway: str, page: str) -> None:
    tab = opened(gateway, viewport=PHONE)
    tab.goto(PAGES[page])
    assert tab.overflow() == 0
