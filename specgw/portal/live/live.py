"""The live part of the portal as one: which request means what, who may make it, and what is noted of it."""

from __future__ import annotations

import hmac
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from secrets import token_bytes
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from specgw import problems
from specgw.http import Request
from specgw.identity.code_flow import CodeFlow, Refused
from specgw.plan.portal import Portal
from specgw.policies.auth.base import Unavailable
from specgw.policies.base import Answer, Reply
from specgw.portal.live import bodies, cookies, guard
from specgw.portal.live.attempt import attempt_of
from specgw.portal.live.own_keys import Desk
from specgw.portal.live.people import DEVELOPER, person
from specgw.portal.live.place import Place, Places
from specgw.portal.live.sessions import Person, Sessions, secret_of, token_of
from specgw.problems import Problem
from specgw.state.records import Session
from specgw.state.remembered import RememberedKeys
from specgw.state.table import StoreUnavailable

log = logging.getLogger("specgw.portal")

FOLDER = "/portal/"
LONGEST_QUERY = 8192

_DONE = {"rotate": "rotated", "rename": "renamed", "revoke": "revoked"}
"""What can be done to a key, and how the log says that it was."""
_NOBODY = Problem(problems.NO_ROUTE, "nobody can sign in here")


@dataclass(frozen=True, slots=True)
class Event:
    """What somebody did, for the log: never a key, a code or a cookie."""

    request: Request
    answer: Answer
    what: str
    owner: str | None = None
    consumer: str | None = None
    key: str | None = None


Act = Callable[[Request], Awaitable[Answer]]
Record = Callable[[Event], None]


