"""JSON as people read it: what is short stands on one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from json.encoder import encode_basestring
from typing import Any

WIDTH = 72
"""Characters of a line up to which an array or an object stays on it."""


_encode = json.JSONEncoder(ensure_ascii=False).encode


def _scalar(value: Any) -> str:
    return encode_basestring(value) if type(value) is str else _encode(value)


def json_text(value: Any, indent: str = "", scalar: Callable[[Any], str] = _scalar) -> str:
    """A value as JSON. Arrays and objects that are too long for a line have each member on a line of its own.

    `scalar` writes names, scalars and empty containers: languages whose literals look like JSON have their own.
    """
    if not isinstance(value, dict | list) or not value:
        return scalar(value)
    deeper = indent + "  "
    if isinstance(value, dict):
        parts = [f"{scalar(str(key))}: {json_text(child, deeper, scalar)}" for key, child in value.items()]
        before, after = "{", "}"
    else:
        parts = [json_text(child, deeper, scalar) for child in value]
        before, after = "[", "]"
    # A member with line breaks is too long itself.
    if sum(map(len, parts)) + 2 * len(parts) + len(indent) <= WIDTH and not any("\n" in part for part in parts):
        return before + ", ".join(parts) + after
    return before + "\n" + ",\n".join(deeper + part for part in parts) + "\n" + indent + after


def shortened(text: str, length: int) -> tuple[str, bool]:
    """The lines that fit into `length` characters, with an ellipsis behind them, and whether that is all."""
    if len(text) <= length:
        return text, True
    end = text.rfind("\n", 0, length)
    return text[: end if end > 0 else length] + "\n…", False
