r"""Which claims hold scopes and roles: by default, by a provider's preset, or by a path that the author wrote.

A path has the names of members from the outermost, with dots between them: `realm_access.roles`. A dot (or a backslash)
that belongs to a name has a backslash before it. What holds `://` and no backslash is one name as it stands, because a
claim's name may be a URL (RFC 7519 section 4.2): `https://example.com/roles`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from specgw.policies.identity import Identity

Path = tuple[str, ...]
Preset = Literal["keycloak", "auth0"]

_STEP = re.compile(r"(?:[^.\\]|\\.)+", re.DOTALL)


def path_of(text: str) -> Path | None:
    """The names of a path; None for what is none: an empty name, or a backslash at the end."""
    if "://" in text and "\\" not in text:
        return (text,)
    steps = _STEP.findall(text)
    if not steps or ".".join(steps) != text:
        return None
    return tuple(re.sub(r"\\(.)", r"\1", step, flags=re.DOTALL) for step in steps)


@dataclass(frozen=True, slots=True)
class Grants:
    """Where a scheme finds scopes and roles: all claims of a list together count."""

    scopes: tuple[Path, ...]
    roles: tuple[Path, ...]

    def read(self, claims: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
        """Scopes and roles. What has another form than text or a list of texts gives none."""
        return _words(claims, self.scopes), _words(claims, self.roles)

    def identity(self, scheme: str, claims: Mapping[str, Any], end: float | None) -> Identity:
        """Who verified claims speak of: `sub`, or the client where they speak of no user (RFC 9068 section 2.2)."""
        named = (claims.get(name) for name in ("sub", "client_id", "azp"))
        subject = next((value for value in named if isinstance(value, str) and value), "")
        scopes, roles = self.read(claims)
        return Identity(scheme, subject, scopes=scopes, roles=roles, claims=claims, expires=end)


def grants(
    preset: Preset | None = None, *, scopes_from: str | None = None, roles_from: str | None = None, audience: tuple[str, ...] = ()
) -> Grants:
    """Where to look; a path of the author's own replaces what would be looked at otherwise.

    `scope` is RFC 8693 section 4.2's (and RFC 9068's), `scp` that of several providers. Raises ValueError for what is no path.
    """
    scopes: tuple[Path, ...] = (("scope",), ("scp",))
    roles: tuple[Path, ...] = (("roles",),)
    if preset == "auth0":
        scopes += (("permissions",),)
    if preset == "keycloak":
        # Roles of a client count only where that client is the audience: another client's `admin` is no admin here.
        roles = (("realm_access", "roles"), *(("resource_access", client, "roles") for client in audience))
    return Grants(_given(scopes_from) or scopes, _given(roles_from) or roles)


def _given(text: str | None) -> tuple[Path, ...] | None:
    if text is None:
        return None
    path = path_of(text)
    if path is None:
        raise ValueError(f"'{text}' is no path of claims")
    return (path,)


def _words(claims: Mapping[str, Any], paths: tuple[Path, ...]) -> frozenset[str]:
    words: set[str] = set()
    for path in paths:
        value: Any = claims
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, str):
            words.update(value.split(" "))
        elif isinstance(value, list):
            words.update(entry for entry in value if isinstance(entry, str))
    words.discard("")
    return frozenset(words)
