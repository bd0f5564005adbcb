"""Findings as SARIF 2.1.0 (OASIS), the form in which code hosts and editors take what a checker found.

Files are named as in every other form, relative to where the command runs, below `%SRCROOT%`. A fingerprint is made of what
a finding says and of what it speaks, and not of its line: it stays the same when something is written above it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from specgw import __version__
from specgw.cli.report import token_end
from specgw.diagnostics import CODES, Code, Diagnostic

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_PAGE = "docs/diagnostics.md"


def sarif_document(findings: Iterable[Diagnostic], excerpt: Callable[[str, int], str]) -> dict[str, Any]:
    """The log of one run. `excerpt`: the text of a line of a document, by label and number from 1."""
    index = {code.code: number for number, code in enumerate(CODES)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "specgw", "version": __version__, "rules": [_rule(code) for code in CODES]}},
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, index, excerpt) for finding in findings],
            }
        ],
    }


def _rule(code: Code) -> dict[str, Any]:
    """An entry of the catalogue. No `helpUri`: it has to be absolute, and the page travels with the project."""
    page = f"{_PAGE}#{code.code}"
    return {
        "id": code.code,
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": code.meaning},
        "help": {"text": f"{code.meaning} See {page}.", "markdown": f"{code.meaning} See [{page}]({page})."},
        "defaultConfiguration": {"level": code.severity.value},
    }


def _result(finding: Diagnostic, index: dict[str, int], excerpt: Callable[[str, int], str]) -> dict[str, Any]:
    line = excerpt(finding.file, finding.line)
    # Section 3.30.8: the end column is the one behind the last character.
    region: dict[str, Any] = {"startLine": finding.line, "startColumn": finding.column}
    if line:
        region |= {"endLine": finding.line, "endColumn": token_end(line, finding.column) + 1, "snippet": {"text": line}}
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(finding.file, safe="/.~-_"), "uriBaseId": "%SRCROOT%"},
            "region": region,
        }
    }
    if finding.pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.pointer, "kind": "member"}]
    said = finding.message if finding.hint is None else f"{finding.message}\n{finding.hint}"
    return {
        "ruleId": finding.code,
        "ruleIndex": index[finding.code],
        "level": finding.severity.value,
        "message": {"text": said},
        "locations": [location],
        "partialFingerprints": {"finding/v1": _fingerprint(finding)},
    }


def _fingerprint(finding: Diagnostic) -> str:
    parts = "\0".join((finding.code, finding.file, finding.pointer, finding.message))
    return hashlib.sha256(parts.encode(errors="replace")).hexdigest()[:32]
