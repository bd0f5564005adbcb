"""The live part of the portal as a browser meets it: signing in by both ways, what is refused, and who is told what."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from specgw.identity.code_flow import Client, Refused
from specgw.portal.live.sessions import IDLE
from tests.unit.portal.live.stage import AWAY, ISSUER, LOCAL, Browser, Provider, Stage, field, play

DEVELOPMENT = "sign-in/development"
TLS = "https://api.example"


def test_the_way_through_the_provider(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        ada = Browser(stage, TLS, peer="203.0.113.7")
        assert await ada.session() == {
            "live": True,
            "sandbox": "/sandbox/",
            "keys": "ready",
            "signIn": [{"kind": "openid", "href": "sign-in", "at": "id.example"}],
            "user": None,
            "csrf": None,
        }
        away = await ada.ask("GET", "sign-in")
        assert (away.status, field(away, "location").startswith(f"{ISSUER}/auth?state=")) == (302, True)
        assert stage.provider.sent is not None
        assert stage.provider.sent.redirect == f"{TLS}/portal/callback"
        back = await ada.ask("GET", f"callback?code=c&state={stage.provider.sent.state}&iss=x", sec_fetch_site="cross-site")
        assert (back.status, field(back, "location")) == (303, "keys.html")
        assert list(ada.cookies) == ["__Host-specgw-session"]
        told = await ada.session()
        assert told["user"] == {"name": "Ada", "consumer": "ada"}
        assert len(told["csrf"]) == 43
        assert [(event.what, event.owner, event.key) for event in stage.events] == [("signed in", f"{ISSUER} ada", None)]

    play(tmp_path, scene, development=False)


@pytest.mark.parametrize(
    "answer",
    [
        "code=c&state={other}",
        "code=c",
        "code=c&state=",
        "code=c&state={state}&state={state}",
        "code=c&code=d&state={state}",
        "code=c&state={state}&iss=a&iss=b",
        "state={state}&" + "&".join(f"p{number}=1" for number in range(30)),
        "code=c&state={state}&x=" + "y" * 9000,
        "code=%ff&state={state}",
        "",
    ],
)
def test_an_answer_that_was_not_asked_for_signs_nobody_in(tmp_path: Path, answer: str) -> None:
    async def scene(stage: Stage) -> None:
        ada, eve = Browser(stage), Browser(stage)
        await eve.ask("GET", "sign-in")
        assert stage.provider.sent is not None
        other = stage.provider.sent.state
        await ada.ask("GET", "sign-in")
        assert stage.provider.sent is not None
        back = await ada.ask("GET", "callback?" + answer.format(state=stage.provider.sent.state, other=other))
        assert (back.status, field(back, "location")) == (303, "keys.html#sign-in-expired")
        assert ada.cookies == {}, "the attempt is over"
        assert stage.events[-1].what == "not signed in: expired"

    play(tmp_path, scene)


def test_only_the_browser_that_was_sent_away_comes_back(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        ada, eve = Browser(stage), Browser(stage)
        await ada.ask("GET", "sign-in")
        assert stage.provider.sent is not None
        back = await eve.ask("GET", f"callback?code=c&state={stage.provider.sent.state}")
        assert field(back, "location") == "keys.html#sign-in-expired"
        assert eve.cookies == {}

    play(tmp_path, scene)


@pytest.mark.parametrize(("wrong", "outcome"), [(Refused("ID token: x"), "refused"), (AWAY, "unavailable")])
def test_what_came_back_is_never_repeated(tmp_path: Path, wrong: Exception, outcome: str, caplog: pytest.LogCaptureFixture) -> None:
    async def scene(stage: Stage) -> None:
        ada = Browser(stage)
        await ada.ask("GET", "sign-in")
        assert stage.provider.sent is not None
        state = stage.provider.sent.state
        stage.provider.wrong = wrong
        back = await ada.ask("GET", f"callback?code=SECRET&state={state}")
        assert field(back, "location") == f"keys.html#sign-in-{outcome}"
        assert (await ada.session())["user"] is None
        assert str(wrong) in caplog.text
        assert "SECRET" not in caplog.text

    play(tmp_path, scene)


def test_a_person_without_the_claim_is_not_signed_in(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        ada = Browser(stage)
        await ada.ask("GET", "sign-in")
        assert stage.provider.sent is not None
        stage.provider.claims = {"sub": " "}
        back = await ada.ask("GET", f"callback?code=c&state={stage.provider.sent.state}")
        assert field(back, "location") == "keys.html#sign-in-refused"

    play(tmp_path, scene)


def test_a_provider_that_is_away_keeps_nobody_waiting(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        ada = Browser(stage)
        stage.provider.wrong = AWAY
        assert field(await ada.ask("GET", "sign-in"), "location") == "keys.html#sign-in-unavailable"

    play(tmp_path, scene)


def test_another_site_cannot_begin_to_sign_anybody_in(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        ada = Browser(stage)
        assert await ada.status("GET", "sign-in", sec_fetch_site="cross-site") == 403
        assert ada.cookies == {}

    play(tmp_path, scene)


def test_a_session_that_somebody_planted_is_not_gone_on_with(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        eve, ada = Browser(stage), Browser(stage)
        await eve.sign_in("eve")
        ada.cookies = dict(eve.cookies)
        planted = ada.cookies["specgw-session"]
        await ada.sign_in()
        assert ada.cookies["specgw-session"] != planted
        assert (await eve.session())["user"] is None, "what was planted is over"
        ada.cookies = {"specgw-session": "A" * 43}
        await ada.sign_in()
        assert ada.cookies["specgw-session"] != "A" * 43

    play(tmp_path, scene)


def test_one_click_for_the_developer(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        browser = Browser(stage)
        assert (await browser.session())["signIn"] == [{"kind": "development", "href": DEVELOPMENT, "at": "developer"}]
        assert await browser.status("POST", DEVELOPMENT) == 204
        assert browser.set == [f"specgw-session={browser.cookies['specgw-session']}; Path=/portal/; HttpOnly; SameSite=Strict"]
        assert (await browser.session())["user"] == {"name": "developer", "consumer": "developer"}

    play(tmp_path, scene, provider=False)


@pytest.mark.parametrize(
    ("origin", "peer", "fields", "status"),
    [
        ("http://api.example", "127.0.0.1", {}, 404),
        (LOCAL, "203.0.113.7", {}, 404),
        (TLS, "127.0.0.1", {}, 404),
        (LOCAL, "127.0.0.1", {"x_forwarded_for": "127.0.0.1"}, 404),
        (LOCAL, "127.0.0.1", {"origin": "http://evil.example"}, 403),
        (LOCAL, "127.0.0.1", {"origin": ""}, 403),
        (LOCAL, "127.0.0.1", {"sec_fetch_site": "cross-site"}, 403),
        (LOCAL, "127.0.0.1", {"content_type": "text/plain"}, 415),
    ],
)
def test_nobody_else_gets_it(tmp_path: Path, origin: str, peer: str, fields: dict[str, str], status: int) -> None:
    async def scene(stage: Stage) -> None:
        browser = Browser(stage, origin, peer=peer)
        assert await browser.status("POST", DEVELOPMENT, **fields) == status
        assert browser.cookies == {}
        assert [event.what for event in stage.events] == ["refused"]

    play(tmp_path, scene)


def test_without_the_profile_there_is_none(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        browser = Browser(stage)
        assert await browser.status("POST", DEVELOPMENT) == 204
        after = Browser(stage, live=stage.made(development=False))
        after.cookies = dict(browser.cookies)
        assert await after.status("POST", DEVELOPMENT) == 404
        assert (await after.session())["user"] is None, "nor does a session of before go on"
        assert await after.status("GET", "keys") == 403

    play(tmp_path, scene)


def test_a_session_of_another_provider_does_not_go_on(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        ada = Browser(stage)
        await ada.sign_in()
        other = Provider()
        other.client = Client(issuer=ISSUER + ".evil", id="portal")
        for flow in (other, None):
            after = Browser(stage, live=stage.made(flow=flow))
            after.cookies = dict(ada.cookies)
            assert (await after.session())["user"] is None
        assert (await Browser(stage).session())["user"] is None

    play(tmp_path, scene)


def test_workers_share_sessions_and_their_end(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        ada = Browser(stage)
        await ada.ask("GET", "sign-in")
        assert stage.provider.sent is not None
        ada.live = stage.made()
        assert field(await ada.ask("GET", f"callback?code=c&state={stage.provider.sent.state}"), "location") == "keys.html"
        copy = Browser(stage)
        copy.cookies = dict(ada.cookies)
        assert (await copy.session())["user"]["consumer"] == "ada"
        await ada.session()
        assert await ada.status("POST", "sign-out") == 204
        assert ada.cookies == {}
        assert (await copy.session())["user"] is None
        assert await copy.status("POST", "sign-out") == 403

    play(tmp_path, scene)


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [("POST", "keys", {"name": "a"}), ("POST", "keys/key_0/revoke", {}), ("POST", "sign-out", {})],
)
@pytest.mark.parametrize(
    "fields", [{"x_csrf_token": ""}, {"x_csrf_token": "A" * 43}, {"origin": "https://evil.example"}, {"sec_fetch_site": "same-site"}]
)
def test_a_session_alone_changes_nothing(tmp_path: Path, method: str, target: str, body: object, fields: dict[str, str]) -> None:
    async def scene(stage: Stage) -> None:
        ada = Browser(stage)
        await ada.sign_in()
        answer = await ada.json(method, target, body, **fields)
        assert (answer["status"], answer["type"]) == (403, "urn:specgw:problem:cross-site")
        assert (await ada.session())["user"] is not None

    play(tmp_path, scene)


def test_nobody_gets_keys_without_a_session(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        nobody = Browser(stage)
        for method, target in (("GET", "keys"), ("HEAD", "keys"), ("POST", "keys"), ("POST", "keys/key_0/rotate"), ("POST", "sign-out")):
            assert (await nobody.json(method, target))["type"] == "urn:specgw:problem:not-signed-in"
        ada = Browser(stage)
        await ada.sign_in()
        stage.now += IDLE
        assert await ada.status("GET", "keys") == 403

    play(tmp_path, scene)


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("PUT", "keys", 405),
        ("DELETE", "keys/key_0/revoke", 405),
        ("GET", "keys/key_0/revoke", 405),
        ("GET", "keys/key_0", 404),
        ("POST", "keys/key_0/sell", 404),
        ("POST", "keys/a/b/revoke", 404),
        ("POST", "session.json", 405),
        ("POST", "sign-in", 405),
        ("GET", "sign-out", 405),
        ("GET", DEVELOPMENT, 405),
        ("POST", "callback", 405),
    ],
)
def test_what_there_is_not(tmp_path: Path, method: str, target: str, status: int) -> None:
    async def scene(stage: Stage) -> None:
        assert await Browser(stage).status(method, target) == status

    play(tmp_path, scene)


@pytest.mark.parametrize("path", ["/portal/", "/portal/keys.html", "/portal/assets/x.js", "/portal/sign-in/", "/portal/keysx", "/other"])
def test_everything_else_is_pages(tmp_path: Path, path: str) -> None:
    async def scene(stage: Stage) -> None:
        assert stage.live.find(path) is None

    play(tmp_path, scene)


def test_where_nobody_can_sign_in(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        closed = Browser(stage, live=stage.made(flow=None, development=False))
        assert ((await closed.session())["keys"], await closed.status("GET", "sign-in")) == ("closed", 404)
        insecure = Browser(stage, "http://api.example", peer="203.0.113.7")
        assert ((await insecure.session())["keys"], await insecure.status("GET", "sign-in")) == ("insecure", 404)
        assert (await insecure.status("GET", "callback"), await insecure.status("GET", "keys")) == (404, 403)
        keyless = Browser(stage, live=stage.made(keys=None))
        assert ((await keyless.session())["keys"], await keyless.status("GET", "sign-in")) == ("none", 404)
        assert await keyless.status("POST", DEVELOPMENT) == 404

    play(tmp_path, scene)


def test_the_public_address_is_where_browsers_come_back_to(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.public_url = "https://api.example/base"
        ada = Browser(stage, "http://internal:8080", peer="10.0.0.1", live=stage.made())
        assert await ada.status("GET", "sign-in") == 302
        assert stage.provider.sent is not None
        assert stage.provider.sent.redirect == "https://api.example/base/portal/callback"
        assert [name for name in ada.cookies] == ["__Host-specgw-sign-in"]

    play(tmp_path, scene, development=False)


def test_the_state_is_all_that_travels(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        ada = Browser(stage)
        away = await ada.ask("GET", "sign-in")
        query = parse_qs(urlsplit(field(away, "location")).query)
        assert query["state"] != [ada.cookies["specgw-sign-in"]]

    play(tmp_path, scene)
