"""What the environment says: the only place that reads environment variables for the gateway's own behaviour.

`${NAME}` references in gateway.yaml are another matter: they are resolved when a Plan is activated
(`specgw.plan.references`), and may name any variable.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

DEV_PROFILE = "dev"


def _variable(name: str, meaning: str) -> Mapping[str, str]:
    """What a field says of the environment variable that it is read from: its line in docs/cli.md."""
    return {"variable": name, "meaning": meaning}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Typed settings, from environment variables only. An empty variable counts as one that is not set."""

    gateway_config: Path | None = field(
        default=None,
        metadata=_variable(
            "GATEWAY_CONFIG",
            "Path of the gateway.yaml to use. Where no SPECS are given, its `specs` are what is read.",
        ),
    )
    active_profiles: tuple[str, ...] = field(
        default=(),
        metadata=_variable(
            "ACTIVE_PROFILES",
            "Names, separated by commas: `gateway.NAME.yaml` beside gateway.yaml is merged over it, in this order. "
            "Under the profile `dev` the public listener shows `/metrics` too. `specgw up` sets `dev` where nothing is set.",
        ),
    )
    redis_url: str | None = field(
        default=None,
        metadata=_variable(
            "REDIS_URL",
            "A Redis, in which nodes share the keys of consumers; `state.redis` of gateway.yaml stands before it. Without either, keys "
            "are in a file.",
        ),
    )
    state_home: Path = field(
        default=Path("~/.local/state"),
        metadata=_variable(
            "XDG_STATE_HOME",
            "The folder below which `specgw/keys.sqlite` lies, where gateway.yaml names no `state.path`. Without it: `~/.local/state`.",
        ),
    )
    source_date_epoch: str | None = field(
        default=None,
        metadata=_variable(
            "SOURCE_DATE_EPOCH",
            "Seconds since 1970: the day that `specgw build` writes into the changelog, instead of today (reproducible-builds.org).",
        ),
    )
    no_color: bool = field(
        default=False,
        metadata=_variable(
            "NO_COLOR",
            "With any value: no colour, on a terminal either (no-color.org). Where output is piped there is none anyway.",
        ),
    )

    @property
    def dev(self) -> bool:
        """Whether the development profile is active."""
        return DEV_PROFILE in self.active_profiles


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings that an environment gives; names of profiles are trimmed, empty and repeated ones dropped."""
    config = environ.get("GATEWAY_CONFIG")
    home = environ.get("XDG_STATE_HOME")
    names = (name.strip() for name in environ.get("ACTIVE_PROFILES", "").split(","))
    return Settings(
        gateway_config=Path(config) if config else None,
        active_profiles=tuple(dict.fromkeys(name for name in names if name)),
        redis_url=environ.get("REDIS_URL") or None,
        **({"state_home": Path(home)} if home else {}),
        source_date_epoch=environ.get("SOURCE_DATE_EPOCH") or None,
        no_color=bool(environ.get("NO_COLOR")),
    )


def python_path(environ: Mapping[str, str]) -> str:
    """The PYTHONPATH with which another process imports the package that runs here, and not one beside its own folder."""
    return os.pathsep.join(filter(None, (str(Path(__file__).parents[1]), environ.get("PYTHONPATH"))))


def variables() -> list[tuple[str, str]]:
    """Every environment variable that is read, with its meaning, for the reference page."""
    return [(entry.metadata["variable"], entry.metadata["meaning"]) for entry in fields(Settings)]
