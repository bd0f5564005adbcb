"""Examples of bodies and parameters as they are sent: all that are documented, each as its media type writes it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from specgw.http import parse_media_type
from specgw.mock.rendering import rendered
from specgw.plan.sandbox import MockContent, MockKind
from specgw.plan.xml import Xml
from specgw.portal.json_text import json_text, shortened
from specgw.portal.references import resolved
from specgw.portal.text import clipped, line, mapping, paragraphs, sequence, visible

LONGEST = 3_000
"""Characters of one example."""
MOST = 12
"""Examples of one media type."""
_SEQUENCES: Mapping[str, MockKind] = {
    "application/jsonl": "lines",
    "application/x-ndjson": "lines",
    "application/x-jsonlines": "lines",
    "application/json-seq": "sequence",
    "text/event-stream": "events",
}
_BETWEEN = re.compile(r"(?<=>)(?=<)")

# How the merged document, which is of OpenAPI 3.1, carries what only 3.2 can say.
_DATA = "x-specgw-dataValue"
_SERIALISED = "x-specgw-serializedValue"


@dataclass(frozen=True, slots=True)
class Example:
    """One example."""

    name: str
    """Its summary, else its name; empty for one that has neither."""
    description: list[str]
    text: str
    """As it is sent; empty where only `elsewhere` says where it is."""
    whole: bool = True
    """Whether nothing was left out."""
    elsewhere: str = ""
    """An address that the document names (`externalValue`): shown, and never asked for."""
    generated: bool = False
    """Whether it was made from the schema."""


@dataclass(frozen=True, slots=True)
class Said:
    """A documented example before it is written."""

    name: str
    description: list[str]
    value: tuple[Any, ...]
    """One value; empty where only `elsewhere` says where it is."""
    elsewhere: str = ""


def said(holder: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[Said]:
    """The documented examples of a parameter or a media type: its own, else those of its schema."""
    found = list(_own(holder, document))
    schema = resolved(holder.get("schema"), document)
    if found:
        yield from found
    elif "example" in schema:
        yield Said("", [], (schema["example"],))
    else:
        values = sequence(schema.get("examples"))
        for number, value in enumerate(values, 1):
            yield Said(f"Example {number}" if len(values) > 1 else "", [], (value,))


def _own(holder: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[Said]:
    if "example" in holder:
        yield Said("", [], (holder["example"],))
    for key, named in mapping(holder.get("examples")).items():
        example = resolved(named, document)
        value = next(((example[field],) for field in (_SERIALISED, "value", _DATA) if field in example), ())
        elsewhere = line(example.get("externalValue"))
        if value or elsewhere:
            name = visible(line(example.get("summary"), 80) or clipped(key, 80))
            yield Said(name, paragraphs(example.get("description")), value, visible(elsewhere))


def examples(holder: Mapping[str, Any], media_range: str, document: Mapping[str, Any], xml: Xml | None) -> list[Example]:
    """The documented examples of a media type, as they are sent."""
    return [written(each, media_range, xml) for each, _ in zip(said(holder, document), range(MOST), strict=False)]


def written(said: Said, media_range: str, xml: Xml | None, *, generated: bool = False) -> Example:
    """An example as its media type writes it."""
    text, whole = shortened(body(said.value[0], media_range, xml), LONGEST) if said.value else ("", True)
    return Example(said.name, said.description, text, whole, said.elsewhere, generated)


def body(value: Any, media_range: str, xml: Xml | None) -> str:
    """A value as a body of a media type, with line breaks for people where they mean nothing."""
    kind = media_kind(media_range)
    if isinstance(value, str) and (kind not in ("json", "lines", "sequence", "events") or _structured(value)):
        return value
    if kind == "json" or (kind in ("binary", "text") and not isinstance(value, str)):
        return json_text(value)
    text = rendered(value, MockContent(media_range=media_range, media_type=media_range, kind=kind, xml=xml)).decode("utf-8", "replace")
    return _indented(text) if kind == "xml" else text.replace("\r\n", "\n").replace("\x1e", "").rstrip("\n")


def media_kind(media_range: str) -> MockKind:
    """How bodies of a media type are written."""
    media = parse_media_type(media_range)
    if media is None:
        return "binary"
    if media.essence in _SEQUENCES:
        return _SEQUENCES[media.essence]
    if media.json or media.essence in ("*/*", "application/*"):
        return "json"
    if media.xml:
        return "xml"
    forms: dict[str, MockKind] = {"application/x-www-form-urlencoded": "urlencoded", "multipart/form-data": "multipart"}
    return forms.get(media.essence, "text" if media.type == "text" else "binary")


def _structured(text: str) -> bool:
    """Whether a text is the body itself, where a value was asked for (OpenAPI section "Media Type Object")."""
    if text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _indented(text: str) -> str:
    """XML with each element on a line of its own, where the elements beside it are nothing but elements."""
    lines: list[str] = []
    level = 0
    for piece in _BETWEEN.split(text):
        closing = piece.startswith("</")
        level -= closing
        lines.append("  " * max(0, level) + piece)
        opens = piece.startswith("<") and not piece.startswith(("</", "<?", "<!")) and not piece.endswith("/>")
        level += opens and not closing and "</" not in piece
    return "\n".join(lines)
