"""The portal behind a proxy that has put the gateway below a path of its own, and that takes off no TLS."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import expect

from tests.portal.conftest import Open
from tests.scenarios.process import PATIENCE

DEVELOPMENT = "portal/sign-in/development"


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


def test_nobody_is_signed_in_through_it(opened: Open, below: str) -> None:
    """The profile `dev` is on: who is at the machine itself could sign in by one click; who comes by the proxy is not."""
    page = opened(below).goto("portal/keys.html")
    expect(page.get_by_text("Signing in needs HTTPS")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in")).to_have_count(0)
    told = httpx.get(f"{below}/portal/session.json", timeout=PATIENCE).json()
    assert (told["keys"], told["signIn"], told["user"], told["csrf"]) == ("insecure", [], None, None)


@pytest.mark.parametrize(
    ("place", "fields"),
    [
        ("below", {}),
        ("below", {"X-Forwarded-For": "127.0.0.1"}),
        ("below", {"Host": "127.0.0.1:8080"}),
        ("gateway", {"Host": "api.example"}),
        ("gateway", {"Host": "localhost.evil.example"}),
        ("gateway", {"X-Forwarded-Host": "localhost"}),
        ("gateway", {"X-Forwarded-Proto": "https"}),
        ("gateway", {"True-Client-IP": "127.0.0.1"}),
    ],
)
def test_no_field_makes_a_stranger_the_developer(request: pytest.FixtureRequest, place: str, fields: dict[str, str]) -> None:
    address: str = request.getfixturevalue(place)
    host = fields.get("Host", address.partition("://")[2].partition("/")[0])
    sent = {"Origin": f"http://{host}", **fields}
    answer = httpx.post(f"{address}/{DEVELOPMENT}", json={}, headers=sent, timeout=PATIENCE)
    assert (answer.status_code, answer.headers.get("set-cookie")) == (404, None)


def test_the_same_request_without_them_is_the_developer_s(gateway: str) -> None:
    answer = httpx.post(f"{gateway}/{DEVELOPMENT}", json={}, headers={"Origin": gateway}, timeout=PATIENCE)
    assert answer.status_code == 204
