"""Sessions: begun with a secret of their own, over after a while, and ended for all."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from specgw.policies.auth.base import digest
from specgw.portal.live.sessions import IDLE, LONGEST, TOUCH, Person, Sessions, secret_of, token_of
from tests.unit.portal.live.stage import NOW, Stage, play

ADA = Person("https://id.example ada", "ada", "Ada")


def of(stage: Stage) -> Sessions:
    numbers = iter(range(1, 100))
    return Sessions(stage.table, lambda: stage.now, lambda size: next(numbers).to_bytes(size, "big"))


def test_a_session_is_known_by_its_secret_alone(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        sessions = of(stage)
        secret = await sessions.begin(ADA)
        found = await sessions.find(secret)
        assert found is not None
        assert (found.owner, found.consumer, found.name, found.expires) == (ADA.owner, "ada", "Ada", NOW + LONGEST)
        assert await sessions.begin(ADA) != secret
        assert await sessions.find("B" * 43) is None
        assert await stage.table.session(secret.encode()[:32]) is None, "the store has its digest only"

    play(tmp_path, scene)


def test_it_is_over_when_nothing_is_asked_for(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        sessions = of(stage)
        secret = await sessions.begin(ADA)
        stage.now += IDLE - 1
        assert await sessions.find(secret) is not None
        stage.now += IDLE - 1
        assert await sessions.find(secret) is not None, "each look counts"
        stage.now += IDLE
        assert await sessions.find(secret) is None
        assert await stage.table.session(digest(secret.encode())) is None

    play(tmp_path, scene)


def test_it_is_over_in_the_end_whatever_is_asked_for(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        sessions = of(stage)
        secret = await sessions.begin(ADA)
        for _ in range(LONGEST // 1800 - 1):
            stage.now += 1800
            assert await sessions.find(secret) is not None
        stage.now = NOW + LONGEST
        assert await sessions.find(secret) is None

    play(tmp_path, scene)


def test_looks_are_noted_once_a_minute(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        sessions = of(stage)
        secret = await sessions.begin(ADA)
        begun = await stage.table.session(digest(secret.encode()))
        assert begun is not None
        stage.now += TOUCH - 1
        await sessions.find(secret)
        assert await stage.table.session(digest(secret.encode())) == begun
        stage.now += 1
        await sessions.find(secret)
        assert await stage.table.session(digest(secret.encode())) == replace(begun, seen=NOW + TOUCH)

    play(tmp_path, scene)


def test_ended_is_ended_for_every_copy(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        one, other = of(stage), of(stage)
        secret = await one.begin(ADA)
        await other.end(secret)
        assert await one.find(secret) is None

    play(tmp_path, scene)


def test_a_secret_has_256_bits_and_its_token_tells_nothing_of_it() -> None:
    sizes: list[int] = []

    def chance(size: int) -> bytes:
        sizes.append(size)
        return b"\xff" * size

    secret = secret_of(chance)
    assert (sizes, len(secret)) == ([32], 43)
    assert token_of(secret) != token_of("A" * 43)
    assert secret not in token_of(secret)
