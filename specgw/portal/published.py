"""What the portal is made of: documents, the Plan that serves them, and what else there is to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from specgw.changes.history import History
from specgw.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Theme:
    """What gateway.yaml says about the looks."""

    name: str = ""
    """The portal's title; empty: that of the only service."""
    accent: str = ""
    """`#rrggbb`; empty: the colours of the style sheet."""
    accent_dark: str = ""
    """Empty: made of `accent`."""
    logo: bytes | None = None
    logo_suffix: str = ""
    """`svg` or `png`."""


@dataclass(frozen=True, slots=True)
class Guide:
    """A text in Markdown, and where it stands."""

    text: str
    file: str = ""
    line: int = 1
    """The line of the file with which it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Everything that `site.render` reads. What is not there is not shown."""

    documents: Mapping[str, Mapping[str, Any]]
    """Merged documents by file name."""
    plan: Plan = field(default_factory=Plan)
    """What is enforced."""
    services: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What each service says of itself (`info`, `externalDocs`), by the name that routes have; `NAME.VERSION` where it has versions."""
    guides: Mapping[str, Guide] = field(default_factory=dict)
    """By name, in their order."""
    theme: Theme = field(default_factory=Theme)
    renderer: bool = False
    """Whether each service has a page by Swagger UI, too."""
    history: History | None = None
    """What clients noticed from build to build; None: there is no changelog."""
