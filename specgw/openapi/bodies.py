"""What `content` maps say: media types with their schemas (OpenAPI sections "Media Type Object", "Request Body Object")."""

from __future__ import annotations

from specgw.http import parse_media_type
from specgw.openapi.model import MediaTypeEntry, Node, RequestBody
from specgw.openapi.reading import Reading

_SHORT = {
    "*": "*/*",
    "json": "application/json",
    "xml": "application/xml",
    "form-data": "multipart/form-data",
    "x-www-form-urlencoded": "application/x-www-form-urlencoded",
}


def read_content(reading: Reading, node: Node) -> tuple[MediaTypeEntry, ...]:
    """The entries of an object's `content`, in the order of the document."""
    entries = []
    taken = {media_range.strip().lower() for media_range, _ in reading.members(node, "content")}
    for media_range, member in reading.members(node, "content"):
        meant: tuple[str, ...] = (media_range,)
        if parse_media_type(media_range) is None:
            meant = tuple(name for name in names_meant(media_range) if name.lower() not in taken)
            if not meant:
                hint = "a media type is like 'application/json', a range like 'text/*' or '*/*'"
                reading.findings.add("invalid-media-type", member, f"'{media_range}' is no media type", hint=hint)
                continue
            message = f"'{media_range}' is no media type; it is read as {' and '.join(meant)}"
            reading.findings.add("read-as-meant", member, message, hint="each media type is a key of its own")
        entry = reading.object(member, "Media Type")
        if entry is None:
            continue
        encoding = entry.get("encoding")
        if encoding is not None and not isinstance(encoding.value, dict):
            encoding = None
        items = reading.schema(entry, "itemSchema") if reading.has("Media Type", "itemSchema") else None
        entries += [MediaTypeEntry(entry, name, reading.schema(entry), encoding, items) for name in meant]
    return tuple(entries)


def names_meant(written: str) -> tuple[str, ...]:
    """The media types that a text plainly means which is none: several in one, or the short name of one."""
    names = [_SHORT.get(name.strip().lower(), name.strip()) for name in written.split(",")]
    return tuple(dict.fromkeys(names)) if all(parse_media_type(name) is not None for name in names) else ()


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
        # Where something else is said, it is most likely `content` that lost its name or its indentation.
        silent = all(key in ("description", "required") or key.startswith("x-") for key in node.value)
        hint = "add 'content: {application/json: {schema: …}}'"
        reading.findings.add("incomplete" if silent else "missing-field", node, "the request body lacks `content`", hint=hint)
    elif node.value["content"] == {}:
        message = "`content` is empty: a body of any type is passed on unread"
        reading.findings.add("incomplete", node.at("content"), message, hint="add the media types that the operation takes")
    return RequestBody(node, reading.flag(node, "required"), content)
