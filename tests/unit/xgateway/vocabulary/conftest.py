from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from specgw.diagnostics import Findings
from specgw.openapi.source import parse
from specgw.xgateway.vocabulary.part import Part

Reader = Callable[[type[Part], str], Any]


@pytest.fixture
def read() -> Reader:
    """Reads YAML text with a model: the part, or the sorted `path: phrase` of everything that is wrong."""

    def reader(model: type[Part], text: str) -> Any:
        document = parse(text.encode(), "a.yaml", Findings())
        assert document is not None
        try:
            return model.model_validate(document.value)
        except ValidationError as error:
            return sorted(
                ".".join(map(str, detail["loc"])) + ": " + detail.get("ctx", {}).get("phrase", detail["type"]) for detail in error.errors()
            )

    return reader
