"""The page of keys while the store is away, and when it is back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.portal.conftest import Open
from tests.portal.test_keys import DOCUMENT, make
from tests.redis_server import RedisServer
from tests.scenarios.process import environment, running, service


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.kill()


def test_it_says_what_cannot_be_done_and_nothing_is_lost(opened: Open, store: RedisServer, tmp_path: Path) -> None:
    with service([]) as upstream:
        (tmp_path / "api.yaml").write_text(DOCUMENT.format(server=upstream))
        environ = environment(ACTIVE_PROFILES="dev", REDIS_URL=store.url)
        with running("serve", "api.yaml", "--port", "0", "--admin", "off", cwd=tmp_path, environ=environ) as gateway:
            address = gateway.address()
            gateway.expect("the portal is on")
            tab = opened(address)
            page = tab.goto("portal/keys.html")
            page.get_by_role("button", name="Sign in as developer").click()
            make(page, "till")
            page.get_by_role("textbox", name="Name").fill("desk")

            store.kill()
            page.get_by_role("button", name="Make a key").click()
            expect(page.get_by_role("alert").filter(has_text="keys and sessions cannot be asked for at the moment")).to_be_visible()
            expect(page.get_by_role("textbox", name="Name")).to_have_value("desk")
            page.reload()
            expect(page.get_by_text("Keys cannot be asked for at the moment. Try again soon.")).to_be_visible()
            expect(page.get_by_role("button", name="Sign in")).to_have_count(0)
            assert tab.axe() == []

            store.start()
            page.reload()
            expect(page.locator(".keys-who")).to_contain_text("Signed in as developer.")
            expect(page.get_by_role("list", name="Valid keys")).to_contain_text("till")
            make(page, "desk")
