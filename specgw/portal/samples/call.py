"""One call of an operation, made of documented examples, before any language writes it down.

Everything is percent-encoded already where it has to be; secrets are not here, only where they go.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from specgw.http import TOKEN, parse_media_type
from specgw.portal import parameters as places
from specgw.portal.json_text import json_text
from specgw.portal.parameters import encoded
from specgw.portal.references import resolved
from specgw.portal.text import clipped, mapping
from specgw.portal.values import documented, sample

GATEWAY = "GATEWAY"
"""The environment variable that holds the gateway's address where the document does not say it."""
FILE = "FILE"
"""The name that stands for a file whose content the document does not give."""
LONGEST_BODY = 3000
LONGEST_VALUE = 400

_NAME = re.compile(r"\{([^{}]*)\}")
_PART = re.compile(r"[A-Za-z0-9_.\[\]-]+")

Document = Mapping[str, Any]
Object = Mapping[str, Any]
Place = Literal["basic", "digest", "bearer", "header", "query", "cookie", "certificate"]


@dataclass(frozen=True, slots=True)
class Credential:
    """Where a secret goes; `name`: of the header field, cookie or query parameter."""

    place: Place
    name: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """A body: text, a file (`text` is None), or the parts of a multipart form."""

    media_type: str
    text: str | None = None
    value: tuple[Any, ...] = ()
    """What the text is as a JSON value; empty where it is not JSON."""
    parts: tuple[tuple[str, str | None], ...] = ()
    """Name and text of each part; None: a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is sent."""

    method: str
    server: str = ""
    """The address where the document says it; empty: the variable `GATEWAY` holds it."""
    path: str
    query: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    cookies: tuple[str, ...] = ()
    credentials: tuple[Credential, ...] = ()
    content: Content | None = None


def call_of(
    method: str,
    path: str,
    parameters: Sequence[Object],
    body: Object | None,
    schemes: Sequence[Object],
    document: Document,
    server: str,
    made: Callable[[str, Any], Any] = lambda _, draft: draft,
) -> Call:
    """The call of an operation.

    `schemes`: the Security Scheme Objects of one alternative. Required parameters are sent, and others that have an
    example of their own. `server`: an absolute URL, or a path below the gateway's address. `made`: what is sent in a media type
    that has no example, instead of a draft.
    """
    query: list[str] = []
    fields: list[tuple[str, str]] = []
    cookies: list[str] = []
    filled: dict[str, str] = {}
    for parameter in parameters:
        name, location = str(parameter.get("name", "")), parameter.get("in")
        said = "example" in parameter or bool(mapping(parameter.get("examples")))
        if not (location == "path" or parameter.get("required") is True or said):
            continue
        value = _value(parameter, document)
        if location == "path":
            filled[name] = places.in_path(parameter, value)
        elif location == "query":
            query += places.in_query(parameter, value)
        elif location == "querystring" and isinstance(value, dict):
            query += [f"{encoded(key)}={encoded(member)}" for key, member in value.items()]
        elif location == "header" and TOKEN.fullmatch(name):
            fields.append((name, places.in_header(parameter, value)))
        elif location == "cookie" and TOKEN.fullmatch(name):
            cookies.append(f"{name}={encoded(value)}")
    parts = _NAME.split(path)
    text = "".join(filled.get(part, encoded(part)) if number % 2 else _literal(part) for number, part in enumerate(parts))
    base = server.strip("/")
    return Call(
        method=method,
        server=_literal(server.rstrip("/")) if absolute(server) else "",
        path=text if absolute(server) or not base else f"/{_literal(base)}{text}",
        query=tuple(query),
        fields=tuple(fields),
        cookies=tuple(cookies),
        credentials=_credentials(schemes),
        content=None if body is None else _content(body, document, made),
    )


def absolute(server: str) -> bool:
    """Whether the address of a server is whole; others are below the gateway's address."""
    return server.startswith(("http://", "https://"))


def _value(parameter: Object, document: Document) -> Any:
    name = str(parameter.get("name", ""))
    value = _said(parameter, name, document)
    return value if len(json.dumps(value)) <= LONGEST_VALUE else name


def _said(parameter: Object, name: str, document: Document) -> Any:
    found = documented(parameter, document)
    if found:
        return found[0]
    for media in mapping(parameter.get("content")).values():
        inside = documented(mapping(media), document)
        return inside[0] if inside else sample(mapping(media).get("schema"), name, document)
    return sample(parameter.get("schema"), name, document)


def _literal(text: str) -> str:
    return quote(text, safe="/%:@!$&'()*+,;=~?-._", errors="replace")


def _credentials(schemes: Sequence[Object]) -> tuple[Credential, ...]:
    told: list[Credential] = []
    for scheme in schemes:
        kind, name, place = scheme.get("type"), str(scheme.get("name", "")), scheme.get("in")
        authentication = str(scheme.get("scheme", "")).lower() if kind == "http" else ""
        if authentication in ("basic", "digest"):
            told.append(Credential("basic" if authentication == "basic" else "digest"))
        elif kind in ("oauth2", "openIdConnect") or authentication == "bearer":
            told.append(Credential("bearer"))
        elif kind == "apiKey" and place == "query":
            told.append(Credential("query", encoded(name)))
        elif kind == "apiKey" and TOKEN.fullmatch(name):
            told.append(Credential("cookie" if place == "cookie" else "header", name))
        elif kind == "mutualTLS":
            told.append(Credential("certificate"))
    return tuple(told)


def _content(body: Object, document: Document, made: Callable[[str, Any], Any]) -> Content | None:
    content = {name: mapping(media) for name, media in mapping(body.get("content")).items()}
    if not content:
        return None
    name = next((name for name in content if _json(name)), next(iter(content)))
    media = content[name]
    found = documented(media, document)
    if not found and body.get("required") is not True and not _json(name):
        return None
    kind = parse_media_type(name)
    essence = kind.essence if kind is not None else ""
    schema = resolved(media.get("schema"), document)
    value = found[0] if found else made(name, sample(schema, "body", document))
    if essence == "multipart/form-data" and isinstance(value, dict):
        return Content(essence, parts=_parts(value, schema, document))
    sent = " ".join(name.split()) if "*" not in name else "application/octet-stream"
    if _json(name) or essence == "*/*" or (isinstance(value, dict | list) and essence != "application/x-www-form-urlencoded"):
        text = json_text(value)
        sent = sent if _json(name) else "application/json"
        return Content(sent, text, (value,)) if len(text) <= LONGEST_BODY else Content(sent)
    if essence == "application/x-www-form-urlencoded" and isinstance(value, dict):
        text = "&".join(f"{encoded(key)}={encoded(child)}" for key, child in value.items())
    elif found and isinstance(value, str):
        text = value
    else:
        return Content(sent)
    return Content(sent, text if len(text) <= LONGEST_BODY else None)


def _parts(value: Mapping[str, Any], schema: Object, document: Document) -> tuple[tuple[str, str | None], ...]:
    told: list[tuple[str, str | None]] = []
    members = mapping(schema.get("properties"))
    for key, child in value.items():
        if not _PART.fullmatch(key):
            continue
        inside = resolved(members.get(key), document)
        if inside.get("format") == "binary" or "contentMediaType" in inside:
            told.append((key, None))
        else:
            text = child if isinstance(child, str) else json.dumps(child, ensure_ascii=False)
            told.append((key, clipped(text, LONGEST_BODY)))
    return tuple(told)


def _json(name: str) -> bool:
    kind = parse_media_type(name)
    return kind is not None and kind.json
