"""What the portal is told beside the documents: its looks, and guides."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from specgw.xgateway.settings import PortalSettings


@dataclass(frozen=True, slots=True)
class Guide:
    """A Markdown file."""

    name: str
    """The name of its page: that of the file, without its ending."""
    file: str
    """The file as findings name it."""
    text: str
    line: int
    """The line of the file with which the text begins, behind its front matter."""


@dataclass(frozen=True, slots=True)
class Portal:
    """Everything that was read for the portal alone."""

    settings: PortalSettings
    guides: tuple[Guide, ...] = ()
    logo: bytes | None = None
    logo_suffix: str = ""
    files: tuple[Path, ...] = ()
    """What was read, or looked for, folders too: a change to one of them changes the portal."""
