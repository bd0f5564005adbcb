"""Merges documents that stand in the test itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from specgw.compiler.generated import document_bytes

Merge = Callable[..., dict[str, Any]]


@pytest.fixture
def merge_all(build: Any) -> Callable[..., dict[str, dict[str, Any]]]:
    """All merged documents of what is compiled, by file name; each of them is a valid OpenAPI document."""

    def merge_all(files: str | dict[str, str], **options: Any) -> dict[str, dict[str, Any]]:
        made = build(files, **options)
        assert made.plan is not None, list(made.findings)
        documents = {name: json.loads(document_bytes(document)) for name, document in made.merged.items()}
        for name, document in documents.items():
            faults = [(list(fault.absolute_path), fault.message) for fault in OpenAPIV31SpecValidator(document).iter_errors()]
            assert not faults, (name, faults)
        return documents

    return merge_all


@pytest.fixture
def merge(merge_all: Any) -> Merge:
    """The merged document of what is compiled, where there is only one."""

    def merge(files: str | dict[str, str], **options: Any) -> dict[str, Any]:
        documents = merge_all(files, **options)
        assert list(documents) == ["openapi.json"]
        return documents["openapi.json"]  # type: ignore[no-any-return]

    return merge