class Live:
    """What a gateway answers below /portal/ beside the pages. One for each plan; sessions and keys are in the store."""

    def __init__(
        self,
        portal: Portal,
        *,
        keys: RememberedKeys | None,
        flow: CodeFlow | None,
        public_url: str | None,
        development: bool,
        beside: Callable[[], Mapping[str, Any]],
        record: Record,
        clock: Callable[[], float] = time.time,
        chance: Callable[[int], bytes] = token_bytes,
    ) -> None:
        self._portal = portal
        self._flow = flow
        self._development = development
        self._beside = beside
        self._record = record
        self._chance = chance
        self._places = Places(public_url, development=development)
        self._sessions = None if keys is None else Sessions(keys.table, clock, chance)
        self._desk = None if keys is None else Desk(keys, portal.keys, clock)

    def find(self, path: str) -> Act | None:
        """What answers at a path; None where the pages do."""
        name = path.removeprefix(FOLDER)
        if name == "keys" or name.startswith("keys/"):
            return self._keys
        found = _ACTS.get(name)
        if found is None:
            return None
        method, act = found
        return lambda request: self._only(method, partial(act, self), request)

    async def _only(self, method: str, act: Act, request: Request) -> Answer:
        if request.method != method and (method, request.method) != ("GET", "HEAD"):
            return _not_allowed(method)
        try:
            answer = await act(request)
        except bodies.Refused as refused:
            answer = refused.problem
        except StoreUnavailable as error:
            log.warning("the portal's keys and sessions cannot be asked for: %s", error)
            answer = Problem(problems.IDENTITY_UNAVAILABLE, "keys and sessions cannot be asked for at the moment")
        if isinstance(answer, Problem) and request.method == "POST":
            self._record(Event(request, answer, "refused"))
        return answer

    # Who is there

    async def _session(self, request: Request) -> tuple[Place, str, Session] | None:
        """Where somebody is signed in, with which secret, and who that is."""
        place = self._places.of(request)
        secret = None if place is None else cookies.secret(request, "session", place)
        if place is None or secret is None or self._sessions is None:
            return None
        session = await self._sessions.find(secret)
        if session is None or not self._knows(session.owner, request):
            return None
        return place, secret, session

    def _knows(self, owner: str, request: Request) -> bool:
        """Whether that person could sign in here now: a session lasts no longer than what it came from."""
        if owner == DEVELOPER.owner:
            return self._places.development(request)
        return self._flow is not None and owner.startswith(f"{self._flow.client.issuer} ")

    async def _tell(self, request: Request) -> Answer:
        """session.json: what scripts of the pages cannot know by themselves."""
        keys = self._standing(request)
        found = None
        if keys == "ready":
            try:
                found = await self._session(request)
            except StoreUnavailable as error:
                log.warning("the portal's keys and sessions cannot be asked for: %s", error)
                keys = "unavailable"
        session = None if found is None else found[2]
        told = {
            "live": True,
            **self._beside(),
            "keys": keys,
            "signIn": self._ways(request) if keys == "ready" else [],
            "user": None if session is None else {"name": session.name, "consumer": session.consumer},
            "csrf": None if found is None else token_of(found[1]),
        }
        return Reply(200, ((b"content-type", b"application/json"),), msgspec.json.encode(told))

    def _standing(self, request: Request) -> str:
        """Whether there can be keys for whoever asks, or why not."""
        if self._sessions is None:
            return "none"
        if self._places.of(request) is None:
            return "insecure"
        return "ready" if self._ways(request) else "closed"

    def _ways(self, request: Request) -> list[dict[str, str]]:
        ways = []
        if self._flow is not None:
            ways.append({"kind": "openid", "href": "sign-in", "at": self._flow.client.issuer.partition("://")[2]})
        if self._places.development(request):
            ways.append({"kind": "development", "href": "sign-in/development", "at": DEVELOPER.name})
        return ways

    # Signing in and out

    async def _send_away(self, request: Request) -> Answer:
        """Send a browser to the provider."""
        place = self._places.of(request)
        if self._flow is None or self._sessions is None or place is None:
            return _NOBODY
        refusal = guard.elsewhere(request)
        if refusal is not None:
            return refusal
        secret = secret_of(self._chance)
        try:
            address = await self._flow.address(attempt_of(secret, f"{place.portal}callback"))
        except Unavailable as reason:
            return self._back(request, place, "unavailable", f"cannot be asked: {reason}")
        return Reply(302, ((b"location", address.encode("ascii")), cookies.setting("sign-in", place, secret)))

    async def _come_back(self, request: Request) -> Answer:
        """The browser is back from the provider (OpenID Connect Core 1.0 section 3.1.2.5)."""
        place = self._places.of(request)
        flow, sessions = self._flow, self._sessions
        if flow is None or sessions is None or place is None:
            return _NOBODY
        secret = cookies.secret(request, "sign-in", place)
        answer = _once(request.query)
        if secret is None or answer is None:
            return self._back(request, place, "expired", "came back without what it was sent away with")
        attempt = attempt_of(secret, f"{place.portal}callback")
        if not hmac.compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
            return self._back(request, place, "expired", "came back with the state of another attempt")
        try:
            claims = await flow.redeem(answer, attempt)
            who = person(claims, flow.client.issuer, self._portal.sign_in.consumer_from if self._portal.sign_in is not None else "sub")
        except Refused as reason:
            return self._back(request, place, "refused", str(reason))
        except Unavailable as reason:
            return self._back(request, place, "unavailable", f"cannot be asked: {reason}")
        begun = await self._begin(request, place, who)
        reply = Reply(303, ((b"location", b"keys.html"), cookies.clearing("sign-in", place), begun))
        self._record(Event(request, reply, "signed in", who.owner, who.consumer))
        return reply

    async def _sign_in_developer(self, request: Request) -> Answer:
        """One click, under the development profile and at this machine alone."""
        place = self._places.of(request)
        if self._sessions is None or place is None or not self._places.development(request):
            return _NOBODY
        refusal = guard.foreign(request, place)
        if refusal is not None:
            return refusal
        bodies.Members.of(request).done()
        reply = Reply(204, (await self._begin(request, place, DEVELOPER),))
        self._record(Event(request, reply, "signed in", DEVELOPER.owner, DEVELOPER.consumer))
        return reply

    async def _begin(self, request: Request, place: Place, who: Person) -> tuple[bytes, bytes]:
        """A new session in the place of whatever the browser had."""
        assert self._sessions is not None
        before = cookies.secret(request, "session", place)
        if before is not None:
            await self._sessions.end(before)
        return cookies.setting("session", place, await self._sessions.begin(who))

    async def _sign_out(self, request: Request) -> Answer:
        found = await self._session(request)
        if found is None or self._sessions is None:
            return _not_signed_in()
        place, secret, session = found
        refusal = guard.foreign(request, place) or guard.forged(request, token_of(secret))
        if refusal is not None:
            return refusal
        await self._sessions.end(secret)
        reply = Reply(204, (cookies.clearing("session", place),))
        self._record(Event(request, reply, "signed out", session.owner, session.consumer))
        return reply

    def _back(self, request: Request, place: Place, outcome: str, reason: str) -> Answer:
        """To the page of keys, which has words for each outcome: nothing of the answer is repeated there."""
        log.warning("nobody was signed in to the portal: the provider %s", reason)
        reply = Reply(303, ((b"location", f"keys.html#sign-in-{outcome}".encode()), cookies.clearing("sign-in", place)))
        self._record(Event(request, reply, f"not signed in: {outcome}"))
        return reply

    # Keys

    async def _keys(self, request: Request) -> Answer:
        name = request.path.removeprefix(FOLDER)
        parts = name.split("/")
        methods: tuple[str, ...]
        if len(parts) == 1:
            methods = ("GET", "HEAD", "POST")
        elif len(parts) == 3 and parts[2] in _DONE:
            methods = ("POST",)
        else:
            return Problem(problems.NO_ROUTE, "there is no such page")
        if request.method not in methods:
            return _not_allowed(*methods)
        return await self._only(request.method, self._keys_of_somebody, request)

    async def _keys_of_somebody(self, request: Request) -> Answer:
        found = await self._session(request)
        desk = self._desk
        if found is None or desk is None:
            return _not_signed_in()
        place, secret, session = found
        if request.method != "POST":
            return await desk.show(session)
        refusal = guard.foreign(request, place) or guard.forged(request, token_of(secret))
        if refusal is not None:
            return refusal
        _, *rest = request.path.removeprefix(FOLDER).split("/")
        if not rest:
            change, (reply, key) = "made", await desk.make(session, request)
        else:
            change = rest[1]
            work = {"rotate": desk.rotate, "rename": desk.rename, "revoke": desk.revoke}[change]
            reply, key = await work(session, request, rest[0])
            change = _DONE[change]
        self._record(Event(request, reply, f"key {change}", session.owner, session.consumer, key))
        return reply


_ACTS: dict[str, tuple[str, Callable[[Live, Request], Awaitable[Answer]]]] = {
    "session.json": ("GET", Live._tell),
    "sign-in": ("GET", Live._send_away),
    "callback": ("GET", Live._come_back),
    "sign-in/development": ("POST", Live._sign_in_developer),
    "sign-out": ("POST", Live._sign_out),
}
"""By name below the folder, with the one method that each has. Not bound: an object that held these would hold itself."""


def _once(query: bytes) -> dict[str, str] | None:
    """The parameters of an answer, each of which comes once (RFC 6749 section 3.1); None where one comes twice."""
    if len(query) > LONGEST_QUERY:
        return None
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, strict_parsing=bool(query), max_num_fields=20, errors="strict")
    except ValueError:
        return None
    return dict(pairs) if len({name for name, _ in pairs}) == len(pairs) else None


def _not_signed_in() -> Problem:
    return Problem(problems.NOT_SIGNED_IN, "sign in first")


def _not_allowed(*methods: str) -> Problem:
    said = ", ".join(("GET", "HEAD") if methods == ("GET",) else methods)
    return Problem(problems.METHOD_NOT_ALLOWED, f"this takes {said}", headers=((b"allow", said.encode()),))
