"""What is told of the end of an operation: since when it is not to be used, when it goes, and what to use instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from specgw.portal.catalogue import Entry
from specgw.portal.text import line, visible


@dataclass(frozen=True, slots=True)
class Retirement:
    """What of it is known."""

    sunset: str = ""
    """A day, or a moment (RFC 8594)."""
    successor: str = ""
    """As the document says it."""
    page: str = ""
    """The page of the operation that it is; empty where none of this portal is meant."""
    linked: bool = False
    """Whether it is an address that may be linked to."""


def retirement(entry: Entry, page: Callable[[str, str], str]) -> Retirement | None:
    """None for what stays. `page`: the page of a method and a path; empty where there is none."""
    sunset, successor = (line(entry.operation.get(key)) for key in ("x-sunset", "x-successor"))
    if not (entry.deprecated or sunset or successor):
        return None
    linked = successor.lower().startswith(("https://", "http://"))
    return Retirement(visible(sunset), visible(successor), "" if linked else page(entry.method, successor), linked)
