"""The live part of a portal on a real store, with a clock and a chance of the test's own, and a browser that keeps cookies."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from specgw.http import Request
from specgw.identity.code_flow import Attempt, Client
from specgw.plan.portal import OwnKeys, Portal, SignIn
from specgw.policies.auth.base import Unavailable
from specgw.policies.base import Answer
from specgw.portal.live.live import Event, Live
from specgw.state.remembered import RememberedKeys
from specgw.state.sqlite_keys import SqliteKeys

ISSUER = "https://id.example"
NOW = 1_800_000_000
LOCAL = "http://localhost:8080"


class Provider:
    """In the place of a CodeFlow: whoever comes back is whom `claims` names."""

    def __init__(self) -> None:
        self.client = Client(issuer=ISSUER, id="portal")
        self.claims: Mapping[str, Any] = {"sub": "ada", "name": "Ada"}
        self.wrong: Exception | None = None
        self.sent: Attempt | None = None

    async def address(self, attempt: Attempt) -> str:
        if self.wrong is not None:
            raise self.wrong
        self.sent = attempt
        return f"{ISSUER}/auth?state={attempt.state}"

    async def redeem(self, answer: Mapping[str, str], attempt: Attempt) -> Mapping[str, Any]:
        if self.wrong is not None:
            raise self.wrong
        assert attempt == self.sent
        return self.claims


class Stage:
    """Everything of one gateway."""

    def __init__(self, folder: Path, *, development: bool = True, provider: bool = True, **rules: Any) -> None:
        self.now = float(NOW)
        self.events: list[Event] = []
        self.provider = Provider()
        self.remembered = RememberedKeys(SqliteKeys(folder / "keys.sqlite"), clock=lambda: self.now)
        self.table = self.remembered.table
        self.public_url: str | None = None
        self._options: dict[str, Any] = {
            "development": development,
            "flow": self.provider if provider else None,
            "keys": self.remembered,
        }
        self._portal = Portal(sign_in=SignIn(issuer=ISSUER, client_id="portal"), keys=OwnKeys(**rules))
        self._numbers = itertools.count(1)
        self.live = self.made()

    def made(self, **changed: Any) -> Live:
        """Another gateway on the same store."""
        return Live(
            self._portal,
            public_url=self.public_url,
            beside=lambda: {"sandbox": "/sandbox/"},
            record=self.events.append,
            clock=lambda: self.now,
            chance=lambda size: next(self._numbers).to_bytes(size, "big"),
            **{**self._options, **changed},
        )


class Browser:
    """One browser at one origin."""

    def __init__(self, stage: Stage, origin: str = LOCAL, *, peer: str = "127.0.0.1", live: Live | None = None) -> None:
        self.stage = stage
        self.origin = origin
        self.peer = peer
        self.live = live or stage.live
        self.cookies: dict[str, str] = {}
        self.set: list[str] = []
        self.csrf = ""

    async def ask(self, method: str, target: str, body: object = None, **fields: str) -> Answer:
        """A request as a page of the origin makes it; `fields` replace what is usual, an empty one takes it away."""
        path, _, query = target.partition("?")
        usual = {"host": self.origin.partition("://")[2], "cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if method == "POST":
            usual |= {"origin": self.origin, "content-type": "application/json", "x-csrf-token": self.csrf}
        usual |= {name.replace("_", "-"): value for name, value in fields.items()}
        headers = [(name.encode(), value.encode()) for name, value in usual.items() if value]
        act = self.live.find(f"/portal/{path}")
        assert act is not None, path
        data = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode() if method == "POST" else b""
        answer = await act(
            Request(
                method=method,
                path=f"/portal/{path}",
                query=query.encode(),
                headers=headers,
                body=data,
                peer=self.peer,
                secure=self.origin.startswith("https:"),
            )
        )
        for name, value in answer.headers:
            if name == b"set-cookie":
                self.set.append(value.decode())
                pair, *attributes = value.decode().split("; ")
                key, _, text = pair.partition("=")
                if "Max-Age=0" in attributes:
                    self.cookies.pop(key, None)
                else:
                    self.cookies[key] = text
        return answer

    async def status(self, method: str, target: str, body: object = None, **fields: str) -> int:
        return (await self.ask(method, target, body, **fields)).status

    async def json(self, method: str, target: str, body: object = None, **fields: str) -> Any:
        answer = await self.ask(method, target, body, **fields)
        return json.loads(answer.body() if callable(answer.body) else answer.body)

    async def session(self) -> Any:
        told = await self.json("GET", "session.json")
        self.csrf = told["csrf"] or ""
        return told

    async def sign_in(self, subject: str = "ada") -> None:
        """By way of the provider."""
        self.stage.provider.claims = {"sub": subject, "name": subject.title()}
        assert await self.status("GET", "sign-in") == 302
        assert self.stage.provider.sent is not None
        assert await self.status("GET", f"callback?code=c&state={self.stage.provider.sent.state}") == 303
        assert (await self.session())["user"]["name"] == subject.title()


def field(answer: Answer, name: str) -> str:
    return dict(answer.headers)[name.encode()].decode()


def play(folder: Path, scene: Callable[[Stage], Awaitable[None]], **options: Any) -> None:
    async def run() -> None:
        stage = Stage(folder, **options)
        try:
            await scene(stage)
        finally:
            await stage.remembered.close()

    asyncio.run(run())


AWAY = Unavailable("switched off")
