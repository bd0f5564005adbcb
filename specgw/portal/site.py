"""Renders the site: all pages and assets, by path. The same bytes for the same input."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from specgw.mock import credentials
from specgw.portal import changelog, renderer, search, tryit
from specgw.portal.assets import assets, hashed
from specgw.portal.catalogue import Volume, catalogue
from specgw.portal.changelog import Changelog
from specgw.portal.enforced import access, enforced
from specgw.portal.errors import PAGE as ERRORS
from specgw.portal.errors import place, sections
from specgw.portal.feed import MARK, feeds
from specgw.portal.first import first_call
from specgw.portal.json_text import json_text, shortened
from specgw.portal.lexicon import Lexicon, lexicons
from specgw.portal.making import Maker
from specgw.portal.markdown import guide, prose
from specgw.portal.operation import ROOM, describe
from specgw.portal.published import Published
from specgw.portal.retirement import retirement
from specgw.portal.schema_html import Trees, label, said
from specgw.portal.services import describe as describe_service
from specgw.portal.text import line, printable, visible

MARKS: dict[str, bytes | tuple[bytes, ...]] = {
    ".html": b'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="generator" content="specgw portal">\n',
    ".css": b"/* specgw portal */\n",
    ".js": b"/* specgw portal */\n",
    ".atom": MARK,
    ".json": (b'{"live": ', b'{"openapi":'),
    ".txt": renderer.LICENCES_MARK,
    ".svg": b"<svg ",
}
"""How the files of the site begin, by suffix: so they are told from files that somebody else put beside them."""

LONGEST_SCHEMA = 8_000
"""Characters of a schema as JSON."""
PLACES = {"path": "In the path", "query": "In the query", "querystring": "The query", "header": "Header fields", "cookie": "Cookies"}
"""Headings of parameters by place."""

_HERE = Path(__file__).parent


SESSION = b'{"live": false}\n'
"""What session.json says where nobody answers it: these are files, and nobody can sign in."""


def render(published: Published) -> dict[str, bytes]:
    """The files of the site by path. The merged documents stand in the folder above the site."""
    environment = _environment()
    found = assets()
    volumes = catalogue(published.documents, published.plan, published.services)
    words = lexicons(volumes)
    maker = Maker(published.plan)
    guides = {name: guide(text) for name, text in published.guides.items()}
    brand = line(published.theme.name) or _title(volumes)
    log = None if published.history is None else Changelog(published.history, volumes)
    named = [(term.name, term.page) for lexicon in words.values() for term in lexicon.terms.values()]
    rows = search.index([*search.entries(volumes, named), *search.others({name: text.title or name for name, text in guides.items()})])
    index = hashed("search-index.js", rows)

    shell = {
        "asset": found.path,
        "index": index,
        "icon": found.path("icon.svg"),
        "logo": "",
        "colours": "",
        "brand": brand,
        "changelog": log is not None,
        "volumes": volumes,
        "guides": {name: text.title or name for name, text in guides.items()},
    }

    def page(template: str, title: str, up: str = "", **said: Any) -> bytes:
        text = environment.get_template(template).render(**shell, title=title, up=up, **said)
        return printable(text).encode()

    by_address = {(entry.method, entry.path): entry.page for volume in volumes for entry in volume.entries}
    services = {volume.page: describe_service(volume) for volume in volumes}
    pages = {
        "index.html": page(
            "index.html",
            brand,
            services=services,
            first=first_call(volumes, published.plan, credentials.token(0, credentials.granted(published.plan))),
            texts=guides,
            recent=log.recent() if log else [],
        ),
        "404.html": page("404.html", f"Not found · {brand}", "./"),
        ERRORS: page("errors.html", f"Problems · {brand}", sections=sections()),
    }
    for name, text in guides.items():
        heading = text.title or name
        pages[f"guides/{name}.html"] = page("guide.html", f"{heading} · {brand}", "../", text=text, heading=heading, name=name)
    for volume in volumes:
        changes = log.page_of(volume.name) if log else None
        title = f"{volume.title} · {brand}" if volume.title != brand else brand
        rendered = renderer.place(volume) if published.renderer else None
        pages[volume.page] = page(
            "service.html", title, "../", volume=volume, service=services[volume.page], changes=changes, rendered=rendered
        )
        for group in volume.groups:
            if group.page != volume.page:
                pages[group.page] = page("tag.html", f"{group.name} · {volume.title}", "../", volume=volume, group=group)
            for number, entry in enumerate(group.entries):
                pages[f"operations/{entry.page}"] = page(
                    "operation.html",
                    f"{entry.title} · {volume.title}",
                    "../",
                    volume=volume,
                    group=group,
                    entry=entry,
                    said=describe(entry, words[volume.file], maker),
                    places=PLACES,
                    retired=retirement(entry, lambda method, path: by_address.get((method, path), "")),
                    keys="",
                    access=[] if entry.route is None else access(entry.route, published.plan),
                    form=Markup(tryit.embedded(tryit.form(entry, volume.document, published.plan, entry.route))),
                    changed=log.of(entry.method, entry.path) if log else [],
                    enforced=[] if entry.route is None else enforced(entry.route, published.plan),
                    problems=place,
                    near=group.near(number),
                    before=group.entries[number - 1] if number else None,
                    after=group.entries[number + 1] if number + 1 < len(group.entries) else None,
                )
    for lexicon in words.values():
        pages |= _schemas(lexicon, page)
    if published.renderer:
        pages |= renderer.pages(volumes, page)
    if log is not None:
        pages |= {**changelog.pages(log, page), **feeds(log, brand)}
    return {**found.files, index: rows, "session.json": SESSION, **pages}


def _schemas(lexicon: Lexicon, page: Callable[..., bytes]) -> dict[str, bytes]:
    """The pages of the named schemas of a document."""
    made = {}
    for term in lexicon.terms.values():
        tree = Trees(lexicon.places, f"../../{lexicon.file}", 2 * ROOM).tree(term.row.members)
        text, whole = shortened(json_text(term.schema), LONGEST_SCHEMA)
        made[f"schemas/{term.page}"] = page(
            "schema.html", term.row.name, "../", file=lexicon.file, term=term, tree=tree, text=text, whole=whole
        )
    return made


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(_HERE / "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["code"] = _code
    environment.filters["label"] = lambda row: Markup(label(row))
    environment.filters["said"] = said
    environment.filters["prose"] = _prose
    return environment


def _prose(paragraphs: list[str], level: int = 0, prefix: str = "about") -> Markup:
    return prose("\n\n".join(paragraphs), level, prefix)


def _code(text: str) -> Markup:
    """Text between tags. Quotes stay, where autoescape would make five characters of each: schemas are full of them."""
    return Markup(escape(visible(text), quote=False))


def _title(volumes: list[Volume]) -> str:
    return volumes[0].title if volumes else "Operations"
