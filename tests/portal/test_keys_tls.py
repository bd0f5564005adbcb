"""The live portal as it is in the world: HTTPS at the gateway and at the provider, and what cookies a browser makes of that."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Cookie, expect

from tests.portal.browser import Tab
from tests.portal.conftest import Open
from tests.portal.test_keys import DOCUMENT, SETTINGS, Place, make, shown, sign_in, tab_of
from tests.scenarios.identity_provider import provider
from tests.scenarios.process import PATIENCE, environment, free_port, running, service
from tests.unit.tls.authority import Authority

AUTHORITY = Authority()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("tls")
    files = AUTHORITY.issue("localhost").write(folder, "server")
    trusted = AUTHORITY.write(folder / "authority.pem")
    port = free_port()
    address = f"https://localhost:{port}"
    environ = environment(PORTAL_SECRET="portal-secret", SSL_CERT_FILE=str(trusted))
    with service([]) as server, provider(f"{address}/portal/callback", secure=files) as issuer:
        (folder / "api.yaml").write_text(DOCUMENT.format(server=server))
        settings = SETTINGS.format(issuer=issuer.issuer) + "  listen: {tls: {cert: server.pem, key: server.key}}\n"
        (folder / "gateway.yaml").write_text(settings)
        with running("serve", "api.yaml", "--port", str(port), "--admin", "off", cwd=folder, environ=environ) as gateway:
            gateway.expect("the portal is on")
            yield Place(address, folder, issuer, AUTHORITY.client())


def own_cookies(tab: Tab) -> list[Cookie]:
    """Those of the portal: to cookies, the provider at another port of this machine is the same host."""
    return [cookie for cookie in tab.context.cookies() if "specgw" in cookie["name"]]


def test_the_life_of_a_key_over_https(opened: Open, place: Place) -> None:
    tab = tab_of(opened, place, ignore_https_errors=True)
    page = sign_in(tab, place, "ada")
    [session] = own_cookies(tab)
    assert (session["name"], session["path"], session["domain"]) == ("__Host-specgw-session", "/", "localhost")
    assert (session["secure"], session["httpOnly"], session["sameSite"], session["expires"]) == (True, True, "Strict", -1)
    assert page.evaluate("document.cookie") == ""
    assert page.evaluate("isSecureContext")

    key = make(page, "till 4")
    assert [place.call(key) for _ in range(3)] == [200] * 3
    page.reload()
    card = page.get_by_role("list", name="Valid keys").get_by_role("listitem")
    expect(card.locator("dl > div").filter(has_text="Uses")).to_have_text("Uses3")
    expect(card.locator("dl > div").filter(has_text="Last used").locator("time")).to_have_count(1)
    page.get_by_role("button", name="Rename till 4").click()
    page.get_by_role("dialog").get_by_label("Name").fill("desk")
    page.get_by_role("button", name="Rename", exact=True).click()
    expect(page.get_by_role("list", name="Valid keys")).to_contain_text("desk")
    page.get_by_role("button", name="Rotate desk").click()
    page.get_by_label("The old key ends").select_option(label="at once")
    page.get_by_role("button", name="Rotate", exact=True).click()
    second = shown(page, "The new key for “desk” was made.")
    expect(page.locator(".keys-made pre")).to_contain_text(f'"{place.address}/notes"')
    place.until(key, 401)
    assert place.call(second) == 200
    page.get_by_role("button", name="Revoke desk").click()
    page.get_by_role("button", name="Revoke", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("The key “desk” is revoked.")
    assert place.call(second) == 401, "at once in the process that revoked it"
    page.get_by_text("Ended keys (2)").click()
    assert tab.axe() == []
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    assert own_cookies(tab) == []


def test_the_attempt_is_a_cookie_that_comes_back_from_the_provider_and_no_further(opened: Open, place: Place) -> None:
    tab = tab_of(opened, place, ignore_https_errors=True)
    page = tab.goto("portal/keys.html")
    page.get_by_role("link", name="Sign in at").click()
    page.locator("input[name=login]").wait_for()
    [attempt] = own_cookies(tab)
    assert (attempt["name"], attempt["path"]) == ("__Host-specgw-sign-in", "/")
    assert (attempt["secure"], attempt["httpOnly"], attempt["sameSite"]) == (True, True, "Lax")
    now = page.evaluate("Date.now() / 1000")
    assert now < attempt["expires"] <= now + 600


def test_what_is_sent_without_tls_signs_nobody_in(place: Place) -> None:
    with pytest.raises(httpx.HTTPError):
        httpx.get(place.address.replace("https:", "http:") + "/portal/session.json", timeout=PATIENCE)
    for host in ("localhost", "evil.example"):
        answer = httpx.get(f"{place.address}/portal/sign-in", headers={"Host": host}, verify=place.trusted, timeout=PATIENCE)
        assert answer.headers["location"].startswith(f"{place.provider.issuer}/auth?")
        [cookie] = answer.headers.get_list("set-cookie")
        assert re.fullmatch(r"__Host-specgw-sign-in=[\w-]{43}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600", cookie)
        # Whatever Host was sent: the provider sends nobody to an address that it was not told before.
        there = httpx.get(answer.headers["location"], verify=place.trusted, timeout=PATIENCE)
        assert (there.status_code, "redirect_uri" in there.text) == (400, True)


def test_everything_live_is_kept_by_nobody_and_shown_in_no_frame(place: Place) -> None:
    for path in ("session.json", "keys", "sign-in", "callback?code=a&state=b", "keys.html"):
        answer = httpx.get(f"{place.address}/portal/{path}", verify=place.trusted, timeout=PATIENCE)
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert path == "keys.html" or answer.headers["cache-control"] == "no-store", path


def test_neither_log_nor_store_has_a_secret_in_it(opened: Open, place: Place) -> None:
    tab = tab_of(opened, place, ignore_https_errors=True)
    sent: list[str] = []
    tab.page.on("request", lambda request: sent.append(request.url))
    page = sign_in(tab, place, "bea")
    key = make(page, "till")
    assert place.call(key) == 200
    [session] = own_cookies(tab)
    token = page.evaluate("fetch('session.json').then((answer) => answer.json()).then((session) => session.csrf)")
    [back] = [url for url in sent if "/portal/callback?" in url]
    secrets = [key, session["value"], token, *re.findall(r"(?:code|state)=([^&]+)", back)]
    assert len(secrets) == 5
    log = (place.folder / "access.log").read_text()
    assert json.loads(log.splitlines()[-1])["consumer"] == "bea"
    stored = b"".join(path.read_bytes() for path in place.folder.glob("keys.sqlite*"))
    assert b"bea" in stored
    assert not any(secret in log or secret.encode() in stored for secret in secrets)
