"""Token introspection (RFC 7662): the issuer says what an opaque token is. One question at a time for each token."""

from __future__ import annotations

import asyncio
import logging
from base64 import b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

from specgw.identity.fetching import Web, checked, members_of
from specgw.policies.auth.addresses import shown
from specgw.policies.auth.base import Unavailable
from specgw.policies.auth.remembered import digest_of

log = logging.getLogger("specgw.identity")

AT_ONCE = 32
"""Questions under way at one endpoint; with more waiting than `WAITING` it counts as not available."""
WAITING = 512


class Introspector:
    """Asks one endpoint. Everybody who asks about the same token meanwhile gets the same answer."""

    def __init__(
        self,
        url: str,
        web: Web,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        plain: bool = False,
        count: Callable[[str], None] = lambda outcome: None,
    ) -> None:
        self.name = shown(url)
        self._url = url
        self._web = web
        self._plain = plain
        self._client_id = client_id
        self._authorization = None if client_id is None or client_secret is None else basic(client_id, client_secret)
        self._count = count
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._under_way: dict[bytes, asyncio.Future[dict[str, Any] | None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._failed = False
        self._closed = False

    async def ask(self, token: bytes) -> dict[str, Any]:
        """What the issuer says (RFC 7662 section 2.2); raises Unavailable. May be cancelled; the question goes on."""
        digest = digest_of(token)
        answer = self._under_way.get(digest)
        if answer is None:
            if self._closed or len(self._under_way) >= WAITING:
                raise Unavailable("too many questions are under way")
            loop = asyncio.get_running_loop()
            self._under_way[digest] = answer = loop.create_future()
            task = loop.create_task(self._put(token, answer))
            self._tasks.add(task)
            task.add_done_callback(lambda task: self._over(task, digest))
        said = await asyncio.shield(answer)
        if said is None:
            raise Unavailable("the issuer could not be asked")
        return said

    def close(self) -> None:
        """Ask no more; who waits hears that nobody could be asked."""
        self._closed = True
        for task in list(self._tasks):
            task.cancel()

    def _over(self, task: asyncio.Task[None], digest: bytes) -> None:
        self._tasks.discard(task)
        answer = self._under_way.pop(digest)
        if not answer.done():
            answer.set_result(None)

    async def _put(self, token: bytes, answer: asyncio.Future[dict[str, Any] | None]) -> None:
        try:
            async with self._turns:
                # Section 2.1: a form; the hint spares issuers a search.
                form = {"token": token.decode("ascii"), "token_type_hint": "access_token"}
                if self._authorization is None and self._client_id is not None:
                    form["client_id"] = self._client_id
                reply = await self._web.post(checked(self._url, plain=self._plain), form, authorization=self._authorization)
            answer.set_result(members_of(reply.wanted()))
            self._count("answered")
            if self._failed:
                log.warning("%s answers again", self.name)
                self._failed = False
        except Unavailable as reason:
            self._count("failed")
            if not self._failed:
                log.warning("%s could not be asked about tokens: %s", self.name, reason)
                self._failed = True
        except Exception:
            self._count("failed")
            log.exception("asking %s about a token failed inside the gateway", self.name)


def basic(client_id: str, client_secret: str) -> str:
    """`client_secret_basic` (RFC 6749 section 2.3.1): both are form-encoded first."""
    pair = f"{quote_plus(client_id)}:{quote_plus(client_secret)}"
    return "Basic " + b64encode(pair.encode("ascii")).decode("ascii")
