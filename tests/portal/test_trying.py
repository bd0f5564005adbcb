"""Calls from the pages: the first one in the sandbox by somebody who has nothing, and what goes wrong, told where it is wrong."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.portal.browser import Tab
from tests.portal.conftest import Open


def panel(tab: Tab, operation: str) -> Page:
    page = tab.goto(f"portal/operations/{operation}.html")
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_call_takes_one_click(opened: Open, gateway: str, scheme: str) -> None:
    tab = opened(gateway, color_scheme=scheme)
    page = panel(tab, "createUser")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".tryit-status")).to_contain_text("201 Created")
    expect(page.locator(".tryit-answer pre").first).to_contain_text('"email"')
    page.get_by_text("As curl").click()
    expect(page.locator(".tryit-answer")).to_contain_text(f"curl --request POST '{gateway}/sandbox/api/users'")
    assert tab.axe() == []


def test_the_keyboard_is_enough(opened: Open, gateway: str) -> None:
    page = panel(opened(gateway), "createUser")
    page.get_by_role("textbox", name="Body", exact=True).press("Control+Enter")
    expect(page.locator(".tryit-status")).to_contain_text("201")


def test_what_is_wrong_stands_beside_its_field(opened: Open, gateway: str) -> None:
    page = panel(opened(gateway), "getUser")
    field = page.get_by_label("id", exact=True)
    field.fill("")
    page.get_by_role("button", name="Send").click()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("path, required, integer is needed")


def test_a_path_that_leads_elsewhere_is_not_asked_for(opened: Open, gateway: str) -> None:
    tab = opened(gateway)
    page = panel(tab, "getUser")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("id", exact=True).fill("..")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".tryit-form > .tryit-wrong")).to_contain_text("leads elsewhere")
    assert asked == []


def test_violations_of_a_live_call_stand_beside_their_fields(opened: Open, gateway: str) -> None:
    page = panel(opened(gateway), "getUser")
    page.get_by_label("Where").select_option("live")
    page.get_by_label("key (key)").fill("DEV_KEY_12345")
    page.get_by_label("id", exact=True).fill("0")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("id", exact=True)).to_have_accessible_description("path, required, integer must be at least 1")


def test_secrets_are_kept_for_the_tab_and_nowhere_else(opened: Open, gateway: str) -> None:
    page = panel(opened(gateway), "getUser")
    page.get_by_label("Where").select_option("live")
    page.get_by_label("key (key)").fill("MINE")
    page.reload()
    page.get_by_label("Where").select_option("live")
    expect(page.get_by_label("key (key)")).to_have_value("MINE")
    assert page.evaluate("Object.values(localStorage).some((value) => value.includes('MINE'))") is False
    assert "MINE" not in page.url


def test_the_sandbox_gives_the_answer_that_is_preferred(opened: Open, gateway: str) -> None:
    page = panel(opened(gateway), "getUser")
    page.get_by_text("Choose the sandbox's answer").click()
    page.get_by_label("Prefer").fill("code=404")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".tryit-status")).to_contain_text("404")


def test_a_site_of_files_says_where_calls_can_be_made(opened: Open, files: str) -> None:
    page = opened(files).goto("portal/operations/createUser.html")
    expect(page.locator("#tryit")).to_contain_text("where the gateway itself serves the portal")
    expect(page.get_by_role("button", name="Send")).to_have_count(0)


def test_without_scripts_there_are_no_dead_controls(opened: Open, gateway: str) -> None:
    page = opened(gateway, java_script_enabled=False).goto("portal/operations/createUser.html")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("#tryit")).to_be_hidden()
    expect(page.locator("#search-open")).to_be_hidden()
