"""Keys in the portal, in a browser, with a certified provider and two workers: signed in, made, used, rotated, revoked, signed out."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from ssl import SSLContext
from urllib.parse import urljoin

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from tests.portal.browser import PHONE, Tab
from tests.portal.conftest import Open, serving_files
from tests.scenarios.identity_provider import Provider, provider
from tests.scenarios.process import PATIENCE, environment, free_port, running, service

DOCUMENT = """\
openapi: 3.1.0
info: {{title: Notes, version: "1"}}
servers: [{{url: "{server}"}}]
security: [{{key: []}}]
components: {{securitySchemes: {{key: {{type: apiKey, in: header, name: X-API-Key}}}}}}
paths:
  /notes: {{get: {{operationId: listNotes, summary: List notes, responses: {{"200": {{description: Notes.}}}}}}}}
"""
SETTINGS = """\
gateway:
  state: {{path: keys.sqlite}}
  telemetry: {{accessLog: access.log}}
  portal:
    signIn: {{issuer: "{issuer}", clientId: portal, clientSecret: "${{PORTAL_SECRET}}"}}
    keys: {{most: 3}}
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A gateway with a portal, and the provider at which people sign in."""

    address: str
    folder: Path
    provider: Provider
    trusted: SSLContext | bool = True

    def call(self, key: str) -> int:
        """What a program gets that calls with a key."""
        return httpx.get(f"{self.address}/notes", headers={"X-API-Key": key}, timeout=PATIENCE, verify=self.trusted).status_code

    def until(self, key: str, status: int) -> float:
        """How long it takes until both workers answer so, several times in a row."""
        begun = time.monotonic()
        row = 0
        while row < 12:
            row = row + 1 if self.call(key) == status else 0
            assert time.monotonic() < begun + PATIENCE
        return time.monotonic() - begun


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("keys")
    port = free_port()
    # Another site than the provider's for the browser, as it is in the world.
    address = f"http://localhost:{port}"
    environ = environment(PORTAL_SECRET="portal-secret", ACTIVE_PROFILES="dev")
    with service([]) as server, provider(f"{address}/portal/callback") as issuer:
        (folder / "api.yaml").write_text(DOCUMENT.format(server=server))
        (folder / "gateway.yaml").write_text(SETTINGS.format(issuer=issuer.issuer))
        with running("serve", "api.yaml", "--port", str(port), "--admin", "off", "--workers", "2", cwd=folder, environ=environ) as gateway:
            gateway.expect("the portal is on")
            yield Place(address, folder, issuer)


def tab_of(opened: Open, place: Place, *also: str, **options: object) -> Tab:
    """A tab that may visit the provider, whose own page asks for a font elsewhere; and `also` other origins."""
    tab = opened(place.address, allowed=(place.provider.issuer, *also), **options)

    def without_font(route: Route) -> None:
        route.fulfill(status=200, content_type="text/css", body="")

    tab.context.route(re.compile("^https://fonts"), without_font)
    return tab


def sign_in(tab: Tab, place: Place, login: str) -> Page:
    """By way of the provider, as a person does."""
    page = tab.goto("portal/keys.html")
    page.get_by_role("link", name=f"Sign in at {place.provider.issuer.partition('://')[2]}").click()
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill("x")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".keys-who")).to_contain_text(f"Signed in as {login}. Your keys call as {login}.")
    assert page.url == f"{place.address}/portal/keys.html", "nothing of the answer stays in the address"
    return page


def make(page: Page, name: str) -> str:
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("button", name="Make a key").click()
    return shown(page, f"The key “{name}” was made.")


def shown(page: Page, words: str) -> str:
    heading = page.get_by_role("heading", name=words)
    expect(heading).to_be_focused()
    return page.get_by_role("textbox", name="The new key").input_value()


def test_the_life_of_a_key(opened: Open, place: Place) -> None:
    tab = tab_of(opened, place)
    page = sign_in(tab, place, "ada")
    expect(page.get_by_text("You have no valid key yet.")).to_be_visible()
    assert tab.axe() == []
    key = make(page, "till 4")
    assert place.until(key, 200) < PATIENCE
    page.reload()
    expect(page.get_by_role("listitem").filter(has_text="till 4")).to_have_count(1)
    assert key not in page.content(), "it is shown once"

    page.get_by_role("button", name="Rotate till 4").click()
    page.get_by_label("The old key ends").select_option(label="in an hour")
    page.get_by_role("button", name="Rotate", exact=True).click()
    second = shown(page, "The new key for “till 4” was made.")
    place.until(second, 200)
    assert place.call(key) == 200, "both are good in the overlap"
    assert tab.axe() == []

    page.get_by_role("button", name="Revoke till 4").first.click()
    dialog = page.get_by_role("dialog", name="Revoke “till 4”?")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert place.call(second) == 200
    page.get_by_role("button", name="Revoke till 4").first.click()
    page.get_by_role("button", name="Revoke", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("The key “till 4” is revoked.")
    place.until(second, 401)
    assert place.call(key) == 200

    page.get_by_role("button", name="Rename till 4").click()
    page.get_by_role("dialog").get_by_label("Name").fill("desk")
    page.get_by_role("button", name="Rename", exact=True).click()
    expect(page.get_by_role("list", name="Valid keys")).to_contain_text("desk")
    # Two sessions of the browser later, in whichever worker: who has a copy of the cookie is out, too.
    copies = tab.context.cookies()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    expect(page.get_by_role("link", name="Sign in at")).to_be_visible()
    assert tab.context.cookies(place.address) == []
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in copies)
    assert [httpx.get(f"{place.address}/portal/keys", headers={"Cookie": cookie}).status_code for _ in range(6)] == [403] * 6
    told = [json.loads(line) for line in (place.folder / "access.log").read_text().splitlines()]
    notes = [line["notes"]["portal"] for line in told if "notes" in line and line.get("consumer") == "ada" and "portal" in line["notes"]]
    assert notes == ["signed in", "key made", "key rotated", "key revoked", "key renamed", "signed out"]
    assert not any(secret in (place.folder / "access.log").read_text() for secret in (key, second, cookie))


def test_another_person_sees_none_of_it(opened: Open, place: Place) -> None:
    eve = sign_in(tab_of(opened, place), place, "eve")
    key = make(eve, "mine")
    bob = sign_in(tab_of(opened, place), place, "bob")
    expect(bob.get_by_text("You have no valid key yet.")).to_be_visible()
    assert "mine" not in bob.inner_text("main")
    id = eve.locator(".keys-key code").first.inner_text()
    statuses = bob.evaluate(
        """async (id) => {
          const { csrf } = await (await fetch("session.json")).json();
          const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf };
          return (await fetch(`keys/${id}/revoke`, { method: "POST", headers, body: "{}" })).status;
        }""",
        id,
    )
    assert statuses == 404
    assert place.call(key) == 200


def test_what_is_wrong_stands_beside_its_field(opened: Open, place: Place) -> None:
    page = sign_in(tab_of(opened, place), place, "cy")
    page.get_by_role("button", name="Make a key").click()
    name = page.get_by_role("textbox", name="Name")
    expect(name).to_be_focused()
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_have_accessible_description(re.compile("is needed: say what the key is for"))
    for number in range(3):
        make(page, f"program {number}")
    name.fill("one more")
    page.get_by_role("button", name="Make a key").click()
    expect(page.get_by_role("alert").filter(has_text="as many valid keys as there may be (3)")).to_be_visible()


def test_a_session_that_is_over_says_so(opened: Open, place: Place) -> None:
    tab = tab_of(opened, place)
    page = sign_in(tab, place, "dan")
    tab.context.clear_cookies(name="specgw-session")
    page.get_by_role("textbox", name="Name").fill("late")
    page.get_by_role("button", name="Make a key").click()
    expect(page.get_by_role("alert")).to_have_text("Your session is over. Sign in again.")


def answer_to(place: Place, client: httpx.Client, login: str, change: Callable[[str], str]) -> str:
    """The address that the provider sends a browser back to, who was sent to a changed address."""
    answer = client.get(f"{place.address}/portal/sign-in")
    answer = client.get(change(answer.headers["location"]))
    while not answer.headers.get("location", "").startswith(f"{place.address}/portal/callback"):
        if answer.is_redirect:
            answer = client.get(urljoin(str(answer.url), answer.headers["location"]))
            continue
        prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
        action = re.search(r'action="([^"]+)"', answer.text)
        assert prompt is not None, answer.text
        assert action is not None
        answer = client.post(urljoin(str(answer.url), action[1]), data={"prompt": prompt[1], "login": login, "password": "x"})
    return answer.headers["location"]


def with_another(name: str) -> Callable[[str], str]:
    """An address whose parameter of this name has another value."""
    return lambda url: re.sub(rf"([?&]{name}=)[^&]*", r"\1another", url)


def unchanged(url: str) -> str:
    return url


@pytest.mark.parametrize(
    ("sent", "back", "outcome"),
    [
        (unchanged, unchanged, "keys.html"),
        (with_another("nonce"), unchanged, "keys.html#sign-in-refused"),
        (with_another("code_challenge"), unchanged, "keys.html#sign-in-refused"),
        (unchanged, with_another("state"), "keys.html#sign-in-expired"),
        (unchanged, with_another("code"), "keys.html#sign-in-refused"),
        (unchanged, with_another("iss"), "keys.html#sign-in-refused"),
    ],
    ids=["right", "nonce", "challenge", "state", "code", "iss"],
)
def test_only_the_answer_to_this_browser_signs_anybody_in(
    place: Place, sent: Callable[[str], str], back: Callable[[str], str], outcome: str
) -> None:
    with httpx.Client(trust_env=False, timeout=PATIENCE) as client:
        address = back(answer_to(place, client, "gil", sent))
        answer = client.get(address)
        assert (answer.status_code, answer.headers["location"]) == (303, outcome)
        user = client.get(f"{place.address}/portal/session.json").json()["user"]
        assert user == ({"name": "gil", "consumer": "gil"} if outcome == "keys.html" else None)
        again = client.get(address)
        assert again.headers["location"] == "keys.html#sign-in-expired", "an answer counts once"
    with httpx.Client(trust_env=False) as somebody_else:
        assert somebody_else.get(address).headers["location"] == "keys.html#sign-in-expired"


def test_the_page_says_why_nobody_was_signed_in(opened: Open, place: Place) -> None:
    page = tab_of(opened, place).goto("portal/keys.html#sign-in-refused")
    expect(page.get_by_role("alert")).to_contain_text("You were not signed in: the provider did not confirm who you are.")


def test_a_key_that_was_just_made_calls_from_a_page(opened: Open, place: Place) -> None:
    tab = tab_of(opened, place)
    page = sign_in(tab, place, "fay")
    key = make(page, "browser")
    assert page.evaluate("Object.values(sessionStorage).join('')").find(key) < 0, "nothing is kept unless it is asked for"
    page.get_by_role("button", name="Use it in this tab").click()
    page.goto(f"{place.address}/portal/operations/listNotes.html")
    page.get_by_role("button", name="Try it").click()
    page.get_by_role("radio", name="Live").check()
    page.get_by_role("button", name="Send to the live service").click()
    expect(page.locator(".tryit-status")).to_contain_text("200")
    page.goto(f"{place.address}/portal/keys.html")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    assert page.evaluate("Object.values(sessionStorage).join('')").find(key) < 0


def test_one_click_at_the_machine_itself(opened: Open, place: Place) -> None:
    tab = tab_of(opened, place, viewport=PHONE)
    page = tab.goto("portal/keys.html")
    page.get_by_role("button", name="Sign in as developer").click()
    expect(page.locator(".keys-who")).to_contain_text("Signed in as developer.")
    make(page, "here")
    assert tab.overflow() == 0
    [cookie] = [cookie for cookie in tab.context.cookies() if cookie["name"] == "specgw-session"]
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"], cookie["expires"]) == (True, "Strict", "/portal/", -1)
    assert page.evaluate("document.cookie") == ""


ATTACK = """
async ([portal, id]) => {
  const asked = (path, more) =>
    fetch(`${portal}/${path}`, { credentials: "include", ...more }).then((answer) => answer.text(), () => "unreadable");
  for (const path of ["keys", `keys/${id}/revoke`, `keys/${id}/rotate`, `keys/${id}/rename`, "sign-out", "sign-in/development"]) {
    await asked(path, { method: "POST", mode: "no-cors", body: '{"name": "mine", "overlap": 0}' });
    await asked(path, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRF-Token": "A".repeat(43) }, body: "{}" });
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: `${portal}/${path}`, enctype: "text/plain", target: "hidden" });
    document.body.append(form);
    form.submit();
    await new Promise((done) => (document.querySelector("[name=hidden]").onload = done));
  }
  return [await asked("session.json"), await asked("keys")];
}
"""


def test_a_page_of_another_port_of_this_host_changes_and_reads_nothing(opened: Open, place: Place, tmp_path: Path) -> None:
    """To cookies it is the same site: what `SameSite` lets through, `Origin` has to keep out."""
    frames = f'<iframe name="hidden"></iframe><iframe name="framed" src="{place.address}/portal/keys.html"></iframe>'
    (tmp_path / "evil.html").write_text(f"<!doctype html><title>Free keys</title>{frames}")
    with serving_files(tmp_path) as files:
        evil = files.replace("127.0.0.1", "localhost")
        tab = tab_of(opened, place, evil)
        page = sign_in(tab, place, "ivy")
        key = make(page, "mine")
        id = page.locator(".keys-key code").first.inner_text()
        before = (place.folder / "access.log").read_text().count('"portal":"refused"')
        other = tab.context.new_page()
        other.goto(f"{evil}/evil.html")
        assert other.evaluate(ATTACK, [f"{place.address}/portal", id]) == ["unreadable", "unreadable"]
        [framed] = [frame for frame in other.frames if frame.name == "framed"]
        assert framed.locator("main").count() == 0, "no frame shows it"
    page.reload()
    expect(page.locator(".keys-who")).to_contain_text("Signed in as ivy.")
    expect(page.get_by_role("list", name="Valid keys").get_by_role("listitem")).to_have_count(1)
    expect(page.get_by_role("heading", name="mine")).to_have_count(1)
    assert place.call(key) == 200
    refused = (place.folder / "access.log").read_text().count('"portal":"refused"') - before
    # All three ways for each of six: a browser that is driven sends even what it would have to ask for beforehand (Fetch 4.8).
    assert refused == 18
    tab.wrong.clear()  # what the browser says of the attack


def test_files_say_that_they_are_files(opened: Open, files: str) -> None:
    tab = opened(files)
    page = tab.goto("portal/keys.html")
    expect(page.get_by_text("This is a copy of the portal as files.")).to_be_visible()
    expect(page.get_by_role("button", name="Make a key")).to_have_count(0)
    assert tab.axe() == []


def test_it_can_be_read_without_scripts(opened: Open, files: str) -> None:
    page = opened(files, java_script_enabled=False).goto("portal/keys.html")
    expect(page.get_by_text("Making keys here needs JavaScript.")).to_be_visible()
    expect(page.get_by_text("specgw keys issue")).to_be_visible()
