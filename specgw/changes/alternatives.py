"""`security` as what it asks of a caller, so that two of them can be held against each other exactly.

An alternative is the set of what has to be proved: schemes, and scopes under schemes. Whoever satisfies one that asks for more
satisfies every one that asks for a part of it. So a `security` lets nobody in whom another one keeps out exactly if each
of its alternatives asks for everything that some alternative of the other asks for.
"""

from __future__ import annotations

from collections.abc import Mapping

from specgw.plan.model import Route

Atom = tuple[str, str]
"""A scheme by its key, with a scope; with "": the scheme alone."""
Alternative = frozenset[Atom]
Alternatives = frozenset[Alternative]

PUBLIC: Alternatives = frozenset((frozenset(),))


def alternatives(route: Route, names: Mapping[str, str] | None = None) -> Alternatives:
    """What a route asks for. `names` are keys of schemes under which others are known."""
    known = names or {}
    found = frozenset(
        frozenset((known.get(required.scheme, required.scheme), scope) for required in alternative for scope in ("", *required.scopes))
        for alternative in route.security or ()
    )
    return found or PUBLIC


def beyond(one: Alternatives, other: Alternatives) -> Alternatives:
    """The alternatives of one that let somebody in whom the other keeps out."""
    return frozenset(wanted for wanted in one if not any(needed <= wanted for needed in other))


def shown(asked: Alternatives) -> str:
    """For people, the same for equal ones: `users/oauth(read, write) + users/key, or public`."""
    return ", or ".join(sorted(map(_shown, asked)))


def _shown(alternative: Alternative) -> str:
    scopes: dict[str, list[str]] = {}
    for scheme, scope in sorted(alternative):
        scopes.setdefault(scheme, []).extend([scope] if scope else [])
    return " + ".join(_scheme(scheme, listed) for scheme, listed in scopes.items()) or "public"


def _scheme(scheme: str, scopes: list[str]) -> str:
    return f"{scheme}({', '.join(scopes)})" if scopes else scheme
