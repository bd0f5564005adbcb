"""The search, by keyboard alone, and what it ranks first."""

from __future__ import annotations

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
    "how to create a user": "Create a user",
    "userrequest": "UserRequest",
    "getting started": "Getting started",
    "no-route": "404",
    "/api/users/42": "Read one user",
    "DELETE https://shop.example/api/products/7?force=1": "Remove a product",
    "creating users": "Create a user",
    "úser schema": "User",
    "user zzzzzz delete": "Remove a user",
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


def test_escape_goes_back_to_where_one_was(opened: Open, gateway: str) -> None:
    page = opened(gateway).goto("portal/operations/createUser.html")
    expect(page.locator("#search-open")).to_be_visible()
    link = page.locator("main a").first
    link.focus()
    searching(page)
    page.keyboard.type("x")
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox", name="Search")).to_be_hidden()
    expect(link).to_be_focused()


def test_a_slash_that_is_typed_stays_one(opened: Open, gateway: str) -> None:
    page = opened(gateway).goto("portal/operations/createUser.html")
    page.get_by_role("button", name="Try it").click()
    field = page.get_by_label("Idempotency-Key")
    field.press("/")
    expect(field).to_have_value("/")


def test_arrows_go_round(opened: Open, gateway: str) -> None:
    page = searching(opened(gateway).goto("portal/"))
    page.keyboard.type("users")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")


def test_once_loaded_it_needs_nobody(opened: Open, gateway: str) -> None:
    tab = opened(gateway)
    page = searching(tab.goto("portal/"))
    page.keyboard.type("users")
    expect(page.get_by_role("option").first).to_be_visible()
    tab.context.set_offline(True)
    page.get_by_role("combobox", name="Search").fill("products")
    expect(page.get_by_role("option").first).to_contain_text("product")
    tab.context.set_offline(False)


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


def test_what_stands_first(opened: Open, gateway: str) -> None:
    page = searching(opened(gateway).goto("portal/"))
    field = page.get_by_role("combobox", name="Search")
    for query, title in RANKS.items():
        field.fill(query)
        expect(page.get_by_role("option").first, query).to_contain_text(title)
    status = page.locator(".search-none")
    expect(status).to_have_text("Nothing has all of these words; these have some.")
    field.fill("zzzzzz")
    expect(status).to_have_text("Nothing has these words.")
