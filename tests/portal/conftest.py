"""One browser and one gateway for all tests of the portal in a process; a tab of a fresh profile for each."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.portal.browser import Tab, chromium
from tests.scenarios.process import ROOT, environment, running, specgw

Open = Callable[..., Tab]
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
    """The address of a gateway that serves the built example, its portal and its sandbox."""
    with running("serve", built, "--port", "0", "--admin", "off", cwd=built.parent, environ=environment(ACTIVE_PROFILES="dev")) as server:
        yield server.address()


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
