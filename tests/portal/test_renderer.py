"""Swagger UI in a browser: under a strict policy, on the portal's own document, with calls to this gateway alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from specgw.portal.renderer import _FOLDER, DIGESTS, VERSION
from tests.portal.browser import PHONE
from tests.portal.conftest import Open, serving_files
from tests.scenarios.process import ROOT, environment, running, specgw

PACKAGE = ROOT / "tests" / "node_modules" / "swagger-ui-dist"


@pytest.fixture(scope="module")
def built_with_renderer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("renderer")
    shutil.copytree(ROOT / "specs", folder / "specs")
    settings = folder / "specs" / "gateway.yaml"
    chosen = settings.read_text(encoding="utf-8").replace("  portal:\n", "  portal:\n    renderer: swagger-ui\n", 1)
    settings.write_text(chosen, encoding="utf-8")
    document = folder / "specs" / "users.yaml"
    evil = "![seen](https://elsewhere.example/a.png) <img src=https://elsewhere.example/b.png> <script>alert(1)</script>"
    text = document.read_text(encoding="utf-8").replace("summary: List users", f"summary: List users\n      description: '{evil}'", 1)
    document.write_text(text, encoding="utf-8")
    result = specgw("build", "specs", "-o", "generated", cwd=folder)
    assert result.returncode == 0, result.stderr
    assert "elsewhere.example" in (folder / "generated" / "portal" / "downloads" / "users.json").read_text(encoding="utf-8")
    return folder / "generated"


@pytest.fixture(scope="module")
def gateway_with_renderer(built_with_renderer: Path) -> Iterator[str]:
    folder, environ = built_with_renderer, environment(ACTIVE_PROFILES="dev")
    with running("serve", folder, "--port", "0", "--admin", "off", cwd=folder.parent, environ=environ) as server:
        yield server.address()


def test_its_files_are_those_of_the_npm_package() -> None:
    if not PACKAGE.is_dir():
        pytest.fail("needs swagger-ui-dist: `npm ci --prefix tests`; `nox -s tests` sees to it where npm is installed")
    assert f'"version": "{VERSION}"' in (PACKAGE / "package.json").read_text(encoding="utf-8")
    for name in DIGESTS:
        assert (_FOLDER / name).read_bytes() == (PACKAGE / name).read_bytes(), name


def test_from_the_page_of_a_service_to_a_call_in_the_sandbox(opened: Open, gateway_with_renderer: str) -> None:
    tab = opened(gateway_with_renderer)
    page = tab.goto("portal/services/users.html")
    page.get_by_role("link", name="Swagger UI").click()
    page.wait_for_selector(".opblock")
    assert page.locator(".opblock").count() == 5
    assert page.locator("#renderer-note").is_hidden()
    page.locator(".opblock-get .opblock-summary-control").first.click()
    page.locator(".opblock.is-open .execute").click()
    answer = page.locator(".live-responses-table .response").first
    answer.wait_for()
    assert "200" in answer.inner_text()
    assert "Ada Lovelace" in answer.inner_text()
    assert page.locator(".opblock.is-open img").count() == 0
    assert page.locator("img[src*=validator]").count() == 0
    # What is around it is ours; what axe finds inside of Swagger UI is told in docs/portal.md.
    assert tab.axe(without="#swagger-ui") == []


def test_no_call_goes_anywhere_else(opened: Open, gateway_with_renderer: str) -> None:
    tab = opened(gateway_with_renderer)
    page = tab.goto("portal/renderer/users.html")
    page.wait_for_selector(".opblock")
    options = page.locator(".servers select option").all_inner_texts()
    assert [option.split(" - ")[0].strip() for option in options] == ["/sandbox", "/"]


def test_on_a_phone_in_the_dark(opened: Open, gateway_with_renderer: str) -> None:
    tab = opened(gateway_with_renderer, viewport=PHONE, color_scheme="dark")
    page = tab.goto("portal/renderer/products.html")
    page.wait_for_selector(".opblock")
    assert "dark-mode" in (page.locator("html").get_attribute("class") or "")
    assert tab.overflow() == 0


def test_files_show_it_and_call_nothing(opened: Open, built_with_renderer: Path) -> None:
    with serving_files(built_with_renderer) as address:
        tab = opened(address)
        page = tab.goto("portal/renderer/users.html")
        page.wait_for_selector(".opblock")
        assert page.locator("#renderer-note").is_visible()
        page.locator(".opblock-get .opblock-summary-control").first.click()
        page.wait_for_selector(".opblock.is-open .parameters")
        assert page.locator(".opblock.is-open .try-out").count() == 0
