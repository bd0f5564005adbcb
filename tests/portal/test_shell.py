"""The frame of every page: colours by choice, a phone, pages that are not there, and the looks that gateway.yaml asks for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.portal.browser import PHONE
from tests.portal.conftest import Open
from tests.scenarios.process import ROOT, environment, running, specgw

USERS = "portal/services/users.html"
OPERATION = "portal/operations/createUser.html"
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><rect width="40" height="10" fill="#7a1fa2"/></svg>'


def test_the_button_says_which_colours_hold_and_keeps_the_choice(opened: Open, gateway: str) -> None:
    tab = opened(gateway, color_scheme="dark")
    page = tab.goto("portal/")
    button = page.locator("#theme")
    told = []
    for _ in range(4):
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        told.append((button.inner_text().strip(), button.get_attribute("aria-label"), ground))
        button.click()
    dark, light = "rgb(20, 23, 22)", "rgb(252, 252, 251)"
    assert told == [
        ("System", "Colours: as the system", dark),
        ("Light", "Colours: light", light),
        ("Dark", "Colours: dark", dark),
        ("System", "Colours: as the system", dark),
    ]
    page = tab.goto(USERS)
    assert page.locator("#theme").inner_text().strip() == "Light"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light


@pytest.mark.parametrize("path", ["portal/no-such.html", "portal/operations/no/such/place", "portal/assets/old.js"])
def test_a_page_that_is_not_there_leads_on(opened: Open, gateway: str, path: str) -> None:
    tab = opened(gateway)
    answer = tab.page.goto(f"{gateway}/{path}")
    assert answer is not None
    assert answer.status == 404
    assert tab.page.evaluate("getComputedStyle(document.querySelector('.bar')).position") == "sticky", "its style sheet is there"
    tab.page.get_by_role("main").get_by_role("link", name="Overview").click()
    assert tab.page.get_by_role("heading", level=1).inner_text() == "Sample shop"


def test_the_first_page_names_this_gateway_in_the_first_call(opened: Open, gateway: str) -> None:
    page = opened(gateway).goto("portal/")
    text = page.locator("code[data-address]", has_text=gateway).inner_text()
    assert text == f"curl {gateway}/sandbox/api/users \\\n  --header 'X-API-Key: SANDBOX_KEY_1'"


def test_a_service_says_how_to_reach_it_and_lists_its_operations(opened: Open, gateway: str) -> None:
    page = opened(gateway).goto("portal/")
    page.get_by_role("main").get_by_role("link", name="User Service").click()
    beside = page.get_by_role("complementary", name="About this service")
    assert "/api on this gateway" in beside.inner_text()
    assert "API key in header X-API-Key" in beside.inner_text()
    assert page.locator(".operations li").count() == 5
    current = page.locator("[aria-current=page]")
    assert current.inner_text().split() == ["User", "Service", "5"]


def test_on_a_phone_the_samples_are_one_touch_away(opened: Open, gateway: str) -> None:
    tab = opened(gateway, viewport=PHONE, reduced_motion="reduce")
    page = tab.goto(OPERATION)
    page.locator("a.to-beside").click()
    page.wait_for_function("document.querySelector('#beside').getBoundingClientRect().top < innerHeight / 2")
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("link", name="Getting started").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Getting started"
    assert tab.overflow() == 0


def test_a_name_a_logo_and_colours_of_somebody_else(opened: Open, tmp_path: Path) -> None:
    specs = tmp_path / "specs"
    shutil.copytree(ROOT / "specs", specs)
    (specs / "logo.svg").write_text(LOGO, encoding="utf-8")
    said = (specs / "gateway.yaml").read_text(encoding="utf-8")
    looks = "name: Violet\n    logo: logo.svg\n    colors: {accent: '#7a1fa2'}"
    (specs / "gateway.yaml").write_text(said.replace("name: Sample shop", looks), encoding="utf-8")
    result = specgw("build", "specs", "-o", "built", "--strict", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    with running("serve", tmp_path / "built", "--port", "0", "--admin", "off", cwd=tmp_path, environ=environment()) as server:
        tab = opened(server.address())
        page = tab.goto("portal/")
        assert page.locator(".brand").inner_text() == "Violet"
        assert page.evaluate("document.querySelector('.brand img').naturalWidth") > 0
        assert page.evaluate("getComputedStyle(document.querySelector('.steps a')).color") == "rgb(122, 31, 162)"
        assert tab.axe() == []
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        assert tab.axe() == []


# What stands in one colour.
_COLOURED = """(kind) => [...CSS.highlights.get(`code-${kind}`)].map((one) =>
    one.startContainer.data.slice(one.startOffset, one.endOffset))"""


def test_code_is_coloured_and_stays_one_text(opened: Open, gateway: str) -> None:
    page = opened(gateway).goto(OPERATION)
    assert {"--request", '"email"'} <= set(page.evaluate(_COLOURED, "key"))
    assert {'"grace.hopper@example.com"', '"https://"'} & set(page.evaluate(_COLOURED, "string"))
    assert {"curl", "true", "await", "import", "package"} <= set(page.evaluate(_COLOURED, "word"))
    assert page.locator("pre > code > *").count() == 0
    page.get_by_role("button", name="Try it").click()
    before = len(page.evaluate(_COLOURED, "key"))
    page.get_by_role("button", name="Send").click()
    page.locator(".tryit-status").wait_for()
    assert len(page.evaluate(_COLOURED, "key")) > before
