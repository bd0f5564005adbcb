"""The search, by keyboard alone, and what it ranks first."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.portal.conftest import Open

RANKS = {
    "create user": "Create a user",
    "POST /api/users": "Create a user",
    "createUser": "Create a user",
    "updateprod": "Replace a product",
    "list prodcuts": "List products",
    "delet user": "Remove a user",
    "/api/products": "List products",
    "remove": "Remove a product",
    "getting started": "Getting started",
    "no-route": "404",
}


def searching(page: Page, key: str = "/") -> Page:
    expect(page.locator("#search-open")).to_be_visible()
    page.keyboard.press(key)
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()
    return page


def test_a_page_is_found_and_opened_by_keyboard(opened: Open, gateway: str) -> None:
    page = searching(opened(gateway).goto("portal/"), "Control+k")
    page.keyboard.type("users")
    expect(page.get_by_role("option").nth(1)).to_be_visible()
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    assert page.get_by_role("combobox", name="Search").get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    target = chosen.get_attribute("data-page")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/portal/{target}")


def test_escape_goes_back_to_the_page(opened: Open, gateway: str) -> None:
    page = searching(opened(gateway).goto("portal/operations/createUser.html"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox", name="Search")).to_be_hidden()


def test_the_index_is_loaded_when_somebody_searches(opened: Open, gateway: str) -> None:
    tab = opened(gateway)
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    page = tab.goto("portal/")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "search-index" in url]
    searching(page)
    page.keyboard.type("list")
    expect(page.get_by_role("option").first).to_be_visible()
    assert len([url for url in asked if "search-index" in url]) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_ranking_and_who_can_read_it(opened: Open, gateway: str, scheme: str) -> None:
    tab = opened(gateway, color_scheme=scheme)
    page = searching(tab.goto("portal/"))
    field = page.get_by_role("combobox", name="Search")
    for query, title in RANKS.items():
        field.fill(query)
        expect(page.get_by_role("option").first, query).to_contain_text(title)
    assert tab.axe() == []
    field.fill("zzzzzz")
    expect(page.get_by_role("status")).to_have_text("Nothing has these words.")
