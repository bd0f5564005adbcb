"""Operations of a document that is written in a test, as the sandbox answers them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.http import Headers
from specgw.plan.model import Plan
from specgw.policies.base import Exchange


def planned(folder: Path, paths: dict[str, Any], **more: Any) -> Plan:
    """The Plan of a document with these paths."""
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths, **more}
    (folder / "t.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
    build = compile_documents(Inputs((folder,), base=folder), environ={})
    assert build.plan is not None, [str(finding) for finding in build.findings]
    return build.plan


def exchange(
    method: str = "GET",
    *,
    query: bytes | None = None,
    headers: Headers | None = None,
    path: dict[str, str] | None = None,
    body: bytes | None = None,
) -> Exchange:
    """A request as a policy sees it."""
    made = Exchange()
    made.method = method
    made.path = b"/a"
    made.query = query
    made.headers = headers or []
    made.path_values = path or {}
    made.body = body
    made.holds_body = False
    made.certificate = None
    made.notes = {}
    return made
