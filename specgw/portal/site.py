"""Renders the site: all pages and the style sheet, by path. The same bytes for the same documents."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from specgw.portal.catalogue import Volume, catalogue
from specgw.portal.operation import describe
from specgw.portal.text import printable

MARKS = {
    ".html": b'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="generator" content="specgw portal">\n',
    ".css": b"/* specgw portal */\n",
}
"""How the files of the site begin, by suffix: so they are told from files that somebody else put beside them."""

_HERE = Path(__file__).parent


def render(documents: Mapping[str, Mapping[str, Any]]) -> dict[str, bytes]:
    """The files of the site by path. `documents`: merged documents by file name; they stand in the folder above the site."""
    environment = _environment()
    style = (_HERE / "style.css").read_bytes()
    sheet = f"assets/style.{hashlib.sha256(style).hexdigest()[:16]}.css"
    volumes = catalogue(documents)
    pages = {"index.html": environment.get_template("index.html").render(volumes=volumes, title=_title(volumes), up="", sheet=sheet)}
    template = environment.get_template("operation.html")
    for volume in volumes:
        for group in volume.groups:
            for number, entry in enumerate(group.entries):
                pages[f"operations/{entry.page}"] = template.render(
                    volume=volume,
                    group=group,
                    entry=entry,
                    said=describe(entry, volume.document),
                    before=group.entries[number - 1] if number else None,
                    after=group.entries[number + 1] if number + 1 < len(group.entries) else None,
                    title=f"{entry.title} · {volume.title}",
                    up="../",
                    sheet=sheet,
                )
    return {sheet: style, **{name: printable(page).encode() for name, page in pages.items()}}


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(_HERE / "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["code"] = _code
    return environment


def _code(text: str) -> Markup:
    """Text between tags. Quotes stay, where autoescape would make five characters of each: schemas are full of them."""
    return Markup(escape(text, quote=False))


def _title(volumes: list[Volume]) -> str:
    return volumes[0].title if volumes else "Operations"
