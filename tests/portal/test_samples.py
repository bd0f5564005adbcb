"""Code on the page of an operation: copied by mouse and keyboard, in the language that was chosen once."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.portal.browser import PHONE, Tab
from tests.portal.conftest import Open

PAGE = "portal/operations/createUser.html"


def clipboard(tab: Tab) -> str:
    text: str = tab.page.evaluate("navigator.clipboard.readText()")
    return text


def reading(opened: Open, gateway: str, **options: object) -> Tab:
    tab = opened(gateway, **options)
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=gateway)
    return tab


def boxes(page: Page) -> object:
    # What is folded has no box until somebody asks for it, and then one that nobody sees.
    seen = "[...document.querySelectorAll('aside *, main *')].filter((each) => each.checkVisibility({ contentVisibilityAuto: true }))"
    return page.evaluate(f"{seen}.map((each) => JSON.stringify(each.getBoundingClientRect()))")


def test_a_sample_is_copied_as_it_is_shown(opened: Open, gateway: str) -> None:
    tab = reading(opened, gateway)
    page = tab.goto(PAGE)
    page.get_by_label("Python", exact=True).check()
    page.locator(".languages .copy").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_attached()
    assert clipboard(tab) == page.locator("pre.python").inner_text()
    assert clipboard(tab).startswith("import os\n")


def test_an_example_is_copied_by_keyboard_and_nothing_moves(opened: Open, gateway: str) -> None:
    tab = reading(opened, gateway, reduced_motion="reduce")  # else the page would still be on its way to what has the focus
    page = tab.goto(PAGE)
    expect(page.get_by_role("button", name="Try it")).to_be_visible()
    button = page.locator(".case[open] .copy").first
    button.focus()
    page.wait_for_load_state("networkidle")
    before = boxes(page)
    page.keyboard.press("Enter")
    expect(button).to_have_text("Copied")
    assert boxes(page) == before
    assert clipboard(tab).startswith("{\n")
    assert tab.axe() == []


def test_without_the_clipboard_the_selection_is_copied(opened: Open, gateway: str) -> None:
    tab = reading(opened, gateway)
    tab.context.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page = tab.goto(PAGE)
    page.locator(".languages .copy").click()
    expect(page.locator(".languages .copy")).to_have_text("Copied")
    assert page.evaluate("String(getSelection())").startswith("curl ")


def test_the_language_is_remembered_on_other_pages(opened: Open, gateway: str) -> None:
    tab = opened(gateway)
    page = tab.goto(PAGE)
    expect(page.locator("pre.curl")).to_be_visible()
    page.get_by_label("Go", exact=True).check()
    page = tab.goto("portal/operations/listProducts.html")
    expect(page.locator("pre.go")).to_be_visible()
    expect(page.locator("pre.curl")).to_be_hidden()


def test_storage_that_is_refused_is_no_error(opened: Open, gateway: str) -> None:
    tab = opened(gateway)
    tab.context.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})")
    page = tab.goto(PAGE)
    page.get_by_label("Go", exact=True).check()
    expect(page.locator("pre.go")).to_be_visible()


def test_without_scripts_everything_can_be_chosen_and_nothing_promises_to_copy(opened: Open, gateway: str) -> None:
    page = opened(gateway, java_script_enabled=False, viewport=PHONE).goto(PAGE)
    page.get_by_text("JavaScript", exact=True).click()
    expect(page.locator("pre.javascript")).to_be_visible()
    expect(page.locator(".copy").first).to_be_hidden()
    closed = page.locator("aside .case").last
    expect(closed.locator("pre")).to_be_hidden()
    closed.locator("summary").click()
    expect(closed.locator("pre")).to_be_visible()
