"""Keys with real gateways, real stores and the real command: issued, used, rotated, revoked, and the store away for a while."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.redis_server import RedisServer
from tests.scenarios.process import PATIENCE, environment, running, service, specgw

DOCUMENT = """\
openapi: 3.1.0
info: {{title: Notes, version: "1"}}
servers: [{{url: "{server}"}}]
security: [{{key: []}}]
components: {{securitySchemes: {{key: {{type: apiKey, in: header, name: X-API-Key}}}}}}
paths:
  /notes: {{get: {{operationId: listNotes, responses: {{"200": {{description: Notes.}}}}}}}}
"""


class Nodes:
    """Gateways beside each other, and the command that keeps their keys."""

    def __init__(self, folder: Path, stack: ExitStack, **environ: str) -> None:
        self.folder = folder
        self.stack = stack
        self.environ = environment(XDG_STATE_HOME=str(folder / "state"), **environ)
        server = stack.enter_context(service([]))
        (folder / "api.yaml").write_text(DOCUMENT.format(server=server))
        self.addresses: list[str] = []

    def start(self, count: int) -> None:
        """That many, each a process of its own."""
        options = ("--port", "0", "--admin", "off")
        self.processes = [
            self.stack.enter_context(running("serve", "api.yaml", *options, cwd=self.folder, environ=self.environ)) for _ in range(count)
        ]
        self.addresses = [process.address() for process in self.processes]

    def keys(self, *arguments: str, code: int = 0) -> Any:
        """What `specgw keys` says."""
        done = specgw("keys", *arguments, "--format", "json", cwd=self.folder, environ=self.environ)
        assert done.returncode == code, done.stderr
        return json.loads(done.stdout) if done.stdout else done.stderr

    def statuses(self, key: str) -> list[int]:
        """What each gateway answers to a key."""
        fields = {"X-API-Key": key}
        return [httpx.get(f"{address}/notes", headers=fields, timeout=PATIENCE).status_code for address in self.addresses]

    def until(self, key: str, status: int) -> None:
        """Ask until each gateway answers so."""
        end = time.monotonic() + PATIENCE
        while (found := self.statuses(key)) != [status] * len(self.addresses):
            assert time.monotonic() < end, found


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def redis(tmp_path: Path, stack: ExitStack) -> RedisServer:
    folder = tmp_path / "redis"
    folder.mkdir()
    server = RedisServer(folder)
    stack.callback(server.kill)
    server.start()
    return server


def test_the_life_of_a_key_in_a_file(tmp_path: Path, stack: ExitStack) -> None:
    nodes = Nodes(tmp_path, stack)
    nodes.start(1)
    assert nodes.statuses("DEV_KEY_12345") == [401]
    first = nodes.keys("issue", "--consumer", "shop")
    # There was no file when the gateway began.
    nodes.until(first["key"], 200)
    second = nodes.keys("rotate", first["id"], "--overlap", "1h")
    nodes.until(second["key"], 200)
    assert nodes.statuses(first["key"]) == [200]
    third = nodes.keys("rotate", second["id"], "--overlap", "0s")
    nodes.until(second["key"], 401)
    assert nodes.statuses(third["key"]) == [200]
    assert nodes.statuses(first["key"]) == [200]
    nodes.keys("revoke", first["id"], third["id"])
    nodes.until(first["key"], 401)
    nodes.until(third["key"], 401)
    # Written down at the end at the latest.
    assert nodes.processes[0].stop() == 0
    assert all(record["lastUsed"] for record in nodes.keys("list")["keys"])
    said = "\n".join(nodes.processes[0].said)
    assert not any(issued["key"] in said for issued in (first, second, third))
    assert first["id"] in said


def test_a_key_that_was_revoked_stops_working_on_every_node(tmp_path: Path, stack: ExitStack, redis: RedisServer) -> None:
    nodes = Nodes(tmp_path, stack, REDIS_URL=redis.url)
    nodes.start(2)
    bad, good = (nodes.keys("issue", "--consumer", name) for name in ("shop", "market"))
    assert nodes.statuses(bad["key"]) == nodes.statuses(good["key"]) == [200, 200]
    nodes.keys("revoke", bad["id"])
    nodes.until(bad["key"], 401)
    assert nodes.statuses(good["key"]) == [200, 200]


def test_redis_is_killed_and_comes_back(tmp_path: Path, stack: ExitStack, redis: RedisServer) -> None:
    nodes = Nodes(tmp_path, stack, REDIS_URL=redis.url)
    nodes.start(2)
    used, unused, revoked = (nodes.keys("issue", "--consumer", name) for name in ("used", "unused", "revoked"))
    # Each looks for changes by one GET: once both have, they remember what is used from now on.
    looks, end = redis.calls("get"), time.monotonic() + PATIENCE
    while redis.calls("get") < looks + 4:
        assert time.monotonic() < end
    assert nodes.statuses(used["key"]) == nodes.statuses(revoked["key"]) == [200, 200]
    redis.kill()
    # What is remembered goes on, what would have to be looked up is neither good nor bad, what is no key is no key.
    nodes.until(unused["key"], 503)
    assert nodes.statuses(used["key"]) == [200, 200]
    assert nodes.statuses("sgw_guess") == [401, 401]
    assert f"127.0.0.1:{redis.port}" in nodes.keys("revoke", revoked["id"], code=2)
    redis.start()
    nodes.until(unused["key"], 200)
    nodes.keys("revoke", revoked["id"])
    nodes.until(revoked["key"], 401)
    assert nodes.statuses(used["key"]) == [200, 200]
    for process in nodes.processes:
        process.expect("keys cannot be looked up: .*; those in use are accepted for 300 s more, others get 503")
        process.expect("answers again")
        assert process.stop() == 0
        assert "Traceback" not in "\n".join(process.said)


def test_everybodys_key_is_good_under_the_profile_for_development_alone(tmp_path: Path, stack: ExitStack) -> None:
    for profiles, status in (("dev", 200), ("production", 401), ("", 401)):
        nodes = Nodes(tmp_path, stack, ACTIVE_PROFILES=profiles)
        nodes.start(1)
        assert nodes.statuses("DEV_KEY_12345") == [status], profiles
        assert nodes.processes[0].stop() == 0
