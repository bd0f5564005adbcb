"""What holds for every kind of page: nobody is shut out, nothing is fetched from elsewhere or in vain, nothing moves by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.portal.browser import PHONE, WIDE, Tab
from tests.portal.conftest import Open

PAGES = {
    "catalogue": "portal/",
    "service": "portal/services/users.html",
    "operation": "portal/operations/createUser.html",
    "schema": "portal/schemas/User.html",
    "guide": "portal/guides/errors-and-limits.html",
    "problems": "portal/errors.html",
    "keys": "portal/keys.html",
    "changelog": "portal/changes.html",
    "changes of a service": "portal/changes/users.html",
    "missing": "portal/404.html",
}


def search(page: Page) -> None:
    page.keyboard.press("/")
    page.get_by_role("combobox", name="Search").fill("user")
    expect(page.get_by_role("option").first).to_be_visible()


def panel(page: Page) -> None:
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("button", name="Send")).to_be_visible()


def answer(page: Page) -> None:
    panel(page)
    page.get_by_text("Choose the sandbox's answer").click()
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".tryit-status")).to_contain_text("201")
    for summary in page.locator(".tryit-answer summary").all():
        summary.click()


def errors(page: Page) -> None:
    panel(page)
    page.get_by_role("textbox", name="Body", exact=True).fill("{}")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".tryit-violations")).to_be_visible()


def unfolded(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


STATES: dict[str, tuple[str, Callable[[Page], None]]] = {
    **{name: (path, unfolded) for name, path in PAGES.items()},
    "search": (PAGES["guide"], search),
    "panel with an answer": (PAGES["operation"], answer),
    "panel with errors": (PAGES["operation"], errors),
}


@pytest.mark.parametrize("state", STATES)
def test_nobody_is_shut_out(opened: Open, gateway: str, state: str) -> None:
    """Light and dark, wide and on a phone: axe-core finds nothing, and no page is wider than its window."""
    path, reach = STATES[state]
    tab = opened(gateway, color_scheme="light", reduced_motion="reduce")
    page = tab.goto(path)
    expect(page.locator("#search-open")).to_be_visible()
    reach(page)
    assert tab.axe() == []
    page.emulate_media(color_scheme="dark")
    assert tab.axe(rules=("color-contrast", "link-in-text-block")) == []
    page.set_viewport_size(PHONE)
    assert tab.axe() == []
    assert tab.overflow() == 0
    page.set_viewport_size(WIDE)
    assert tab.overflow() == 0


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_nothing_moves_and_nothing_is_asked_for_in_vain(opened: Open, gateway: str, viewport: ViewportSize) -> None:
    tab = opened(gateway, viewport=viewport)
    for name, path in PAGES.items():
        page = tab.goto(path)
        page.wait_for_load_state("networkidle")
        moves = tab.moved()
        assert sum(value for value, _ in moves) < 0.01, (name, moves)
    page = tab.goto(PAGES["operation"])
    answer(page)
    assert sum(value for value, _ in tab.moved()) < 0.05
    assert tab.failed == []


def test_what_has_the_focus_is_seen(opened: Open, gateway: str) -> None:
    tab = opened(gateway, reduced_motion="reduce")
    for name, count in (("operation", 30), ("service", 10)):
        seen = focused(tab.goto(PAGES[name]), count)
        assert len(set(seen)) > count * 5 / 6


def focused(page: Page, count: int) -> list[str]:
    """What has the focus, one after another; each has to be seen."""
    expect(page.locator("#search-open")).to_be_visible()
    seen: list[str] = []
    for _ in range(count):
        page.keyboard.press("Tab")
        focus = page.evaluate(
            """() => {
                const node = document.activeElement, box = node.getBoundingClientRect(), style = getComputedStyle(node);
                const shown = node.closest("label") ? getComputedStyle(node.closest("label")) : style;
                const ring = [style, shown].some((one) => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) >= 2);
                const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
                const uncovered = document.elementsFromPoint(box.left + box.width / 2, box.top + 2).includes(node);
                return [node.outerHTML.slice(0, 100), ring, inside, uncovered];
            }"""
        )
        seen.append(focus[0])
        assert focus[1:] == [True, True, True], focus
    return seen


def test_pages_can_be_printed(opened: Open, gateway: str) -> None:
    tab = opened(gateway, color_scheme="dark")
    for name, sample in (("operation", 1), ("guide", 0)):
        page = tab.goto(PAGES[name])
        page.emulate_media(media="print")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.locator(".sample.curl").filter(visible=True).count() == sample
        for left_out in (".bar", ".menu", ".to-beside", "#tryit-open"):
            assert page.locator(left_out).filter(visible=True).count() == 0
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.pdf(format="A4").startswith(b"%PDF-")
        page.set_viewport_size({"width": 794, "height": 1123})
        assert tab.overflow() == 0


@pytest.mark.parametrize("where", ["gateway", "files"])
def test_everything_can_be_read_without_scripts(opened: Open, request: pytest.FixtureRequest, where: str) -> None:
    tab: Tab = opened(request.getfixturevalue(where), java_script_enabled=False)
    for path in PAGES.values():
        page = tab.goto(path if where == "gateway" else path.removesuffix("/") + "/index.html" * path.endswith("/"))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.locator("main").inner_text()
        assert page.get_by_role("button").filter(visible=True).all_inner_texts() == []
        assert page.locator("#theme, #search-open").filter(visible=True).count() == 0
    page = tab.goto(PAGES["operation"])
    expect(page.locator("pre.curl")).to_be_visible()
    page.get_by_role("link", name="Read one user").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Read one user")
    assert tab.failed == []
