"""Documents of one operation, compiled with every schema."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from specgw.compiler.build import Build
from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs

Compile = Callable[..., Build]


@pytest.fixture
def compiled(tmp_path: Path) -> Compile:
    """A function from an operation (POST on a path) and components to what the compiler makes of them."""

    def compile_(operation: dict[str, Any], path: str = "/notes", components: dict[str, Any] | None = None) -> Build:
        whole = {"responses": {"200": {"description": "ok"}}, **operation}
        document = {
            "openapi": "3.1.0",
            "info": {"title": "Notes", "version": "1"},
            "servers": [{"url": "http://127.0.0.1:9000"}],
            "paths": {path: {"post": whole}},
            "components": components or {},
        }
        (tmp_path / "notes.json").write_text(json.dumps(document))
        return compile_documents(Inputs((tmp_path,), thorough=True))

    return compile_
