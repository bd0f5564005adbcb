"""Signing in at an OpenID provider: the authorization code flow (OpenID Connect Core 1.0 section 3.1) with PKCE (RFC 7636).

Which addresses are asked comes from the configured issuer and its metadata alone, never from what a browser sent.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from specgw.identity.fetching import Web, checked, members_of
from specgw.identity.introspection import basic
from specgw.identity.keyring import Keyring
from specgw.policies.auth import id_token
from specgw.policies.auth.addresses import loopback
from specgw.policies.auth.base import Unavailable
from specgw.policies.auth.compact import Unacceptable

AT_ONCE = 8
"""Codes that are redeemed at the same time; with more than `WAITING` behind them the provider counts as not available."""
WAITING = 64

# RFC 6749 appendix A.11: visible characters and blanks.
_CODE = re.compile(r"[ -~]{1,2048}")
# Appendix A.7.
_ERROR = re.compile(r"[ !#-\[\]-~]{1,100}")


class Refused(Exception):
    """Nobody is signed in by this answer; the text is for the log, and shows neither code nor token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """How the gateway is known at the provider."""

    issuer: str
    id: str
    secret: str | None = field(default=None, repr=False)
    """None: a public client, which only PKCE protects."""
    scopes: tuple[str, ...] = ("openid",)
    plain: bool = False
    """Whether the provider may be asked without TLS although it is on another machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What ties the provider's answer to the request that one browser was sent away with."""

    redirect: str
    """Where the provider sends the browser back to."""
    state: str
    nonce: str
    verifier: str = field(repr=False)
    challenge: str


class CodeFlow:
    """Sends browsers to one provider, and reads its answers. `ring` has its keys and metadata; who made it keeps it fresh."""

    def __init__(self, client: Client, ring: Keyring, web: Web, *, clock: Callable[[], float] = time.time) -> None:
        self.client = client
        self._ring = ring
        self._web = web
        self._clock = clock
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def address(self, attempt: Attempt) -> str:
        """Where a browser asks for a code (section 3.1.2.1); raises Unavailable where the provider's metadata are not known."""
        endpoint = await self._endpoint("authorization_endpoint")
        asked = {
            "response_type": "code",
            "client_id": self.client.id,
            "redirect_uri": attempt.redirect,
            "scope": " ".join(self.client.scopes),
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        # RFC 6749 section 3.1: an endpoint may have a query of its own, and never a fragment.
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(asked)}"

    async def redeem(self, answer: Mapping[str, str], attempt: Attempt) -> Mapping[str, Any]:
        """The verified claims of who has signed in. `answer` is what came back by way of the browser, its `state` checked already.

        Raises Refused for an answer that signs nobody in, Unavailable where the provider cannot be asked.
        """
        self._check_issuer(answer.get("iss"))
        if "error" in answer:
            said = answer["error"]
            raise Refused(f"the provider answered {said if _ERROR.fullmatch(said) else 'an error'}")
        code = answer.get("code", "")
        if _CODE.fullmatch(code) is None:
            raise Refused("the answer has no code")
        token = await self._token(code, attempt)
        try:
            return await id_token.verified(
                token, self._ring, issuer=self.client.issuer, client=self.client.id, nonce=attempt.nonce, now=self._clock()
            )
        except Unacceptable as reason:
            raise Refused(f"ID token: {reason}") from None

    def _check_issuer(self, said: str | None) -> None:
        # RFC 9207 section 2.4: an answer of another provider must not be taken for one of this.
        if said is None and self._ring.metadata.get("authorization_response_iss_parameter_supported") is True:
            raise Refused("the answer does not say which provider it comes from (iss)")
        if said is not None and said != self.client.issuer:
            raise Refused("the answer comes from another provider (iss)")

    async def _token(self, code: str, attempt: Attempt) -> bytes:
        client = self.client
        endpoint = await self._endpoint("token_endpoint")
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": attempt.redirect, "code_verifier": attempt.verifier}
        authorization = None
        methods = self._ring.metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if client.secret is None:
            form["client_id"] = client.id
        elif isinstance(methods, list) and "client_secret_basic" not in methods and "client_secret_post" in methods:
            form |= {"client_id": client.id, "client_secret": client.secret}
        else:
            authorization = basic(client.id, client.secret)
        # Whoever sends made-up codes makes the gateway ask: some at once, and no more.
        if self._waiting >= WAITING:
            raise Unavailable("too many are signing in at once")
        self._waiting += 1
        try:
            async with self._turns:
                response = await self._web.post(endpoint, form, authorization=authorization)
        finally:
            self._waiting -= 1
        # RFC 6749 section 5.2: 400, or 401 where the client itself was refused.
        if response.status in (400, 401):
            said = members_of(response.body).get("error")
            raise Refused(f"the provider did not take the code: {said if isinstance(said, str) and _ERROR.fullmatch(said) else 'an error'}")
        token = response.members().get("id_token")
        if not isinstance(token, str) or not token.isascii():
            raise Refused("the provider's answer has no ID token")
        return token.encode("ascii")

    async def _endpoint(self, name: str) -> str:
        if not self._ring.metadata:
            fetch = self._ring.ask()
            if fetch is not None:
                await fetch
        found = self._ring.metadata.get(name)
        if not isinstance(found, str):
            raise Unavailable(f"the provider's metadata are not known, or lack '{name}'")
        # A provider elsewhere has no business with what listens on this machine.
        if loopback(urlsplit(checked(found, plain=self.client.plain)).hostname or "") and not loopback(_host(self.client.issuer)):
            raise Unavailable(f"'{name}' of the provider's metadata is on this machine")
        if "#" in found:
            raise Unavailable(f"'{name}' of the provider's metadata has a fragment")
        return found


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
