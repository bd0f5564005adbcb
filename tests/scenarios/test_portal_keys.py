"""Keys of people with two workers on one store: limits under parallel requests, revocation everywhere, uses counted exactly."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.redis_server import RedisServer
from tests.scenarios.process import PATIENCE, Running, environment, running, service

MOST, CALLS = 5, 30
DOCUMENT = """\
openapi: 3.1.0
info: {{title: Notes, version: "1"}}
servers: [{{url: "{server}"}}]
security: [{{key: []}}]
components: {{securitySchemes: {{key: {{type: apiKey, in: header, name: X-API-Key}}}}}}
paths:
  /notes: {{get: {{operationId: listNotes, responses: {{"200": {{description: Notes.}}}}}}}}
"""
SETTINGS = f"""\
gateway:
  portal: {{keys: {{most: {MOST}}}}}
"""


class Stand:
    """Two workers, and somebody at their machine who signs in by one click."""

    def __init__(self, folder: Path, stack: ExitStack, environ: dict[str, str]) -> None:
        self.folder = folder
        self.stack = stack
        self.environ = environment(ACTIVE_PROFILES="dev", XDG_STATE_HOME=str(folder / "state"), **environ)
        self.process: Running
        self.address = ""
        self.fields: dict[str, str] = {}

    def start(self) -> None:
        options = ("--port", "0", "--admin", "off", "--workers", "2")
        self.process = self.stack.enter_context(running("serve", "api.yaml", *options, cwd=self.folder, environ=self.environ))
        self.address = self.process.address()
        self.process.expect("the portal is on")

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request on a connection of its own, which either worker may take."""
        return httpx.request(method, f"{self.address}{path}", timeout=PATIENCE, trust_env=False, **more)

    def sign_in(self) -> None:
        answer = self.ask("POST", "/portal/sign-in/development", json={}, headers={"Origin": self.address})
        assert answer.status_code == 204
        cookie = answer.headers["set-cookie"].partition(";")[0]
        token = self.ask("GET", "/portal/session.json", headers={"Cookie": cookie}).json()["csrf"]
        self.fields = {"Cookie": cookie, "Origin": self.address, "X-CSRF-Token": token}

    def change(self, path: str, body: dict[str, Any]) -> httpx.Response:
        return self.ask("POST", f"/portal/{path}", json=body, headers=self.fields)

    def shown(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("GET", "/portal/keys", headers=self.fields).json()["keys"]
        return found

    def call(self, key: str) -> int:
        return self.ask("GET", "/notes", headers={"X-API-Key": key}).status_code


@pytest.fixture(params=["sqlite", "redis"])
def stand(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stand]:
    with ExitStack() as stack:
        environ = {}
        if request.param == "redis":
            server = RedisServer(tmp_path)
            stack.callback(server.kill)
            server.start()
            environ["REDIS_URL"] = server.url
        upstream = stack.enter_context(service([]))
        (tmp_path / "api.yaml").write_text(DOCUMENT.format(server=upstream))
        (tmp_path / "gateway.yaml").write_text(SETTINGS)
        made = Stand(tmp_path, stack, environ)
        made.start()
        made.sign_in()
        yield made


def test_two_workers_keep_one_limit_one_revocation_and_one_count(stand: Stand) -> None:
    with ThreadPoolExecutor(12) as many:

        def at_once(path: str, body: dict[str, Any]) -> list[httpx.Response]:
            return list(many.map(lambda _: stand.change(path, body), range(24)))

        made = at_once("keys", {"name": "till"})
        assert Counter(answer.status_code for answer in made) == {201: MOST, 429: 24 - MOST}
        assert len(stand.shown()) == MOST
        first, *rest = [answer.json() for answer in made if answer.status_code == 201]
        rotated = at_once(f"keys/{first['id']}/rotate", {"overlap": 0})
        assert Counter(answer.status_code for answer in rotated) == {201: 1, 404: 23}, "a key has one successor"

        key = next(answer for answer in rotated if answer.status_code == 201).json()
        assert Counter(many.map(lambda _: stand.call(key["key"]), range(CALLS))) == {200: CALLS}
        # Written down at the end at the latest; a worker that begins anew goes on counting there.
        assert stand.process.stop() == 0
        stand.start()
        stand.sign_in()
        [shown] = [each for each in stand.shown() if each["id"] == key["id"]]
        assert (shown["uses"], shown["state"], shown["lastUsed"] is not None) == (CALLS, "valid", True)

        assert stand.change(f"keys/{key['id']}/revoke", {}).status_code == 200
        begun, refused = time.monotonic(), 0
        while refused < 12:  # so often in a row that neither worker takes it any more
            refused = refused + 1 if stand.call(key["key"]) == 401 else 0
            assert time.monotonic() < begun + PATIENCE
        assert {stand.call(other["key"]) for other in rest} == {200}
