"""What `content` maps say: media types with their schemas (OpenAPI sections "Media Type Object", "Request Body Object")."""

from __future__ import annotations

from specgw.http import parse_media_type
from specgw.openapi.model import MediaTypeEntry, Node, RequestBody
from specgw.openapi.reading import Reading


def read_content(reading: Reading, node: Node) -> tuple[MediaTypeEntry, ...]:
    """The entries of an object's `content`, in the order of the document."""
    entries = []
    for media_range, member in reading.members(node, "content"):
        if parse_media_type(media_range) is None:
            hint = "a media type is like 'application/json', a range like 'text/*' or '*/*'"
            reading.findings.add("invalid-media-type", member, f"'{media_range}' is no media type", hint=hint)
            continue
        entry = reading.object(member, "Media Type")
        if entry is None:
            continue
        encoding = entry.get("encoding")
        if encoding is not None and not isinstance(encoding.value, dict):
            encoding = None
        items = reading.schema(entry, "itemSchema") if reading.has("Media Type", "itemSchema") else None
        entries.append(MediaTypeEntry(entry, media_range, reading.schema(entry), encoding, items))
    return tuple(entries)


def read_request_body(reading: Reading, operation: Node, method: str) -> RequestBody | None:
    """The `requestBody` of an operation; None where there is none."""
    stated = operation.get("requestBody")
    if stated is None or stated.value is None:
        return None
    node = reading.object(stated, "Request Body") if isinstance(stated.value, dict) else None
    if node is None:
        return None
    if method in ("GET", "HEAD", "DELETE", "TRACE"):
        message = f"a {method} request with a body has no defined meaning; the body is checked and passed on"
        hint = "servers and caches may drop it or refuse it (RFC 9110 section 9.3)"
        reading.findings.add("body-without-meaning", stated, message, hint=hint)
    content = read_content(reading, node)
    if node.value.get("content") is None:
        reading.findings.add(
            "missing-field", node, "the request body lacks `content`", hint="add 'content: {application/json: {schema: …}}'"
        )
    elif node.value["content"] == {}:
        message = "`content` is empty: a body of any type is passed on unread"
        reading.findings.add("incomplete", node.at("content"), message, hint="add the media types that the operation takes")
    return RequestBody(node, reading.flag(node, "required"), content)
