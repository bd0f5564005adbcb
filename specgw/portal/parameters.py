"""Writes values into the places of a request as `style` and `explode` say (OpenAPI section "Parameter Object")."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

_DELIMITERS = {"spaceDelimited": "%20", "pipeDelimited": "%7C"}
_STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}


def encoded(value: Any) -> str:
    """A primitive value as percent-encoded text; what is none of these, as JSON."""
    return quote(_text(value), safe="", errors="replace")


def in_path(parameter: Mapping[str, Any], value: Any) -> str:
    """What stands for `{name}` in a path."""
    name, style, explode = _manner(parameter)
    if "content" in parameter:
        return quote(json.dumps(value), safe="")
    key = encoded(name)
    if style == "matrix":
        if isinstance(value, list) and explode:
            return "".join(f";{key}={encoded(item)}" for item in value)
        if isinstance(value, dict) and explode:
            return "".join(f";{encoded(member)}={encoded(child)}" for member, child in value.items())
        return f";{key}={_joined(value, ',', False)}"
    if style == "label":
        return "." + _joined(value, "." if explode else ",", explode)
    return _joined(value, ",", explode)


def in_query(parameter: Mapping[str, Any], value: Any) -> list[str]:
    """The `name=value` pairs of a query parameter."""
    name, style, explode = _manner(parameter)
    key = encoded(name)
    if "content" in parameter:
        return [f"{key}={quote(json.dumps(value), safe='')}"]
    if isinstance(value, dict):
        if style == "deepObject":
            return [f"{key}%5B{encoded(member)}%5D={encoded(child)}" for member, child in value.items()]
        if explode:
            return [f"{encoded(member)}={encoded(child)}" for member, child in value.items()]
    if isinstance(value, list) and explode:
        return [f"{key}={encoded(item)}" for item in value]
    return [f"{key}={_joined(value, _DELIMITERS.get(style, ','), False)}"]


def in_header(parameter: Mapping[str, Any], value: Any) -> str:
    """The value of a header field, on one line and not percent-encoded."""
    _, _, explode = _manner(parameter)
    if isinstance(value, list):
        text = ",".join(_text(item) for item in value)
    elif isinstance(value, dict):
        text = ",".join(f"{member}{'=' if explode else ','}{_text(child)}" for member, child in value.items())
    else:
        text = _text(value)
    return " ".join(text.split())


def _manner(parameter: Mapping[str, Any]) -> tuple[str, str, bool]:
    location = parameter.get("in")
    style = parameter.get("style")
    style = style if isinstance(style, str) else _STYLES.get(location if isinstance(location, str) else "", "simple")
    explode = parameter.get("explode")
    return str(parameter.get("name", "")), style, explode if isinstance(explode, bool) else style in ("form", "deepObject")


def _joined(value: Any, delimiter: str, explode: bool) -> str:
    if isinstance(value, list):
        return delimiter.join(encoded(item) for item in value)
    if isinstance(value, dict):
        between = "=" if explode else delimiter
        return delimiter.join(f"{encoded(member)}{between}{encoded(child)}" for member, child in value.items())
    return encoded(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
