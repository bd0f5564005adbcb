"""One small JSON document from an issuer: over HTTPS, whole, in time, and from nowhere else.

A fetch has a client of its own: a cancelled one leaves nothing behind, and they are few.
"""

from __future__ import annotations

import asyncio
import importlib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from specgw import __version__
from specgw.policies.auth import compact
from specgw.policies.auth.addresses import shown, unfit
from specgw.policies.auth.base import Unavailable

if TYPE_CHECKING:
    import httpx

PATIENCE = 5.0
"""Seconds for a whole fetch."""
LARGEST = 512 << 10
"""Bytes of an answer."""


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer."""

    status: int
    body: bytes

    def members(self) -> dict[str, Any]:
        """The JSON object of a 200 answer; raises Unavailable for everything else."""
        return members_of(self.wanted())

    def wanted(self) -> bytes:
        """The body of a 200 answer; raises Unavailable for another status, redirects among them."""
        if 300 <= self.status < 400:
            raise Unavailable(f"the answer is a redirect ({self.status}), which is not followed")
        if self.status != 200:
            raise Unavailable(f"the answer has the status {self.status}")
        return self.body


def members_of(body: bytes) -> dict[str, Any]:
    """The members of a JSON object; raises Unavailable."""
    try:
        return compact.json_object(body, "answer")
    except compact.Unacceptable:
        raise Unavailable("the answer is not a JSON object that everybody reads alike") from None


def checked(url: str, *, plain: bool = False) -> str:
    """A URL that may be fetched; raises Unavailable."""
    reason = unfit(url, plain=plain)
    if reason is not None:
        raise Unavailable(f"{shown(url)} {reason}")
    return url


class Web:
    """Makes fetches; keeps the TLS context, which takes tens of milliseconds to make.

    Trusted are the authorities of `SSL_CERT_FILE` or `SSL_CERT_DIR`, or else certifi's. No proxy, no netrc.
    """

    def __init__(self) -> None:
        self._context: ssl.SSLContext | None = None
        self._nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts no authority: for plain HTTP

    async def get(self, url: str) -> Response:
        """The answer to GET; raises Unavailable."""
        return await self._fetch("GET", url, {}, None)

    async def post(self, url: str, fields: Mapping[str, str], *, authorization: str | None) -> Response:
        """The answer to a form; raises Unavailable."""
        return await self._fetch("POST", url, {} if authorization is None else {"Authorization": authorization}, fields)

    async def _fetch(self, method: str, url: str, headers: dict[str, str], form: Mapping[str, str] | None) -> Response:
        # It takes a tenth of a second to import, and most gateways ask nobody.
        await asyncio.to_thread(importlib.import_module, "httpx")
        import httpx

        try:
            async with asyncio.timeout(PATIENCE):
                context = await self._trusting(url)
                # The body is counted as it comes: a coding could make much of little.
                headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": f"specgw/{__version__}", **headers}
                async with (
                    httpx.AsyncClient(verify=context, trust_env=False, follow_redirects=False, timeout=PATIENCE) as client,
                    client.stream(method, url, headers=headers, data=form) as response,
                ):
                    return Response(response.status_code, await _whole(response))
        except TimeoutError:
            raise Unavailable(f"no answer within {PATIENCE:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise Unavailable(f"{type(error).__name__}: {error}") from None

    async def _trusting(self, url: str) -> ssl.SSLContext:
        if not url.lower().startswith("https:"):
            return self._nobody
        if self._context is None:
            import httpx

            self._context = await asyncio.to_thread(httpx.create_ssl_context)
        return self._context


async def _whole(response: httpx.Response) -> bytes:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise Unavailable("the answer is encoded")
    body = b""
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > LARGEST:
            raise Unavailable(f"the answer is larger than {LARGEST >> 10} KiB")
    return body
