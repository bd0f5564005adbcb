"""The keys of the person who is signed in: made, seen, renamed, rotated and revoked by that person alone.

Whatever a request names, only the person's own keys are looked at: the id of somebody else's is one that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec

from specgw import problems
from specgw.http import Request
from specgw.plan.portal import OwnKeys
from specgw.policies.base import Reply
from specgw.portal.live.bodies import LONGEST_NAME, LONGEST_OVERLAP, MOST_DAYS, Members, Refused
from specgw.problems import Problem
from specgw.state import issuing
from specgw.state.issuing import Issued, NotValid
from specgw.state.records import Record, Session
from specgw.state.remembered import RememberedKeys
from specgw.state.table import Judge

HOUR = 3600
MADE = 3
"""How many times as many keys as may be valid at once can be made within an hour: what is made and revoked stays in the store."""
SHOWN = 200
"""How many keys of a person that have ended are kept and shown, beside those that were made within the last hour."""


class Desk:
    """Where people have their keys made and ended. Raises StoreUnavailable, and Refused for what cannot be done."""

    def __init__(self, keys: RememberedKeys, rules: OwnKeys, clock: Callable[[], float]) -> None:
        self._keys = keys
        self._table = keys.table
        self._rules = rules
        self._clock = clock

    async def show(self, session: Session) -> Reply:
        """All keys of a person, and what there may be."""
        await self._keys.note_uses()  # what this process has counted; others write within a minute
        now = self._clock()
        records = await self._table.owned(session.owner)
        valid = [record for record in records if record.standing(now) == "valid"]
        ended = [record for record in records if record.standing(now) != "valid"]
        most_days = MOST_DAYS if self._rules.lifetime is None else max(1, int(self._rules.lifetime // 86400))
        return _answer(
            200,
            {
                "consumer": session.consumer,
                "limits": {
                    "keys": self._rules.most,
                    "days": most_days,
                    "forever": self._rules.lifetime is None,
                    "name": LONGEST_NAME,
                    "overlap": LONGEST_OVERLAP,
                },
                "keys": [_shown(record, now) for record in reversed([*ended[-SHOWN:], *valid])],
            },
        )

    async def make(self, session: Session, request: Request) -> tuple[Reply, str]:
        """Make a key, and show it for the only time; with its id."""
        members = Members.of(request)
        name, lifetime = members.name(), members.lifetime(self._rules.lifetime)
        members.done("name", "days")
        rules = self._rules
        wanted = Record(id="", consumer=session.consumer, name=name, scopes=rules.scopes, roles=rules.roles, owner=session.owner)
        judge = self._judge(rules.most)
        return self._made(await issuing.issue(self._table, wanted, self._clock, lasts=lifetime, judge=judge))

    async def rotate(self, session: Session, request: Request, id: str) -> tuple[Reply, str]:
        """Make another key in the place of one, which stays good for the overlap."""
        members = Members.of(request)
        overlap = members.overlap()
        members.done("overlap")
        old = await self._own(session, id)
        judge = self._judge(2 * self._rules.most)  # each of them may be on its way to the next one
        try:
            return self._made(await issuing.succeed(self._table, old, self._clock, overlap=overlap, judge=judge))
        except NotValid:
            raise _missing() from None

    async def rename(self, session: Session, request: Request, id: str) -> tuple[Reply, str]:
        """Call a key otherwise."""
        members = Members.of(request)
        name = members.name()
        members.done("name")
        await self._own(session, id)
        return self._changed(await self._table.rename(id, name))

    async def revoke(self, session: Session, request: Request, id: str) -> tuple[Reply, str]:
        """Refuse a key from now on."""
        Members.of(request).done()
        await self._own(session, id)
        record = await self._table.revoke(id, int(self._clock()))
        await self._keys.look()  # here at once; others look in a moment
        return self._changed(record)

    async def _own(self, session: Session, id: str) -> Record:
        """The valid key of a person with an id."""
        for record in await self._table.owned(session.owner):
            if record.id == id and record.standing(self._clock()) == "valid":
                return record
        raise _missing()

    def _judge(self, valid: int) -> Judge:
        """What is said of one more key, in the same step in which it is added: two requests at once are told of each other."""

        def judge(records: list[Record]) -> list[str]:
            now = int(self._clock())
            self._allow(records, valid, now)
            ended = sorted((record for record in records if record.standing(now) != "valid"), key=lambda record: (record.end, record.id))
            return [record.id for record in ended[:-SHOWN] if record.created <= now - HOUR]

        return judge

    def _allow(self, records: list[Record], valid: int, now: int) -> None:
        """Raise Refused where a person has as many `valid` keys already, or has made enough."""
        most = self._rules.most
        if sum(record.standing(now) == "valid" for record in records) >= valid:
            said = f"there are as many valid keys as there may be ({valid}): revoke one that is not needed"
            raise Refused(Problem(problems.TOO_MANY_KEYS, said))
        recent = [record.created for record in records if record.created > now - HOUR]
        if len(recent) >= MADE * most:
            wait = min(recent) + HOUR - now + 1
            said = f"{len(recent)} keys were made within the last hour, and that is enough"
            raise Refused(Problem(problems.TOO_MANY_KEYS, said, headers=((b"Retry-After", b"%d" % wait),)))

    def _made(self, issued: Issued) -> tuple[Reply, str]:
        return _answer(201, {"key": issued.text, **_shown(issued.record, self._clock())}), issued.record.id

    def _changed(self, record: Record | None) -> tuple[Reply, str]:
        if record is None:
            raise _missing()
        return _answer(200, _shown(record, self._clock())), record.id


def _shown(record: Record, now: float) -> dict[str, Any]:
    times = {"created": record.created, "expires": record.expires, "revoked": record.revoked, "lastUsed": record.last_used}
    return {
        "id": record.id,
        "name": record.name,
        "state": record.standing(now),
        "uses": record.uses,
        "replaces": record.replaces,
        "scopes": list(record.scopes),
        **{name: None if value is None else _time(value) for name, value in times.items()},
    }


def _time(seconds: int) -> str:
    """RFC 3339, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _answer(status: int, document: object) -> Reply:
    return Reply(status, ((b"content-type", b"application/json"),), msgspec.json.encode(document))


def _missing() -> Refused:
    return Refused(Problem(problems.NO_SUCH_KEY, "none of your valid keys has this id"))
