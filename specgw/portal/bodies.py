"""Request bodies as a form that people fill in: one text, a file, or one field for each part of a form body."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from specgw.http import TOKEN, parse_media_type
from specgw.mock.rendering import xml_text
from specgw.plan.model import Route
from specgw.plan.xml import Xml
from specgw.portal.catalogue import Document
from specgw.portal.references import resolved
from specgw.portal.schemas import properties
from specgw.portal.text import clipped, mapping, sequence
from specgw.portal.values import documented, sample

LONGEST_EXAMPLE = 20_000
"""Characters of an example that is filled in; longer ones are left out."""
_MOST_EXAMPLES = 20
_MOST_FIELDS = 60
_MOST_OPTIONS = 100
_STYLES = {"query": "form", "cookie": "form"}
_FORMS = {"application/x-www-form-urlencoded": "form", "multipart/form-data": "multipart"}
_LINES = ("jsonl", "ndjson", "json-lines", "jsonlines")


def body(said: Mapping[str, Any], document: Document, route: Route | None) -> dict[str, Any]:
    """A Request Body Object. `route` knows how the gateway reads XML."""
    content = [_media(name, mapping(media), document, route) for name, media in mapping(said.get("content")).items()]
    # What people write most stands first.
    content.sort(key=lambda media: media["kind"] != "json")
    return {"required": said.get("required") is True, "content": content}


def kind(name: str) -> str:
    """How a body of a media type is typed: `json`, `lines`, `xml`, `text`, `form`, `multipart`, `binary`; "" for what is no media type."""
    media = parse_media_type(name)
    if media is None:
        return ""
    if media.json or media.essence == "*/*":
        return "json"
    if media.subtype.removeprefix("x-") in _LINES:
        return "lines"
    if media.essence in _FORMS:
        return _FORMS[media.essence]
    if media.subtype == "xml" or media.subtype.endswith("+xml"):
        return "xml"
    return "text" if media.type == "text" or media.subtype.endswith("yaml") else "binary"


def typed(schema: Mapping[str, Any]) -> str:
    """The type that a value is written as; "" where any would do."""
    types = schema.get("type")
    names = [types] if isinstance(types, str) else [name for name in sequence(types) if isinstance(name, str)]
    return next((name for name in names if name != "null"), "object" if "properties" in schema else "")


def manner(said: Mapping[str, Any], location: str) -> dict[str, Any]:
    """`style`, `explode` and `allowReserved` of a Parameter or Encoding Object, with what holds where it is silent."""
    style, explode = said.get("style"), said.get("explode")
    style = style if isinstance(style, str) else _STYLES.get(location, "simple")
    return {
        "style": style,
        "explode": explode if isinstance(explode, bool) else style in ("form", "deepObject"),
        "allowReserved": said.get("allowReserved") is True,
    }


def options(schema: Mapping[str, Any], document: Document) -> list[str]:
    """The values that can be chosen from, where there are few."""
    found = resolved(schema, document)
    if typed(found) == "boolean":
        return ["true", "false"]
    values = sequence(found.get("enum"))
    return [written(value, "") for value in values if value is not None] if len(values) <= _MOST_OPTIONS else []


def written(value: Any, type_: str) -> str:
    """A value as people type it: of an array one item a line."""
    if type_ == "array" and isinstance(value, list):
        return "\n".join(written(item, "") for item in value)
    return value if isinstance(value, str) and type_ != "object" else json.dumps(value, ensure_ascii=False)


def _media(name: str, said: Mapping[str, Any], document: Document, route: Route | None) -> dict[str, Any]:
    found = kind(name) or "binary"
    told: dict[str, Any] = {"name": name, "kind": found}
    if found == "binary":
        return told | {"examples": []}
    values = list(_examples(said, document))[:_MOST_EXAMPLES]
    fields = list(_fields(said, found, document)) if found in ("form", "multipart") else []
    if fields and len(fields) <= _MOST_FIELDS and all(isinstance(value, dict) for _, value in values):
        shown = [(label, {field["name"]: _filled(value.get(field["name"]), field) for field in fields}) for label, value in values]
        shown = [(label, {name: text for name, text in texts.items() if text}) for label, texts in shown]
        return told | {"fields": fields, "examples": [(label, texts) for label, texts in shown if len(str(texts)) <= LONGEST_EXAMPLE]}
    xml = _xml(name, route) if found == "xml" else None
    texts = [(label, _text(value, found, xml)) for label, value in values]
    return told | {"examples": [(label, text) for label, text in texts if len(text) <= LONGEST_EXAMPLE]}


def _examples(said: Mapping[str, Any], document: Document) -> Iterator[tuple[str, Any]]:
    """Names and values: all that are documented, else one that is made."""
    named = mapping(said.get("examples"))
    if "example" not in said and named:
        for name, value in named.items():
            example = resolved(value, document)
            if "value" in example:
                yield clipped(str(example.get("summary") or name)), example["value"]
        return
    found = documented(said, document)
    yield "Example", found[0] if found else sample(said.get("schema"), "body", document)


def _text(value: Any, found: str, xml: Xml | None) -> str:
    if found == "xml":
        return value if isinstance(value, str) else xml_text(value, xml).replace("><", ">\n<")
    if found == "lines" and isinstance(value, list):
        return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in value)
    return value if isinstance(value, str) and found != "json" else json.dumps(value, ensure_ascii=False, indent=2)


def _xml(name: str, route: Route | None) -> Xml | None:
    """How the gateway reads XML documents of this type."""
    content = () if route is None or route.body is None else route.body.content
    return next((entry.xml for entry in content if entry.media_range == name), None)


def _fields(said: Mapping[str, Any], found: str, document: Document) -> Iterator[dict[str, Any]]:
    """The properties of a form body, each as its schema and Encoding Object say (OpenAPI section "Encoding Object")."""
    encodings = mapping(said.get("encoding"))
    for name, (declared, required) in properties(said.get("schema"), document).items():
        schema = resolved(declared, document)
        if schema.get("readOnly") is True:
            continue
        encoding = mapping(encodings.get(name))
        types = [part.strip() for part in str(encoding.get("contentType") or "").split(",") if parse_media_type(part.strip()) is not None]
        field: dict[str, Any] = {"name": name, "required": required, "type": typed(schema), "options": [], "as": "text", "media": ""}
        if any(key in encoding for key in ("style", "explode", "allowReserved")):
            inner = resolved(schema.get("items"), document) if field["type"] == "array" else schema
            yield field | {"styled": manner(encoding, "query"), "options": options(inner, document)}
            continue
        several = field["type"] == "array" and not any(kind(part) == "json" for part in types)
        inner = resolved(schema.get("items"), document) if several else schema
        field |= {"as": _written_as(inner, found, types), "each": several, "options": options(inner, document)}
        field["media"] = next((part for part in types if "*" not in part), "") if field["as"] != "file" else ""
        if field["as"] == "json" and found == "multipart":
            field["media"] = field["media"] or "application/json"
        if field["as"] == "file":
            field["accept"] = ",".join(types)
        yield field | {"headers": _headers(encoding, document)}


def _written_as(schema: Mapping[str, Any], found: str, types: list[str]) -> str:
    """`text`, `json` or `file`."""
    kinds = [kind(part) for part in types]
    if "json" in kinds or (not kinds and typed(schema) in ("object", "array")):
        return "json"
    if found == "form":
        return "text"
    if kinds:
        return "text" if any(one in ("text", "xml", "lines") for one in kinds) else "file"
    if schema.get("format") == "binary" or ("contentMediaType" in schema and "contentEncoding" not in schema):
        return "file"
    return "text" if schema else "file"


def _headers(encoding: Mapping[str, Any], document: Document) -> list[dict[str, Any]]:
    """Header fields of the part itself; its Content-Type is told otherwise ("Encoding Object", `headers`)."""
    told = []
    for name, value in mapping(encoding.get("headers")).items():
        header = resolved(value, document)
        if TOKEN.fullmatch(name) and name.lower() != "content-type":
            required = header.get("required") is True
            found = documented(header, document)
            example = found[0] if found else sample(header.get("schema"), name, document) if required else ""
            told.append({"name": name, "required": required, "value": clipped(written(example, ""))})
    return told


def _filled(value: Any, field: Mapping[str, Any]) -> str:
    """An example's value in its field; files are chosen by people."""
    if value is None or field["as"] == "file":
        return ""
    if field["as"] == "json":
        return json.dumps(value, ensure_ascii=False, indent=2)
    return written(value, field["type"])
