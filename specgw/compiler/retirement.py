"""What answers of an operation say about its end: `Deprecation`, `Sunset` and `Link`, as edits of their header fields.

Made at compile time: nothing is left to do for a request, and for operations that stay there is nothing at all.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

from specgw.plan.model import Edits
from specgw.xgateway.settings import Settings


def fields(settings: Settings, *, deprecated: bool) -> Edits | None:
    """The edits of a route's answers, those that its author asked for included and stronger."""
    said = settings.headers.response or Edits()
    made: dict[str, str] = {}
    if deprecated:
        # RFC 9745 section 2.1: a Date (RFC 9651 section 3.3.7). OpenAPI says that an operation is deprecated and not since when,
        # and a date that is past is all that matters to who reads it.
        made["Deprecation"] = "@0"
    if settings.sunset is not None:
        # RFC 8594 section 3: an HTTP-date.
        made["Sunset"] = format_datetime(instant(settings.sunset), usegmt=True)
    links: dict[str, tuple[str, ...]] = {}
    if settings.successor is not None:
        # RFC 5829 section 3.4.
        links["Link"] = (f'<{settings.successor}>; rel="successor-version"',)
    own = {name.lower() for name in (*said.set, *said.add)}
    made = {name: value for name, value in made.items() if name.lower() not in own}
    if not made and not links:
        return settings.headers.response
    add = dict(said.add)
    for name, values in links.items():
        known = next((other for other in add if other.lower() == name.lower()), name)
        add[known] = (*add.get(known, ()), *values)
    return Edits(rename=said.rename, remove=said.remove, set={**said.set, **made}, add=add)


def extensions(settings: Settings) -> dict[str, str]:
    """The same in the merged document, where no header field is: `x-sunset` and `x-successor`."""
    told = {"x-sunset": settings.sunset, "x-successor": settings.successor}
    return {name: value for name, value in told.items() if value is not None}


def instant(text: str) -> datetime:
    """The moment of a `sunset`: a day ends something with its first second, in UTC."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).astimezone(UTC)
