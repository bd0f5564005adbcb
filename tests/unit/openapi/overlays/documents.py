"""Documents made of plain values, for tests that apply overlays to them."""

from __future__ import annotations

import json
from typing import Any

from specgw.diagnostics import Findings
from specgw.openapi.source import SourceDocument, parse


def document(value: Any, name: str = "api.json") -> SourceDocument:
    """A parsed file that holds the value; one line for each key or element, so that places can be told apart."""
    parsed = parse(json.dumps(value, indent=1).encode(), name, Findings())
    assert parsed is not None
    return parsed
