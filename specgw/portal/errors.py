"""Every problem that the gateway itself can answer, by status, for the page that operations lead to."""

from __future__ import annotations

from dataclasses import dataclass

from specgw.http import REASONS
from specgw.problems import KINDS, Kind

PAGE = "errors.html"

ADVICE = {
    400: "Change the request as `detail` and `violations` say, then send it again.",
    401: "Send credentials that the operation accepts; `WWW-Authenticate` names them.",
    403: "Ask with credentials that are allowed to do this; the same ones will be refused again.",
    404: "Look at the address: path, host and conditions have to be those of an operation.",
    405: "Use one of the methods that `Allow` lists.",
    406: "Ask for a media type that the operation has, or leave out `Accept`.",
    408: "Send the whole request without a pause.",
    413: "Send a smaller body.",
    414: "Make the address shorter.",
    415: "Send the body in a media type and a coding that the operation declares.",
    417: "Leave out `Expect`, or send 100-continue.",
    426: "Open the WebSocket with version 13.",
    429: "Wait as long as `Retry-After` says.",
    431: "Send fewer or shorter header fields.",
    500: "Report it with the `requestId`.",
    501: "Do not send it again as it is.",
    502: "Nothing is wrong with the request: try again later, where doing it twice does no harm.",
    503: "Try again later; where there is a `Retry-After`, not before.",
    504: "Try again later, where doing it twice does no harm: the service may have done it.",
    505: "Use HTTP/1.1.",
}
"""What a client can do about a status."""


@dataclass(frozen=True, slots=True)
class Section:
    """The problems of a status."""

    status: int
    reason: str
    anchor: str
    advice: str
    kinds: list[Kind]


def sections() -> list[Section]:
    """All problems. An anchor of a problem is its slug, that of a status `status-404`."""
    by_status: dict[int, list[Kind]] = {}
    for kind in sorted(KINDS, key=lambda kind: (kind.status, kind.slug)):
        by_status.setdefault(kind.status, []).append(kind)
    reasons = {status: REASONS.get(status, b"").decode("ascii") for status in by_status}
    return [Section(status, reasons[status], anchor(status), ADVICE[status], kinds) for status, kinds in by_status.items()]


def anchor(status: int) -> str:
    """Where the problems of a status stand on the page."""
    return f"status-{status}"


def place(status: str) -> str | None:
    """The anchor for the status of a documented response; None where the gateway itself never answers with it."""
    return next((anchor(kind.status) for kind in KINDS if str(kind.status) == status), None)
