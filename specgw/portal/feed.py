"""The changelog as Atom feeds (RFC 4287): of all services, and of each one."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from specgw.portal.changelog import Changelog, Log, Told
from specgw.portal.text import printable

MARK = b'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n<generator>specgw portal</generator>\n'
"""How each feed begins."""


def feeds(changelog: Changelog, brand: str) -> Mapping[str, bytes]:
    """The feeds by path; `brand` is what the portal is called, which stands as their author."""
    return {f"{log.file}.atom": _feed(log, changelog.history.id, brand) for log in (changelog.whole(), *changelog.services())}


def _feed(log: Log, history: str, brand: str) -> bytes:
    # RFC 4287 section 4.2.6: an id stays as it is wherever the feed is published, so it is not its address.
    name = f"{history}/{log.name}" if log.name else history
    file = log.file.rpartition("/")[2]
    updated = log.entries[0].date if log.entries else "1970-01-01"
    parts = [
        f"<id>{_text(name)}</id>\n",
        f"<title>{_text(f'{log.title or brand}: changes')}</title>\n",
        f"<updated>{updated}T00:00:00Z</updated>\n",
        f"<author><name>{_text(brand)}</name></author>\n",
        f'<link rel="self" type="application/atom+xml" href="{_text(file)}.atom"/>\n',
        f'<link rel="alternate" type="text/html" href="{_text(file)}.html"/>\n',
        *(_entry(told, name, file, "../" if log.name else "") for told in log.entries),
        "</feed>\n",
    ]
    return MARK + printable("".join(parts)).encode()


def _entry(told: Told, name: str, file: str, up: str) -> str:
    return (
        "<entry>\n"
        f"<id>{_text(name)}/{told.number}</id>\n"
        f"<title>{_text(told.title)}</title>\n"
        f"<updated>{told.date}T00:00:00Z</updated>\n"
        f'<link rel="alternate" type="text/html" href="{_text(file)}.html#{told.anchor}"/>\n'
        # RFC 4287 section 3.1.1.2: of type html, the content is markup that is escaped.
        f'<content type="html">{_text(_content(told, up))}</content>\n'
        "</entry>\n"
    )


def _content(told: Told, up: str) -> str:
    parts = []
    if told.versions:
        parts.append("<ul>")
        for version in told.versions:
            change = " → ".join(_text(said) for said in (version.before, version.after) if said)
            parts.append(f"<li>{_text(version.service)}{' is gone' if not version.after and version.before else ''} {change}</li>")
        parts.append("</ul>")
    for _, label, lines in told.groups:
        parts.append(f"<h3>{label}</h3><ul>")
        for line in lines:
            address = _text(f"{line.method} {line.path}") if line.method else _text(line.service or "The gateway")
            named = f'<a href="{_text(up + line.page)}">{address}</a>' if line.page else address
            parts.append(f"<li>{named}: {_text(line.text)}</li>")
        parts.append("</ul>")
    if told.omitted:
        parts.append(f"<p>{told.omitted} more changes are not listed.</p>")
    return "".join(parts) or "<p>Nothing is told of it.</p>"


def _text(text: str) -> str:
    return escape(text, quote=True)
