"""A call with curl, made of documented examples. Every word of a document is quoted: a pasted line runs curl, nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from shlex import quote
from typing import Any
from urllib.parse import quote as percent

from specgw.http import TOKEN, parse_media_type
from specgw.portal import parameters as places
from specgw.portal.json_text import json_text
from specgw.portal.parameters import encoded
from specgw.portal.references import resolved
from specgw.portal.text import clipped, mapping
from specgw.portal.values import documented, sample

GATEWAY = "GATEWAY"
"""The variable of the shell that holds the gateway's address where the document does not say it."""
LONGEST_BODY = 3000
LONGEST_VALUE = 400

_NAME = re.compile(r"\{([^{}]*)\}")
_PART = re.compile(r"[A-Za-z0-9_.\[\]-]+")
_BODY_FILE = "@FILE"

Document = Mapping[str, Any]
Object = Mapping[str, Any]


def curl(
    method: str, path: str, parameters: Sequence[Object], body: Object | None, schemes: Sequence[Object], document: Document, server: str
) -> str:
    """The call as one command on several lines.

    `schemes`: the Security Scheme Objects of one alternative. Required parameters are written, and others that have an
    example of their own. `server`: an absolute URL, or a path below the gateway's address.
    """
    query: list[str] = []
    fields: list[str] = []
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
            fields.append(quote(f"{name}: {places.in_header(parameter, value)}"))
        elif location == "cookie" and TOKEN.fullmatch(name):
            cookies.append(f"{name}={encoded(value)}")
    words = [] if method == "GET" else ["--head"] if method == "HEAD" else [f"--request {method}"]
    secrets, pairs = _credentials(schemes)
    words.append(_url(server, path, filled, [*map(quote, query), *pairs]))
    words += [f"--header {field}" for field in fields] + secrets
    words += [f"--cookie {quote('; '.join(cookies))}"] if cookies else []
    words += _body(body, document) if body is not None else []
    return "curl " + " \\\n  ".join(words)


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


def _url(server: str, path: str, filled: Mapping[str, str], query: Sequence[str]) -> str:
    """The address as words of the shell. Brackets and braces are percent-encoded: curl would read them as patterns."""
    parts = _NAME.split(path)
    text = "".join(filled.get(part, encoded(part)) if number % 2 else _literal(part) for number, part in enumerate(parts))
    if absolute(server):
        address = quote(_literal(server.rstrip("/")) + text)
    else:
        base = server.strip("/")
        address = f'"${GATEWAY}"' + quote((f"/{_literal(base)}" if base else "") + text)
    return address + "".join(f"'{'&' if number else '?'}'{pair}" for number, pair in enumerate(query))


def _literal(text: str) -> str:
    return percent(text, safe="/%:@!$&'()*+,;=~?-._", errors="replace")


def _credentials(schemes: Sequence[Object]) -> tuple[list[str], list[str]]:
    """Options that carry credentials, and pairs for the query; the secrets themselves are variables of the shell."""
    words: list[str] = []
    pairs: list[str] = []
    for scheme in schemes:
        kind, name, place = scheme.get("type"), str(scheme.get("name", "")), scheme.get("in")
        authentication = str(scheme.get("scheme", "")).lower() if kind == "http" else ""
        if authentication == "basic":
            words.append('--user "$USERNAME:$PASSWORD"')
        elif kind in ("oauth2", "openIdConnect") or authentication == "bearer":
            words.append('--header "Authorization: Bearer $TOKEN"')
        elif kind == "apiKey" and place == "query":
            pairs.append(quote(f"{encoded(name)}=") + '"$API_KEY"')
        elif kind == "apiKey" and TOKEN.fullmatch(name):
            words.append((f"--cookie {quote(name + '=')}" if place == "cookie" else f"--header {quote(name + ': ')}") + '"$API_KEY"')
        elif kind == "mutualTLS":
            words.append('--cert "$CERTIFICATE"')
    return words, pairs


def _body(body: Object, document: Document) -> list[str]:
    content = {name: mapping(media) for name, media in mapping(body.get("content")).items()}
    if not content:
        return []
    name = next((name for name in content if _json(name)), next(iter(content)))
    media = content[name]
    found = documented(media, document)
    if not found and body.get("required") is not True and not _json(name):
        return []
    kind = parse_media_type(name)
    essence = kind.essence if kind is not None else ""
    schema = resolved(media.get("schema"), document)
    value = found[0] if found else sample(schema, "body", document)
    if essence == "multipart/form-data" and isinstance(value, dict):
        return _multipart(value, schema, document)
    sent = "application/octet-stream" if "*" in name else name
    if _json(name) or essence == "*/*" or (isinstance(value, dict | list) and essence != "application/x-www-form-urlencoded"):
        sent, text = (name if _json(name) else "application/json"), json_text(value)
    elif essence == "application/x-www-form-urlencoded" and isinstance(value, dict):
        text = "&".join(f"{encoded(key)}={encoded(child)}" for key, child in value.items())
    elif found and isinstance(value, str):
        text = value
    else:
        return [f"--header {_content_type(sent)}", f"--data-binary {_BODY_FILE}"]
    if len(text) > LONGEST_BODY:
        return [f"--header {_content_type(sent)}", f"--data-binary {_BODY_FILE}"]
    return [f"--header {_content_type(sent)}", f"--data-raw {quote(text)}"]


def _multipart(value: Mapping[str, Any], schema: Object, document: Document) -> list[str]:
    words = []
    members = mapping(schema.get("properties"))
    for key, child in value.items():
        if not _PART.fullmatch(key):
            continue
        inside = resolved(members.get(key), document)
        if inside.get("format") == "binary" or "contentMediaType" in inside:
            words.append(f"--form {quote(key + '=' + _BODY_FILE)}")
        else:
            text = child if isinstance(child, str) else json.dumps(child, ensure_ascii=False)
            words.append(f"--form-string {quote(key + '=' + clipped(text, LONGEST_BODY))}")
    return words


def _json(name: str) -> bool:
    kind = parse_media_type(name)
    return kind is not None and kind.json


def _content_type(name: str) -> str:
    return quote("Content-Type: " + " ".join(name.split()))
