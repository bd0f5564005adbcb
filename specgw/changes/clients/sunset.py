"""When something goes: `x-sunset` (a date) beside `deprecated: true`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from specgw.changes.clients.side import Difference, Tokens


def sunset(value: Mapping[str, Any]) -> date | None:
    """The day in `x-sunset`, where it is one."""
    try:
        return date.fromisoformat(str(value.get("x-sunset"))[:10])
    except ValueError:
        return None


def over(value: Mapping[str, Any], today: date) -> bool:
    """Whether it could go by now, as its deprecation announced."""
    day = sunset(value)
    return value.get("deprecated") is True and day is not None and day <= today


def sunsets(old: Mapping[str, Any], new: Mapping[str, Any], place: str = "", tokens: Tokens = ()) -> Iterator[Difference]:
    """What has changed of the day."""
    before, after = sunset(old), sunset(new)
    if before != after:
        if before is None or after is None:
            code = "sunset-added" if before is None else "sunset-removed"
        else:
            code = "sunset-earlier" if after < before else "sunset-later"
        was, now = (None if day is None else day.isoformat() for day in (before, after))
        yield Difference(code, place, was, now, (*tokens, "x-sunset"))
