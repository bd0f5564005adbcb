"""Where the keys of an issuer come from: its discovery document, a URL, a file, or a secret that was configured."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

from specgw.identity.fetching import Web, checked
from specgw.policies.auth.addresses import shown
from specgw.policies.auth.base import Unavailable
from specgw.policies.auth.jwk import KeySet, Unusable, read_set, secret_key

OPENID = "/.well-known/openid-configuration"
OAUTH = "/.well-known/oauth-authorization-server"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a source says at one time: keys, and the issuer whose they are, where it tells."""

    keys: KeySet
    issuer: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """All that the issuer says of itself, where it was asked for that."""


class Source(Protocol):
    """Tells the keys of an issuer, whenever it is asked."""

    name: str
    """For logs and metrics: an address without secrets, or a file."""

    async def load(self, *, known: bool) -> Loaded:
        """The keys now; raises Unavailable. With `known` what leads to them is taken from the last time."""


class KeyUrl:
    """A JWK Set at a URL."""

    def __init__(self, url: str, web: Web, *, plain: bool = False) -> None:
        self.name = shown(url)
        self._url = url
        self._web = web
        self._plain = plain

    async def load(self, *, known: bool) -> Loaded:
        """Fetch the set."""
        return Loaded(_set((await self._web.get(checked(self._url, plain=self._plain))).wanted(), secrets=False))


class Discovery:
    """The metadata of an issuer (OpenID Connect Discovery 1.0, RFC 8414), which says where its keys are.

    `url` as `openIdConnectUrl` gives it, or None: made from the issuer. Section 4.3 (RFC 8414 section 3.3): the issuer that the
    document names has to be the one that was asked for, to the letter. `keys` is where they are, whatever the document says.
    """

    def __init__(self, url: str | None, issuer: str | None, web: Web, *, plain: bool = False, keys: Source | None = None) -> None:
        self._issuers = (issuer,) if issuer is not None else issuers_of(url or "")
        self._urls = (url,) if url is not None else metadata_urls(issuer or "")
        self.name = shown(self._urls[0])
        self._web = web
        self._plain = plain
        self._keys = keys
        self._found: tuple[str, Mapping[str, Any], Source] | None = None

    async def load(self, *, known: bool) -> Loaded:
        """Fetch the metadata (unless they are `known`), and then the set that they name."""
        if not known or self._found is None:
            self._found = await self._discover()
        issuer, metadata, source = self._found
        return Loaded((await source.load(known=known)).keys, issuer, metadata)

    async def _discover(self) -> tuple[str, Mapping[str, Any], Source]:
        if not self._issuers:
            raise Unavailable("the URL does not show the issuer, and none is configured")
        metadata = None
        for url in self._urls:
            answer = await self._web.get(checked(url, plain=self._plain))
            if answer.status == 404 and url != self._urls[-1]:
                continue
            metadata = answer.members()
            break
        issuer = None if metadata is None else metadata.get("issuer")
        if metadata is None or issuer not in self._issuers:
            raise Unavailable("the discovery document names another issuer")
        if self._keys is not None:
            return issuer, metadata, self._keys
        keys = metadata.get("jwks_uri")
        if not isinstance(keys, str):
            raise Unavailable("the discovery document does not say where the keys are ('jwks_uri')")
        return issuer, metadata, KeyUrl(checked(keys, plain=self._plain), self._web, plain=self._plain)


class Secret:
    """One secret that issuer and gateway share."""

    name = "a secret"

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    async def load(self, *, known: bool) -> Loaded:
        """The secret as a key, whatever key id a token names; raises Unavailable where it is too short."""
        try:
            return Loaded(KeySet((secret_key(self._secret),)))
        except Unusable as error:
            raise Unavailable(str(error)) from None


class KeyFile:
    """A JWK Set in a file. Symmetric keys may be in it: whoever reads the file is trusted with them."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._path = path

    async def load(self, *, known: bool) -> Loaded:
        """Read the file."""
        try:
            text = await asyncio.to_thread(self._path.read_bytes)
        except OSError as error:
            raise Unavailable(f"{error.strerror or error}") from None
        return Loaded(_set(text, secrets=True))


def issuers_of(url: str) -> tuple[str, ...]:
    """The issuers whose metadata are at a URL, by the rules that such URLs are made by; none where it follows neither.

    OpenID Connect Discovery section 4: the well-known part comes last; RFC 8414 section 3: between host and path. Both take a
    slash at the issuer's end away, so that there are two.
    """
    parts = urlsplit(url)
    if parts.query or parts.fragment:
        return ()
    if parts.path.endswith(OPENID):
        path = parts.path.removesuffix(OPENID)
    elif parts.path == OAUTH or parts.path.startswith(OAUTH + "/"):
        path = parts.path.removeprefix(OAUTH)
    else:
        return ()
    issuer = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
    return (issuer, issuer + "/")


def metadata_urls(issuer: str) -> tuple[str, ...]:
    """Where an issuer's metadata may be, in the order in which they are asked for."""
    parts = urlsplit(issuer)
    path = parts.path.rstrip("/")
    return tuple(urlunsplit((parts.scheme, parts.netloc, place, "", "")) for place in (path + OPENID, OAUTH + path))


def _set(text: bytes, *, secrets: bool) -> KeySet:
    try:
        return read_set(text, secrets=secrets)
    except Unusable as error:
        raise Unavailable(str(error)) from None
