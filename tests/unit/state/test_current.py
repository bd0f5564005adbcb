from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from specgw.plan.model import Edge, Plan, Scheme, State
from specgw.policies.auth.base import Key, digest
from specgw.state.current import CurrentKeys, needs_keys
from specgw.state.key_text import generate
from specgw.state.opening import Unopened
from specgw.state.records import Record
from specgw.state.sqlite_keys import SqliteKeys

KEY = Scheme(name="key", service="s", kind="apiKey", type="apiKey in header")


def plan(state: State, *schemes: Scheme) -> Plan:
    return Plan(edge=Edge(state=state), schemes={f"s/{scheme.name}": scheme for scheme in schemes or (KEY,)})


@pytest.mark.parametrize(
    ("scheme", "needed"),
    [
        (KEY, True),
        (Scheme(name="key", service="s", kind="apiKey", type="apiKey in header", verify="upstream"), False),
        (Scheme(name="basic", service="s", kind="basic", type="http basic"), True),
        (Scheme(name="basic", service="s", kind="basic", type="http basic", users={"ada": "x"}), False),
        (Scheme(name="token", service="s", kind="token", type="oauth2"), False),
    ],
)
def test_who_takes_keys_from_the_store(scheme: Scheme, needed: bool) -> None:
    assert needs_keys(plan(State(), scheme)) == needed


def test_a_plan_without_keys_opens_nothing(tmp_path: Path) -> None:
    async def play() -> None:
        current = CurrentKeys("redis://127.0.0.1:1", tmp_path)
        assert current.prepare(Plan()) is None
        await current.use()
        assert current.keys is None
        await current.close()

    asyncio.run(play())


def test_the_store_goes_on_over_plans_that_name_the_same_and_no_longer(tmp_path: Path) -> None:
    async def play() -> None:
        text = generate().encode()
        one = State(path=str(tmp_path / "one.sqlite"))
        writer = SqliteKeys(tmp_path / "one.sqlite")
        await writer.add(digest(text), Record(id="key_1", consumer="shop"))
        current = CurrentKeys(None, tmp_path)
        first = current.prepare(plan(one))
        assert first is not None
        await current.use()
        found = first.find(text)
        assert not isinstance(found, Key)
        assert found is not None
        assert await found == Key("key_1", "shop")
        assert current.prepare(plan(one)) is first
        await current.use()
        # Prepared, and then not used: nothing has changed.
        assert current.prepare(plan(State(path="two.sqlite"))) is not first
        assert current.prepare(plan(one)) is first
        await current.use()
        assert current.keys is first
        second = current.prepare(plan(State(path=str(tmp_path / "two.sqlite"))))
        await current.use()
        assert current.keys is second
        assert second is not first
        assert (await writer.records())[0].last_used is not None  # written when the first one was closed
        await current.close()
        await writer.close()

    asyncio.run(play())


def test_redis_of_the_plan_stands_before_the_environments(tmp_path: Path) -> None:
    with pytest.raises(Unopened):
        CurrentKeys("redis://127.0.0.1:1", tmp_path).prepare(plan(State(redis="cache:6379")))
    with pytest.raises(Unopened):
        CurrentKeys("cache:6379", tmp_path).prepare(plan(State(path="keys.sqlite")))
