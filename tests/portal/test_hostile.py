"""A document full of scripts and tricks, opened and clicked through: all of it is text, nothing runs, nothing is asked for."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.portal.browser import PHONE
from tests.portal.conftest import Odd, Open

# What a script, a template or an image of the document would have left behind.
_TRACES = """() => ({
    images: [...document.images].map((one) => one.src).filter((src) => !src.startsWith(location.origin)),
    links: [...document.querySelectorAll("a[href], area[href]")].map((one) => one.href)
        .filter((href) => !href.startsWith(location.origin) && !/^(https?|mailto|blob):/.test(href)),
    elements: document.querySelectorAll("iframe, object, embed, base, form[action], svg script, main script").length,
    handlers: [...document.querySelectorAll("*")].filter((one) => [...one.attributes].some(({ name }) => /^on/i.test(name))).length,
    polluted: Object.keys(Object.prototype).length,
})"""
_NOTHING = {"images": [], "links": [], "elements": 0, "handlers": 0, "polluted": 0}


def unfolded(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details, aside details').forEach((one) => { one.open = true; })")
    assert page.evaluate(_TRACES) == _NOTHING


def test_nothing_runs(opened: Open, odd: Odd) -> None:
    """Dialogs, errors, broken policies and requests elsewhere fail the test by themselves."""
    page = opened(odd.address).goto("portal/")
    expect(page.locator("main")).to_contain_text("</script>")
    unfolded(page)
    page.keyboard.press("/")
    page.keyboard.type("alert")
    expect(page.get_by_role("option").first).to_contain_text("onerror")
    assert page.evaluate(_TRACES) == _NOTHING
    page.goto(f"{odd.address}/portal/operations/evil.html")
    unfolded(page)
    expect(page.locator("main")).to_contain_text("{{ 7*7 }}")
    page.get_by_role("button", name="Try it").click()
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".tryit-answer pre").first).to_contain_text("<script>alert(2)</script>")
    for summary in page.locator(".tryit-answer summary").all():
        summary.click()
    assert page.evaluate(_TRACES) == _NOTHING


def test_no_address_of_a_document_is_called(opened: Open, odd: Odd) -> None:
    tab = opened(odd.address)
    asked: list[str] = []
    page = tab.goto("portal/operations/evil.html")
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="Try it").click()
    page.get_by_role("radio", name="Live").check()
    page.get_by_role("button", name="Send").click()
    # The gateway is asked, and its service, which the document names, is not there.
    expect(page.locator(".tryit-status")).to_contain_text("502")
    assert all(url.startswith(f"{odd.address}/") for url in asked)


def test_every_page_of_it_is_harmless(opened: Open, odd: Odd) -> None:
    tab = opened(odd.address, viewport=PHONE)
    page = tab.goto("portal/")
    waiting, seen = [page.url], set[str]()
    while waiting:
        address = waiting.pop()
        page.goto(address)
        unfolded(page)
        assert tab.overflow() == 0, address
        found = page.evaluate("[...document.querySelectorAll('a[href]')].map((one) => one.href.split('#')[0])")
        # Styles are another document's: one of its operations is enough.
        for link in dict.fromkeys(found):
            inside = link.startswith(f"{odd.address}/portal/") and link.endswith(".html") and "/operations/get-c" not in link
            if inside and link not in seen:
                seen.add(link)
                waiting.append(link)
    assert len(seen) > 10
    assert tab.failed == []
