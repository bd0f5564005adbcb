"""Renders the site: all pages and assets, by path. The same bytes for the same input."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property, partial
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from specgw.mock import credentials
from specgw.portal import changelog, keys_page, renderer, search, tryit
from specgw.portal.assets import assets, hashed
from specgw.portal.catalogue import Entry, Group, Volume, catalogue
from specgw.portal.changelog import Changelog
from specgw.portal.enforced import access, enforced
from specgw.portal.errors import PAGE as ERRORS
from specgw.portal.errors import place, sections
from specgw.portal.feed import MARK, feeds
from specgw.portal.first import first_call
from specgw.portal.json_text import json_text, shortened
from specgw.portal.lexicon import Lexicon, Term, lexicons
from specgw.portal.looks import Looks
from specgw.portal.machine.downloads import YAML_MARK, Downloads
from specgw.portal.machine.llms import FILE as LLMS
from specgw.portal.machine.llms import llms
from specgw.portal.machine.operation import written
from specgw.portal.machine.schemas import Lists
from specgw.portal.machine.writing import MARK as MARKDOWN
from specgw.portal.making import Maker
from specgw.portal.markdown import guide, prose
from specgw.portal.operation import ROOM, Described, describe
from specgw.portal.published import Guide, Published
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
    ".md": MARKDOWN.encode(),
    ".yaml": YAML_MARK,
    LLMS: b"# ",
    "icon.*.svg": b"<svg",
    "logo.*.svg": b"<svg",
    "logo.*.png": b"\x89PNG",
}
"""How the files of the site begin, by suffix or pattern of names: so they are told from files that somebody else put beside them."""

LONGEST_SCHEMA = 8_000
"""Characters of a schema as JSON."""
PLACES = {"path": "In the path", "query": "In the query", "querystring": "The query", "header": "Header fields", "cookie": "Cookies"}
"""Headings of parameters by place."""

_HERE = Path(__file__).parent


SESSION = b'{"live": false}\n'
"""What session.json says where nobody answers it: these are files, and nobody can sign in."""


def render(published: Published) -> dict[str, bytes]:
    """The files of the site by path. The merged documents stand in the folder above the site."""
    # Most of what is made lives until the end: looking for garbage meanwhile finds none, and takes a fifth of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return Site(published).files()
    finally:
        if collecting:
            gc.enable()


Page = Callable[[], bytes]
"""Makes a page."""


class Site:
    """The site. Its pages are made one by one, when they are asked for."""

    def __init__(self, published: Published) -> None:
        self._published = published
        self.guides: Mapping[str, Guide] = published.guides
        self._volumes = catalogue(published.documents, published.plan, published.services)
        self._words = lexicons(self._volumes)
        self._texts = {name: guide(said.text) for name, said in published.guides.items()}
        self._brand = line(published.theme.name) or _title(self._volumes)
        self._log = None if published.history is None else Changelog(published.history, self._volumes)
        self._maker = Maker(published.plan)
        self._addresses = {(entry.method, entry.path): entry.page for volume in self._volumes for entry in volume.entries}
        self._services = {volume.page: describe_service(volume) for volume in self._volumes}
        self._downloads, self._lists = Downloads(self._volumes), Lists()
        self._told: tuple[Entry, Described] | None = None
        self._environment = _environment()
        found, looks = assets(), Looks.of(published.theme)
        index = self._index()
        place = hashed("search-index.js", index)
        self._assets = {**found.files, **looks.files, place: index, "session.json": SESSION}
        self._shell = {
            "asset": found.path,
            "index": place,
            "icon": looks.logo or found.path("icon.svg"),
            "logo": looks.logo,
            "colours": looks.sheet,
            "brand": self._brand,
            "changelog": self._log is not None,
            "keys": keys_page.PAGE if keys_page.ways(published.plan) else "",
            "volumes": self._volumes,
            "guides": {name: text.title or name for name, text in self._texts.items()},
        }
        self._pages = dict(self._all())

    def names(self) -> Mapping[str, Page]:
        """Every page by its path."""
        return self._pages

    def page(self, name: str) -> bytes:
        """One page."""
        return self._pages[name]()

    def files(self) -> dict[str, bytes]:
        """All files: assets, pages, feeds."""
        made = {name: make() for name, make in self._pages.items()}
        further = feeds(self._log, self._brand) if self._log is not None else {}
        return {**self._assets, **made, **further, **self._rendered, **self._downloads.files()}

    @cached_property
    def _rendered(self) -> Mapping[str, bytes]:
        """What another renderer adds."""
        return renderer.pages(self._volumes, self._written, self._downloads.service) if self._published.renderer else {}

    def _index(self) -> bytes:
        named = [(term.name, term.page) for lexicon in self._words.values() for term in lexicon.terms.values()]
        titles = {name: text.title or name for name, text in self._texts.items()}
        return search.index([*search.entries(self._volumes, named), *search.others(titles)])

    def _written(self, template: str, title: str, up: str = "", **said: Any) -> bytes:
        text = self._environment.get_template(template).render(**self._shell, title=title, up=up, **said)
        return printable(text).encode()

    def _page(self, template: str, title: str, up: str = "", **said: Any) -> Page:
        return lambda: self._written(template, title, up, **said)

    def _all(self) -> Iterator[tuple[str, Page]]:
        log, brand, plan = self._log, self._brand, self._published.plan
        yield (
            "index.html",
            self._page(
                "index.html",
                brand,
                services=self._services,
                first=first_call(self._volumes, plan, credentials.token(0, credentials.granted(plan))),
                texts=self._texts,
                recent=log.recent() if log else [],
            ),
        )
        yield "404.html", self._page("404.html", f"Not found · {brand}", "./")
        yield ERRORS, self._page("errors.html", f"Problems · {brand}", sections=sections())
        if self._shell["keys"]:
            sent, example, schemes = keys_page.ways(plan), keys_page.example(plan), json_text(keys_page.schemes(plan))
            yield keys_page.PAGE, self._page("keys.html", f"Keys · {brand}", sent=sent, example=example, schemes=schemes)
        yield LLMS, self._llms
        for name, text in self._texts.items():
            heading = text.title or name
            yield f"guides/{name}.html", self._page("guide.html", f"{heading} · {brand}", "../", text=text, heading=heading, name=name)
        for volume in self._volumes:
            yield from self._of_service(volume)
        for lexicon in self._words.values():
            for term in lexicon.terms.values():
                yield f"schemas/{term.page}", partial(self._schema, lexicon, term)
        if log is not None:
            yield from changelog.pages(log, self._page).items()

    def _of_service(self, volume: Volume) -> Iterator[tuple[str, Page]]:
        title = f"{volume.title} · {self._brand}" if volume.title != self._brand else self._brand
        changes = self._log.page_of(volume.name) if self._log else None
        rendered = renderer.place(volume) if self._published.renderer else None
        said = {"volume": volume, "service": self._services[volume.page], "changes": changes, "rendered": rendered}
        said |= {"download": self._downloads.service(volume), "merged": self._downloads.merged(volume)}
        yield volume.page, self._page("service.html", title, "../", **said)
        if rendered is not None:
            yield rendered, lambda: self._rendered[rendered]
        for group in volume.groups:
            if group.page != volume.page:
                yield group.page, self._page("tag.html", f"{group.name} · {volume.title}", "../", volume=volume, group=group)
            for number, entry in enumerate(group.entries):
                yield f"operations/{entry.page}", partial(self._operation, volume, group, number, entry)
                yield f"operations/{entry.sheet}", partial(self._sheet, volume, entry)

    def _described(self, volume: Volume, entry: Entry) -> Described:
        """What there is to say; for the page and its Markdown only once."""
        if self._told is None or self._told[0] is not entry:
            self._told = entry, describe(entry, self._words[volume.file], self._maker)
        return self._told[1]

    def _enforced(self, entry: Entry) -> dict[str, Any]:
        """What the gateway does, and what is told of its end."""
        route, plan = entry.route, self._published.plan
        return {
            "retired": retirement(entry, lambda method, path: self._addresses.get((method, path), "")),
            "access": [] if route is None else access(route, plan),
            "enforced": [] if route is None else enforced(route, plan),
        }

    def _operation(self, volume: Volume, group: Group, number: int, entry: Entry) -> bytes:
        return self._written(
            "operation.html",
            f"{entry.title} · {volume.title}",
            "../",
            volume=volume,
            group=group,
            entry=entry,
            said=self._described(volume, entry),
            places=PLACES,
            download=self._downloads.service(volume),
            form=Markup(tryit.embedded(tryit.form(entry, volume.document, self._published.plan, entry.route))),
            changed=self._log.of(entry.method, entry.path) if self._log else [],
            problems=place,
            near=group.near(number),
            before=group.entries[number - 1] if number else None,
            after=group.entries[number + 1] if number + 1 < len(group.entries) else None,
            **self._enforced(entry),
        )

    def _sheet(self, volume: Volume, entry: Entry) -> bytes:
        download = f"../{self._downloads.merged(volume)}.json"
        return written(entry, volume, self._described(volume, entry), self._lists, download=download, **self._enforced(entry))

    def _llms(self) -> bytes:
        titles = {name: text.title or name for name, text in self._texts.items()}
        return llms(self._brand, self._volumes, titles, self._downloads, changelog=self._log is not None)

    def _schema(self, lexicon: Lexicon, term: Term) -> bytes:
        tree = Trees(lexicon.places, f"../../{lexicon.file}", 2 * ROOM).tree(term.row.members)
        text, whole = shortened(json_text(term.schema), LONGEST_SCHEMA)
        return self._written("schema.html", term.row.name, "../", file=lexicon.file, term=term, tree=tree, text=text, whole=whole)


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
    """What a portal is called that nobody named."""
    return volumes[0].title if len(volumes) == 1 else "Developer portal"
