"""Everybody whom the gateway asks about tokens, for all plans of a process: who stays in use stays as it is.

A plan is prepared before it is put to work, which opens nothing but files; only `use` begins to fetch, and closes what no
plan needs any more.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from specgw.identity.code_flow import Client, CodeFlow
from specgw.identity.fetching import Web
from specgw.identity.introspection import Introspector
from specgw.identity.keyring import PACE, Keyring, Pace
from specgw.identity.sources import Discovery, KeyFile, KeyUrl, Secret, Source
from specgw.plan.model import Plan, Scheme
from specgw.plan.portal import SignIn
from specgw.policies.auth.addresses import fetched, shown
from specgw.policies.auth.base import Unavailable

FILES = Pace(refresh=5.0, retry=5.0, slowest=5.0)
"""Files are looked at more often: it costs next to nothing."""
STILL = Pace(refresh=1e6)
"""A secret stays as it was configured."""

Count = Callable[[str, str], None]
"""Counts a fetch: from where, and how it ended."""


class NotUsable(Exception):
    """What a scheme names cannot be used; the text says which scheme and why, and shows no secret."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the keys of a scheme are; schemes with the same place share one keyring."""

    secret: str | None = field(repr=False)
    jwks: str | None
    discovery: str | None
    issuer: str | None
    folder: str
    plain: bool

    @classmethod
    def of(cls, scheme: Scheme, folder: str) -> _Place:
        """Only what matters for the keys; an issuer that is known needs no discovery where the keys are known too."""
        if scheme.secret is not None:
            return cls(scheme.secret, None, None, None, "", False)
        known = scheme.jwks is not None and scheme.issuer is not None
        in_file = scheme.jwks is not None and not fetched(scheme.jwks)
        return cls(
            None,
            scheme.jwks,
            None if known else scheme.open_id_connect_url,
            None if known or scheme.jwks is not None else scheme.issuer,
            folder if in_file else "",
            scheme.plain_http,
        )

    def source(self, web: Web) -> Source:
        if self.secret is not None:
            return Secret(self.secret)
        keys: Source | None = None
        if self.jwks is not None:
            in_file = Path(os.path.normpath(os.path.join(self.folder, self.jwks)))
            keys = KeyUrl(self.jwks, web, plain=self.plain) if fetched(self.jwks) else KeyFile(in_file)
        if keys is not None and self.discovery is None:
            return keys
        return Discovery(self.discovery, self.issuer, web, plain=self.plain, keys=keys)


@dataclass(frozen=True, slots=True)
class _Endpoint:
    """Where and how is asked about tokens."""

    url: str
    client_id: str | None
    client_secret: str | None = field(repr=False)
    plain: bool

    @classmethod
    def of(cls, scheme: Scheme) -> _Endpoint:
        asked = scheme.introspection
        if asked is None:
            raise ValueError(f"nobody is asked about tokens of {scheme.name}")
        return cls(asked.url, asked.client_id, asked.client_secret, scheme.plain_http)


class Prepared:
    """Whom the schemes of one plan ask (`base.Issuers`)."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.rings: dict[_Place, Keyring] = {}
        self.introspectors: dict[_Endpoint, Introspector] = {}
        self.sign_in: CodeFlow | None = None
        """Where people sign in to the portal."""

    def keys_of(self, scheme: Scheme) -> Keyring:
        """The keys that a scheme's tokens are verified with."""
        return self.rings[_Place.of(scheme, self.folder)]

    def introspection_of(self, scheme: Scheme) -> Introspector:
        """Who is asked about a scheme's tokens."""
        return self.introspectors[_Endpoint.of(scheme)]


class Providers:
    """Keeps what the plan in use asks, and hands it on to the next one."""

    def __init__(self, count: Count, *, pace: Pace = PACE) -> None:
        self._count = count
        self._pace = pace
        self._web = Web()
        self._used = Prepared("")
        self._refreshing: list[asyncio.Future[None]] = []

    async def prepare(self, plan: Plan) -> Prepared:
        """What a (resolved) plan needs; raises NotUsable where a file or a secret cannot be used. Nobody is waited for."""
        prepared = Prepared(plan.edge.folder)
        for key, scheme in plan.schemes.items():
            if scheme.kind != "token" or not scheme.verifiable or scheme.verify == "upstream":
                continue
            try:
                if scheme.introspection is not None:
                    self._prepare_introspection(prepared, _Endpoint.of(scheme))
                else:
                    await self._prepare_keys(prepared, _Place.of(scheme, prepared.folder))
            except Unavailable as reason:
                raise NotUsable(f"security scheme {key}: {reason}") from None
        if plan.edge.portal.enabled and plan.edge.portal.sign_in is not None:
            await self._prepare_sign_in(prepared, plan.edge.portal.sign_in)
        return prepared

    @property
    def sign_in(self) -> CodeFlow | None:
        """Where people sign in to the portal of the plan in use."""
        return self._used.sign_in

    def use(self, prepared: Prepared) -> None:
        """Begin to fetch for this plan, and end what only the plan before needed. Requests under way end with what they know."""
        before, self._used = self._used, prepared
        for ring in prepared.rings.values():
            ring.start()
        for place, old in before.rings.items():
            if prepared.rings.get(place) is not old:
                old.close()
        for endpoint, asked in before.introspectors.items():
            if prepared.introspectors.get(endpoint) is not asked:
                asked.close()

    def refresh(self) -> None:
        """Read files and fetch keys anew, soon (SIGHUP)."""
        self._refreshing = [ring.refresh() for ring in self._used.rings.values()]

    def close(self) -> None:
        """Ask nobody any more."""
        self.use(Prepared(""))

    def _prepare_introspection(self, prepared: Prepared, endpoint: _Endpoint) -> None:
        prepared.introspectors[endpoint] = self._used.introspectors.get(endpoint) or Introspector(
            endpoint.url,
            self._web,
            client_id=endpoint.client_id,
            client_secret=endpoint.client_secret,
            plain=endpoint.plain,
            count=partial(self._count, shown(endpoint.url)),
        )

    async def _prepare_sign_in(self, prepared: Prepared, said: SignIn) -> None:
        place = _Place(None, None, None, said.issuer, "", said.plain_http)
        await self._prepare_keys(prepared, place)
        client = Client(issuer=said.issuer, id=said.client_id, secret=said.client_secret, scopes=said.scopes, plain=said.plain_http)
        prepared.sign_in = CodeFlow(client, prepared.rings[place], self._web)

    async def _prepare_keys(self, prepared: Prepared, place: _Place) -> None:
        if place in prepared.rings:
            return
        ring = self._used.rings.get(place)
        if ring is None:
            source = place.source(self._web)
            pace = FILES if isinstance(source, KeyFile) else STILL if isinstance(source, Secret) else self._pace
            ring = Keyring(source, count=partial(self._count, source.name), pace=pace)
            if pace is not self._pace:
                await ring.load()
        prepared.rings[place] = ring
