"""The first call of the first page: copied as it stands, run in a shell, and answered as the document says; wherever the gateway is."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.portal.browser import Tab
from tests.portal.conftest import Open
from tests.scenarios.process import PATIENCE, environment, running


def copied(tab: Tab) -> str:
    """What the button puts into the clipboard."""
    origin = f"{urlsplit(tab.page.url).scheme}://{urlsplit(tab.page.url).netloc}"
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=origin)
    tab.page.get_by_role("button", name="Copy").click()
    expect(tab.page.get_by_role("button", name="Copied")).to_be_visible()
    text: str = tab.page.evaluate("navigator.clipboard.readText()")
    assert text == tab.page.locator("code[data-address]").inner_text()
    return text


def run(command: str) -> tuple[str, object]:
    """The status and the body that somebody gets who pastes this into a terminal."""
    options = "--silent --show-error --write-out '\\n%{http_code}'"
    done = subprocess.run(["/bin/sh", "-c", f"{command} {options}"], capture_output=True, text=True, timeout=PATIENCE, env=environment())
    assert done.returncode == 0, done.stderr
    body, _, status = done.stdout.rpartition("\n")
    return status, json.loads(body)


def documented(built: Path, path: str) -> list[str]:
    document = json.loads((built / "openapi.json").read_text())
    return [status for status in document["paths"][path]["get"]["responses"] if status.startswith("2")]


def first_page(tab: Tab, path: str, address: str) -> Page:
    page = tab.goto(path)
    expect(page.locator("code[data-address]", has_text=address)).to_be_visible()
    return page


@pytest.mark.parametrize("place", ["gateway", "below"])
def test_the_call_that_is_shown_runs_as_it_stands(opened: Open, built: Path, request: pytest.FixtureRequest, place: str) -> None:
    address: str = request.getfixturevalue(place)
    tab = opened(address)
    first_page(tab, "portal/", address)
    assert tab.axe() == []
    command = copied(tab)
    assert command == f"curl {address}/sandbox/api/users \\\n  --header 'X-API-Key: SANDBOX_KEY_1'"
    status, body = run(command)
    assert [status] == documented(built, "/api/users")
    assert body


def test_a_sandbox_by_itself_is_named_without_a_path(opened: Open, built: Path) -> None:
    with running("mock", built, "--port", "0", cwd=built.parent, environ=environment()) as sandbox:
        found = re.search(r"http://\S+?:\d+", sandbox.expect(r"http://127\.0\.0\.1:\d+")[0])
        assert found is not None
        address = found[0]
        tab = opened(address)
        first_page(tab, "portal/", f"{address}/api")
        command = copied(tab)
        assert command == f"curl {address}/api/users \\\n  --header 'X-API-Key: SANDBOX_KEY_1'"
        assert [run(command)[0]] == documented(built, "/api/users")


def test_files_have_the_address_that_gateway_yaml_says(opened: Open, files: str) -> None:
    tab = opened(files)
    tab.goto("portal/")
    assert copied(tab).startswith("curl http://127.0.0.1:8080/sandbox/api/users")
