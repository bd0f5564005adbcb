"""One of the two states that are compared: what is enforced, and where it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from specgw.plan.model import Origin, Plan, Route


@dataclass(frozen=True, slots=True)
class Enforced:
    """A Plan, and the places of its settings as origins.json has them; nothing is known of places where that is missing."""

    plan: Plan
    origins: Mapping[str, Any] = field(default_factory=dict)

    def place(self, route: Route, setting: str) -> Origin:
        """Where a setting was given, or a part of it; where nobody gave it, the operation."""
        said = (self.origins.get("routes") or {}).get(route.id) or {}
        return _nearest(said.get("settings") or {}, setting) or route.origin

    def said(self, route: Route, setting: str) -> Origin | None:
        """Where a setting was given; None where nobody gave it."""
        place = self.place(route, setting)
        return None if place == route.origin else place

    def gateway(self, setting: str) -> Origin | None:
        """Where gateway.yaml says something; None where it does not."""
        return _nearest(self.origins.get("gateway") or {}, setting)

    def shared(self, kind: str, name: str) -> Origin | None:
        """Where a webhook (`webhooks`) or a security scheme of the merged documents was declared."""
        if kind == "webhooks":
            return _origin((self.origins.get("webhooks") or {}).get(name))
        origins = self.plan.scheme_origins
        return next((origin for key, origin in origins.items() if name in (key.partition("/")[2], key.replace("/", ".", 1))), None)


def _nearest(said: Mapping[str, Any], setting: str) -> Origin | None:
    """What says it, a part of it, or what it is a part of."""
    inside = (name for name in said if name.startswith(f"{setting}."))
    outside = (setting[: -len(part)] for part in _endings(setting))
    for name in (setting, *inside, *outside):
        found = _origin(said.get(name))
        if found is not None:
            return found
    return None


def _endings(setting: str) -> list[str]:
    parts = setting.split(".")
    return ["." + ".".join(parts[-count:]) for count in range(1, len(parts))]


def _origin(said: Any) -> Origin | None:
    if not isinstance(said, dict) or not isinstance(said.get("file"), str) or not isinstance(said.get("line"), int):
        return None
    return Origin(file=said["file"], line=said["line"])
