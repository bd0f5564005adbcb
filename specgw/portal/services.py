"""What the page of a service says beside its operations: who answers for it, where it is, and how callers say who they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from specgw.portal.catalogue import Volume
from specgw.portal.markdown import plain
from specgw.portal.security import Scheme, alternatives
from specgw.portal.text import line, mapping, sequence

LONGEST_PURPOSE = 220


@dataclass(frozen=True, slots=True)
class Link:
    """Where something leads that a document says; `url` is empty for what is no address that a page may lead to."""

    label: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Credential:
    """A way to say who calls, and how many operations of the service take it."""

    scheme: Scheme
    count: int


@dataclass(frozen=True, slots=True)
class Service:
    """A service as its page shows it."""

    purpose: str
    """The first sentence or two of its description, as plain text."""
    links: list[Link]
    """Contact, licence, terms and further documentation."""
    servers: list[str]
    base: str
    """The path that all its operations begin with; empty: none."""
    hosts: list[str]
    credentials: list[Credential]
    public: int
    """How many operations ask for no credentials."""
    deprecated: int


def describe(volume: Volume) -> Service:
    """What is known of a service."""
    document = volume.document
    counts: Counter[str] = Counter()
    schemes: dict[str, Scheme] = {}
    public = 0
    for entry in volume.entries:
        told = alternatives(entry.operation.get("security"), document)
        public += not told or any(not alternative.schemes for alternative in told)
        named = {scheme.name: scheme for alternative in told for scheme in alternative.schemes}
        schemes = {**named, **schemes}
        counts.update(named.keys())
    return Service(
        purpose=purpose(volume.description),
        links=_links(volume.said),
        servers=[line(mapping(server).get("url")) for server in sequence(document.get("servers"))],
        base=_base([entry.path for entry in volume.entries]),
        hosts=sorted({host for entry in volume.entries if entry.route is not None for host in entry.route.hosts}),
        credentials=[Credential(schemes[name], count) for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))],
        public=public,
        deprecated=sum(entry.deprecated for entry in volume.entries),
    )


def purpose(description: list[str]) -> str:
    """What a description begins with: its first paragraph that is prose, without the marks of Markdown."""
    return next((told for part in description if (told := line(plain(part), LONGEST_PURPOSE))), "")


def _links(said: Mapping[str, Any]) -> list[Link]:
    info = mapping(said.get("info"))
    contact, licence, docs = mapping(info.get("contact")), mapping(info.get("license")), mapping(said.get("externalDocs"))
    found = []
    name, url, email = line(contact.get("name")), _url(contact.get("url")), line(contact.get("email"))
    if name or url:
        found.append(Link("Contact", name or url, url))
    if email:
        found.append(Link("Mail", email, _mail(email)))
    if licence:
        text = line(licence.get("name")) or line(licence.get("identifier"))
        found.append(Link("Licence", text or line(licence.get("url")), _url(licence.get("url")) or _spdx(licence.get("identifier"))))
    if line(info.get("termsOfService")):
        terms = _url(info.get("termsOfService"))
        found.append(Link("Terms of service", "Read them" if terms else line(info.get("termsOfService")), terms))
    if line(docs.get("url")):
        found.append(Link("Documentation", line(docs.get("description"), 120) or line(docs.get("url")), _url(docs.get("url"))))
    return [link for link in found if link.text]


def _url(value: Any) -> str:
    """An address that a page may lead to; "" for every other text."""
    text = line(value)
    return text if text.lower().startswith(("http://", "https://")) and "…" not in text else ""


def _mail(text: str) -> str:
    local, mark, host = text.partition("@")
    usual = all(character.isalnum() or character in "._+-@" for character in text)
    return f"mailto:{text}" if local and mark and "." in host and usual else ""


def _spdx(value: Any) -> str:
    text = line(value)
    usual = text and all(character.isalnum() or character in ".+-" for character in text)
    return f"https://spdx.org/licenses/{text}.html" if usual else ""


def _base(paths: list[str]) -> str:
    """The literal segments that all paths begin with, before their last."""
    columns = zip(*(path.split("/")[1:-1] for path in paths), strict=False)
    shared = [column[0] for column in takewhile(lambda column: len(set(column)) == 1 and "{" not in column[0], columns)]
    return "".join(f"/{segment}" for segment in shared if segment)
