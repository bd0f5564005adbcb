"""Examples as they are sent: parameters by their style, bodies in their media type."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

import orjson

from specgw.http import parse_media_type
from specgw.openapi.model import Parameter
from specgw.plan.model import Content
from specgw.portal import parameters as places

BOUNDARY = "example"


class Unwritable(Exception):
    """A value that cannot be sent this way; the text says why."""


def in_path(parameter: Parameter, value: Any) -> str:
    """A path parameter's value, percent-encoded."""
    return places.in_path(parameter.node.value, value)


def in_query(parameter: Parameter, value: Any) -> str:
    """The part of a query string that a parameter makes."""
    return "&".join(places.in_query(parameter.node.value, value))


def in_cookie(parameter: Parameter, value: Any) -> str:
    """The part of a Cookie field that a parameter makes: as in a query, between other marks."""
    return "; ".join(places.in_query(parameter.node.value, value))


def in_header(parameter: Parameter, value: Any) -> str:
    """The value of a header field."""
    if parameter.content is not None:
        return json.dumps(value)
    return places.in_header(parameter.node.value, value)


def body(content: Content, value: Any) -> tuple[str, bytes]:
    """Content-Type and bytes of a body or of an answer's content. Raises Unwritable."""
    media = parse_media_type(content.media_range)
    if media is None:
        raise Unwritable(f"{content.media_range} is no media type")
    text = content.media_range
    if "*" in media.essence:
        text = "application/json" if content.kind in ("json", "opaque") else "text/plain"
    if media.json or content.kind == "json" or "*" in media.essence:
        try:
            return text, orjson.dumps(value)
        except (TypeError, ValueError) as error:
            raise Unwritable(f"this is no JSON value: {error}") from None
    if isinstance(value, str):
        return text, value.encode("utf-8", "replace")
    if content.kind == "urlencoded" and isinstance(value, Mapping):
        return text, "&".join(_pairs(content, value)).encode()
    if content.kind == "multipart" and isinstance(value, Mapping):
        return f"{text}; boundary={BOUNDARY}", b"".join(_parts(content, value)) + f"--{BOUNDARY}--\r\n".encode()
    if isinstance(value, bool | int | float):
        return text, json.dumps(value).encode()
    raise Unwritable(f"how a structure becomes {media.essence} is not said by the example")


def _pairs(content: Content, value: Mapping[str, Any]) -> Iterable[str]:
    for name, member in value.items():
        encoding = content.encoding.get(name)
        if encoding is not None and encoding.styled:
            yield from places.in_query({"name": name, "style": encoding.style, "explode": encoding.explode}, member)
        elif isinstance(member, list) and (encoding is None or not encoding.content_types):
            yield from (f"{quote(name, safe='')}={places.encoded(item)}" for item in member)
        else:
            yield f"{quote(name, safe='')}={places.encoded(member)}"


def _parts(content: Content, value: Mapping[str, Any]) -> Iterable[bytes]:
    for name, member in value.items():
        encoding = content.encoding.get(name)
        items = member if isinstance(member, list) else [member]
        for item in items:
            structured = isinstance(item, dict | list)
            kind = next(iter(encoding.content_types), None) if encoding is not None else None
            kind = kind if kind is not None and "*" not in kind else "application/json" if structured else "text/plain"
            head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{quote(name, safe=" []-_.")}"\r\nContent-Type: {kind}\r\n\r\n'
            text = item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
            yield head.encode() + text.encode("utf-8", "replace") + b"\r\n"
