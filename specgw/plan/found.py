"""What the route table finds: a route and its path values, or why there is none.

Apart from the table, which is compiled (docs/decisions/0016-compiled-modules.md): the options of a Struct would be lost there.
"""

from __future__ import annotations

from typing import Any

import msgspec

from specgw.plan.model import Route


class Match(msgspec.Struct, frozen=True, gc=False):
    """The route of a request, what was attached to it, and the raw path values by parameter name."""

    route: Route
    payload: Any
    values: dict[str, str]
    remainder: str | None = None
    """What follows the template in the raw path, for routes that match a prefix; None for the others."""


class NotAllowed(msgspec.Struct, frozen=True, gc=False):
    """The path is declared but not with this method; `allow` has the methods that are, sorted."""

    allow: tuple[str, ...]


class NotFound(msgspec.Struct, frozen=True):
    """No route has this path, host and conditions together."""


class InvalidPath(msgspec.Struct, frozen=True):
    """The path is refused; `reason` ends a sentence that begins with "The path is refused:"."""

    reason: str


Result = Match | NotAllowed | NotFound | InvalidPath

NOT_FOUND = NotFound()
