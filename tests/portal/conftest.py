"""One browser and one gateway for all tests of the portal in a process; a tab of a fresh profile for each."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.portal.browser import Tab, chromium
from tests.portal.documents import bodies, hostile
from tests.portal.service import service
from tests.portal.styles import styles
from tests.scenarios.process import PATIENCE, ROOT, Running, environment, free_port, running, specgw

Open = Callable[..., Tab]
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
_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Tell the fixtures of a test whether it failed."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `specgw build` makes of the running example, in a folder of its own."""
    folder = tmp_path_factory.mktemp("portal")
    shutil.copytree(ROOT / "specs", folder / "specs")
    result = specgw("build", "specs", "-o", "generated", cwd=folder)
    assert result.returncode == 0, result.stderr
    return folder / "generated"


@pytest.fixture(scope="session")
def gateway(built: Path) -> Iterator[str]:
    """The address of a gateway that serves the built example, its portal and its sandbox, with the User Service behind it."""
    users = Running("--port", "0", cwd=ROOT, module="sample_services.users")
    try:
        state = str(built.parent / "state")  # keys that tests make are not the developer's
        environ = environment(ACTIVE_PROFILES="dev", XDG_STATE_HOME=state, USERS_URL=users.expect(r"serving on (http://\S+)")[1])
        with running("serve", built, "--port", "0", "--admin", "off", cwd=built.parent, environ=environ) as server:
            yield server.address()
    finally:
        users.kill()


@pytest.fixture(scope="session")
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


@dataclass(frozen=True, slots=True)
class Odd:
    """A gateway before documents that no author would write, and the service behind one of them."""

    address: str
    end: Event
    """What the service streams ends when it is set."""


@pytest.fixture(scope="session")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Odd]:
    folder = tmp_path_factory.mktemp("odd")
    with service() as (address, end):
        for name, document in {"hostile": hostile(), "bodies": bodies(address), "styles": styles()}.items():
            (folder / f"{name}.json").write_text(json.dumps(document))
        result = specgw("build", *sorted(folder.glob("*.json")), "-o", "generated", cwd=folder)
        assert result.returncode == 0, result.stderr
        with running("serve", folder / "generated", "--port", "0", "--admin", "off", cwd=folder, environ=environment()) as server:
            yield Odd(server.address(), end)


@pytest.fixture(scope="session")
def files(built: Path) -> Iterator[str]:
    """The address of a server that knows nothing but files."""
    with serving_files(built) as address:
        yield address


@contextlib.contextmanager
def serving_files(folder: Path) -> Iterator[str]:
    """The address of a server for the files of a folder."""

    class Files(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Files) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def opened(browser: Browser, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens tabs. Whatever a page did that no page may do fails the test; after a failure there is a picture."""
    tabs: list[Tab] = []

    def open_tab(origin: str, **options: Any) -> Tab:
        tabs.append(Tab(browser, origin, **options))
        return tabs[-1]

    yield open_tab
    wrong = [line for tab in tabs for line in tab.wrong]
    if wrong or request.node.stash.get(_FAILED, False):
        told = [tab.keep(tmp_path, f"{request.node.name}-{number}") for number, tab in enumerate(tabs)]
        request.node.add_report_section("teardown", "browser", "\n".join(told))
    for tab in tabs:
        tab.close()
    assert not wrong, "\n".join(wrong)
