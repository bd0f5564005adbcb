"""A document full of scripts, opened and clicked through: all of it is text, nothing runs."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.portal.conftest import Odd, Open


def test_nothing_runs(opened: Open, odd: Odd) -> None:
    """Dialogs, errors, broken policies and requests elsewhere fail the test by themselves."""
    page = opened(odd.address).goto("portal/")
    expect(page.locator("main")).to_contain_text("</script>")
    expect(page.locator("#search-open")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("alert")
    expect(page.get_by_role("option").first).to_contain_text("onerror")
    page.goto(f"{odd.address}/portal/operations/evil.html")
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
    page.get_by_role("button", name="Try it").click()
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".tryit-answer pre").first).to_contain_text("<script>alert(2)</script>")
    for summary in page.locator(".tryit-answer summary").all():
        summary.click()
    assert page.locator("img[src='x'], a[href^='javascript:']").count() == 0
