"""The keys of people: each sees and changes their own, and no more than there may be."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from specgw.policies.auth.base import Key
from specgw.portal.live import own_keys
from specgw.portal.live.own_keys import HOUR, MADE
from specgw.state.issuing import issue
from specgw.state.records import Record
from tests.unit.portal.live.stage import AWAY, Browser, Stage, field, play

DAY = 86400


async def signed_in(stage: Stage, subject: str = "ada") -> Browser:
    browser = Browser(stage)
    await browser.sign_in(subject)
    return browser


async def accepted(stage: Stage, key: str) -> Key | None:
    await stage.remembered.look()
    found = stage.remembered.find(key.encode())
    return found if found is None or isinstance(found, Key) else await found


def test_the_life_of_a_key(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        ada = await signed_in(stage)
        assert await ada.json("GET", "keys") == {
            "consumer": "ada",
            "limits": {"keys": 10, "days": 3650, "forever": True, "name": 80, "overlap": 30 * DAY},
            "keys": [],
        }
        made = await ada.json("POST", "keys", {"name": " till ", "days": 30})
        assert made["key"].startswith("sgw_")
        found = await accepted(stage, made["key"])
        assert found == Key(made["id"], "ada", expires=stage.now + 30 * DAY)
        (shown,) = (await ada.json("GET", "keys"))["keys"]
        assert shown == {
            "id": made["id"],
            "name": "till",
            "state": "valid",
            "uses": 1,
            "replaces": None,
            "scopes": [],
            "created": "2027-01-15T08:00:00Z",
            "expires": "2027-02-14T08:00:00Z",
            "revoked": None,
            "lastUsed": "2027-01-15T08:00:00Z",
        }
        rotated = await ada.json("POST", f"keys/{made['id']}/rotate", {"overlap": 600})
        assert (rotated["replaces"], rotated["expires"], rotated["uses"]) == (made["id"], "2027-02-14T08:00:00Z", 0)
        assert await accepted(stage, made["key"]) is not None
        assert await accepted(stage, rotated["key"]) is not None
        stage.now += 600
        assert await accepted(stage, made["key"]) is None
        renamed = await ada.json("POST", f"keys/{rotated['id']}/rename", {"name": "desk"})
        assert (renamed["name"], "key" in renamed) == ("desk", False)
        revoked = await ada.json("POST", f"keys/{rotated['id']}/revoke")
        assert revoked["state"] == "revoked"
        assert await accepted(stage, rotated["key"]) is None
        assert [key["state"] for key in (await ada.json("GET", "keys"))["keys"]] == ["revoked", "expired"]
        told = [(event.what, event.key, event.owner) for event in stage.events[1:]]
        owner = "https://id.example ada"
        assert told == [
            ("key made", made["id"], owner),
            ("key rotated", rotated["id"], owner),
            ("key renamed", rotated["id"], owner),
            ("key revoked", rotated["id"], owner),
        ]

    play(tmp_path, scene)


def test_keys_carry_what_the_operator_gives(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        ada = await signed_in(stage)
        made = await ada.json("POST", "keys", {"name": "till"})
        assert (made["expires"], made["scopes"]) == ("2027-01-17T08:00:00Z", ["read"])
        assert await accepted(stage, made["key"]) == Key(
            made["id"], "ada", frozenset({"read"}), frozenset({"reader"}), stage.now + 2 * DAY
        )
        assert (await ada.json("GET", "keys"))["limits"] == {"keys": 10, "days": 2, "forever": False, "name": 80, "overlap": 30 * DAY}
        assert await ada.status("POST", "keys", {"name": "till", "days": 3}) == 400

    play(tmp_path, scene, lifetime=2.0 * DAY, scopes=("read",), roles=("reader",))


@pytest.mark.parametrize("change", ["rotate", "rename", "revoke"])
def test_what_is_somebody_elses_does_not_exist(tmp_path: Path, change: str) -> None:
    async def scene(stage: Stage) -> None:
        ada, bob = await signed_in(stage), await signed_in(stage, "bob")
        made = await ada.json("POST", "keys", {"name": "till"})
        # An operator's key of the very same consumer is not Bob's either.
        issued = await issue(stage.table, Record(id="", consumer="bob"), lambda: stage.now)
        body = {"rotate": {"overlap": 0}, "rename": {"name": "mine"}, "revoke": {}}[change]
        ids = (made["id"], issued.record.id, "key_000000000000", "..", "")
        answers = [await bob.ask("POST", f"keys/{id}/{change}", body) for id in ids]
        assert [answer.status for answer in answers] == [404] * 5
        assert len({answer.body() if callable(answer.body) else b"" for answer in answers}) == 1, "nothing tells one from the other"
        assert (await bob.json("GET", "keys"))["keys"] == []
        assert await accepted(stage, made["key"]) is not None
        assert await accepted(stage, issued.text) is not None

    play(tmp_path, scene)


@pytest.mark.parametrize("change", ["rotate", "rename", "revoke"])
def test_what_has_ended_stays_as_it_is(tmp_path: Path, change: str) -> None:
    async def scene(stage: Stage) -> None:
        ada = await signed_in(stage)
        made = await ada.json("POST", "keys", {"name": "till"})
        assert await ada.status("POST", f"keys/{made['id']}/revoke") == 200
        body = {"rotate": {"overlap": 0}, "rename": {"name": "mine"}, "revoke": {}}[change]
        assert await ada.status("POST", f"keys/{made['id']}/{change}", body) == 404

    play(tmp_path, scene)


def test_there_are_no_more_than_there_may_be(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        ada = await signed_in(stage)
        first = await ada.json("POST", "keys", {"name": "1"})
        assert await ada.status("POST", "keys", {"name": "2"}) == 201
        answer = await ada.ask("POST", "keys", {"name": "3"})
        assert (answer.status, b"Retry-After" in dict(answer.headers)) == (429, False)
        assert await ada.status("POST", f"keys/{first['id']}/rotate", {"overlap": 3600}) == 201, "the place of the old one is not taken"
        assert await ada.status("POST", f"keys/{first['id']}/revoke") == 200
        assert await ada.status("POST", "keys", {"name": "3"}) == 429
        bob = await signed_in(stage, "bob")
        assert await bob.status("POST", "keys", {"name": "1"}) == 201

    play(tmp_path, scene, most=2)


def test_rotating_makes_no_way_around(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        ada = await signed_in(stage)
        id = (await ada.json("POST", "keys", {"name": "1"}))["id"]
        id = (await ada.json("POST", f"keys/{id}/rotate", {"overlap": 30 * DAY}))["id"]
        assert await ada.status("POST", f"keys/{id}/rotate", {"overlap": 30 * DAY}) == 429

    play(tmp_path, scene, most=1)


def test_making_and_revoking_has_an_end_for_now(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        ada = await signed_in(stage)
        for _ in range(MADE):
            made = await ada.json("POST", "keys", {"name": "till"})
            assert await ada.status("POST", f"keys/{made['id']}/revoke") == 200
            stage.now += 60
        answer = await ada.ask("POST", "keys", {"name": "till"})
        assert answer.status == 429
        wait = int(dict(answer.headers)[b"Retry-After"])
        assert wait == HOUR - 60 * MADE + 1
        stage.now += wait
        await ada.session()
        assert await ada.status("POST", "keys", {"name": "till"}) == 201

    play(tmp_path, scene, most=1)


def test_a_store_that_is_away_is_no_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from specgw.state.table import StoreUnavailable

    async def scene(stage: Stage) -> None:
        ada = await signed_in(stage)

        async def away(*arguments: object, **named: object) -> None:
            raise StoreUnavailable(str(AWAY))

        monkeypatch.setattr(stage.table, "add", away)
        answer = await ada.ask("POST", "keys", {"name": "till"})
        assert answer.status == 503
        monkeypatch.setattr(stage.table, "session", away)
        assert await ada.status("GET", "keys") == 503
        told = await ada.json("GET", "session.json")
        assert (told["keys"], told["user"], told["signIn"]) == ("unavailable", None, [])

    play(tmp_path, scene)


def test_two_requests_at_once_are_told_of_each_other(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        ada = await signed_in(stage)
        made = await asyncio.gather(*(ada.status("POST", "keys", {"name": "till"}) for _ in range(8)))
        assert sorted(made) == [201] * 3 + [429] * 5
        id = (await ada.json("GET", "keys"))["keys"][0]["id"]
        rotated = await asyncio.gather(*(ada.status("POST", f"keys/{id}/rotate", {"overlap": 0}) for _ in range(8)))
        assert sorted(rotated) == [201] + [404] * 7, "a key has one successor at once"

    play(tmp_path, scene, most=3)


def test_a_key_that_is_revoked_while_it_is_rotated_has_no_successor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(stage: Stage) -> None:
        ada = await signed_in(stage)
        id = (await ada.json("POST", "keys", {"name": "till"}))["id"]
        add = stage.table.add

        async def late(*arguments: Any, **named: Any) -> None:
            await stage.table.revoke(id, int(stage.now))
            await add(*arguments, **named)

        monkeypatch.setattr(stage.table, "add", late)
        assert await ada.status("POST", f"keys/{id}/rotate", {"overlap": 600}) == 404
        assert [key["state"] for key in (await ada.json("GET", "keys"))["keys"]] == ["revoked"]

    play(tmp_path, scene)


def test_of_the_many_that_have_ended_the_latest_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_keys, "SHOWN", 2)

    async def scene(stage: Stage) -> None:
        ada = await signed_in(stage)
        for name in "abcd":
            made = await ada.json("POST", "keys", {"name": name})
            assert await ada.status("POST", f"keys/{made['id']}/revoke") == 200
            stage.now += 600
        stage.now += HOUR - 2400  # `a` was made an hour ago, and counts no more; the others do
        await ada.session()
        assert await ada.status("POST", "keys", {"name": "e"}) == 201
        names = [record.name for record in await stage.table.owned("https://id.example ada")]
        assert names == ["b", "c", "d", "e"]
        stage.now += 600
        await ada.session()
        assert await ada.status("POST", "keys", {"name": "f"}) == 201
        assert [record.name for record in await stage.table.owned("https://id.example ada")] == ["c", "d", "e", "f"]

    play(tmp_path, scene)


def test_a_revocation_counts_at_once_where_it_was_asked_for(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        ada = await signed_in(stage)
        made = await ada.json("POST", "keys", {"name": "till"})
        assert await accepted(stage, made["key"]) is not None
        assert isinstance(stage.remembered.find(made["key"].encode()), Key), "it is remembered"
        assert await ada.status("POST", f"keys/{made['id']}/revoke") == 200
        found = stage.remembered.find(made["key"].encode())
        assert found is not None
        assert not isinstance(found, Key)
        assert await found is None

    play(tmp_path, scene)


def test_answers_are_json(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        ada = await signed_in(stage)
        assert field(await ada.ask("GET", "keys"), "content-type") == "application/json"

    play(tmp_path, scene)
