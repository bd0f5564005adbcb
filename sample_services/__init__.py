"""The running example: two small services behind the gateway, written from the same documents that it is compiled from."""

from __future__ import annotations

from pathlib import Path


def specs() -> Path:
    """The folder with the example's documents: beside this package in a wheel, beside the repository's packages otherwise."""
    packaged = Path(__file__).parent / "specs"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "specs"
