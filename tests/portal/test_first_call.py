"""The first call of the first page: copied as it stands, run in a shell, and answered as the document says; wherever the gateway is."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.portal.browser import Tab
from tests.portal.conftest import Open
from tests.scenarios.process import PATIENCE, environment, free_port, running

PREFIX = "/shop/v2"
NGINX = """\
daemon off;
pid nginx.pid;
error_log stderr;
events {{}}
http {{
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server {{
    listen 127.0.0.1:{port};
    location {prefix}/ {{
      proxy_pass {gateway}/;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
    }}
  }}
}}
"""


@pytest.fixture(scope="module")
def below(gateway: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a proxy that has put the gateway below a path of its own."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.fail("this test needs nginx: on Debian 'apt-get install nginx-light' (nox -s tests does it as root)")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    (folder / "nginx.conf").write_text(NGINX.format(port=port, prefix=PREFIX, gateway=gateway))
    nginx = subprocess.Popen([program, "-p", str(folder), "-c", "nginx.conf"], stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + PATIENCE
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert time.monotonic() < end
        yield f"http://127.0.0.1:{port}{PREFIX}"
    finally:
        nginx.terminate()
        nginx.wait()


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


def test_try_it_reaches_the_gateway_below_a_path(opened: Open, below: str) -> None:
    tab = opened(below)
    page = tab.goto("portal/operations/listUsers.html")
    page.get_by_role("button", name="Try it").click()
    page.get_by_role("button", name="Send to the sandbox").click()
    expect(page.locator(".tryit-status")).to_contain_text("200")
    page.get_by_text("As curl").click()
    expect(page.locator(".tryit-answer")).to_contain_text(f"curl --request GET '{below}/sandbox/api/users")
    page.get_by_role("radio", name="Live").check()
    page.get_by_label("X-API-Key").fill("DEV_KEY_12345")
    page.get_by_role("button", name="Send to the live service").click()
    expect(page.locator(".tryit-answer pre").first).to_contain_text("Ada Lovelace")


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
