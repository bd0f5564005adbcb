from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.openapi.documents import Reading, reading

SCHEMES = """
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    bearer: {type: http, scheme: bearer}
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: /t, scopes: {read: a, x-write: b}}, x-own: {}}}
    shared: {$ref: '#/components/securitySchemes/bearer'}
"""


def secured(folder: Path, operation: str = "", root: str = "", schemes: str = SCHEMES) -> Reading:
    stated = f"security: {operation}, " if operation else ""
    text = f"security: {root}\n" if root else ""
    return reading(folder, f"{text}paths: {{/a: {{get: {{{stated}responses: {{default: {{description: ''}}}}}}}}}}{schemes}")


def in_force(outcome: Reading) -> list[dict[str, tuple[str, ...]]] | None:
    security = outcome.operation.security
    return None if security is None else [dict(requirement.schemes) for requirement in security]


@pytest.mark.parametrize(
    ("operation", "root", "expected"),
    [
        ("", "", None),
        ("", "[]", []),
        ("", "[{key: []}]", [{"key": ()}]),
        ("[]", "[{key: []}]", []),
        ("[{}]", "[{key: []}]", [{}]),
        ("[{bearer: []}, {key: [], oauth: [read, x-write]}]", "[{key: []}]", [{"bearer": ()}, {"key": (), "oauth": ("read", "x-write")}]),
        ("[{shared: []}]", "", [{"shared": ()}]),
    ],
)
def test_what_is_in_force(tmp_path: Path, operation: str, root: str, expected: object) -> None:
    outcome = secured(tmp_path, operation, root)
    assert in_force(outcome) == expected
    assert outcome.found == []


@pytest.mark.parametrize(
    ("operation", "code", "expected"),
    [
        ("[{kee: []}]", "undefined-security-scheme", [{"kee": ()}]),
        ("[{oauth: [raed]}]", "undefined-scope", [{"oauth": ("raed",)}]),
        ("[{key: read}]", "wrong-type", [{"key": ()}]),
        ("[{key: [1]}]", "wrong-type", [{"key": ()}]),
        ("[key]", "wrong-type", [{}]),
        ("{key: []}", "wrong-type", None),
        ("null", "empty-field", None),
        ("[{key: }]", "read-as-meant", [{"key": ()}]),
    ],
)
def test_faults(tmp_path: Path, operation: str, code: str, expected: object) -> None:
    outcome = secured(tmp_path, operation)
    assert outcome.only.code == code
    assert in_force(outcome) == expected


def test_a_misspelt_scheme_has_a_suggestion(tmp_path: Path) -> None:
    assert secured(tmp_path, "[{bearre: []}]").only.hint == "did you mean 'bearer'?"
    assert secured(tmp_path, "[{key: []}]", schemes="\n").only.hint is None


def test_root_requirements_are_checked_without_operations_too(tmp_path: Path) -> None:
    assert reading(tmp_path, "security: [{key: []}]\npaths: {}\n").only.code == "undefined-security-scheme"


@pytest.mark.parametrize(
    ("scheme", "code", "pointer"),
    [
        ("{}", "unusable-security-scheme", ""),
        ("{type: basic}", "unusable-security-scheme", "/type"),
        ("{type: 5}", "unusable-security-scheme", "/type"),
        ("{type: apiKey, name: a}", "unusable-security-scheme", ""),
        ("{type: apiKey, name: a, in: body}", "unusable-security-scheme", "/in"),
        ("{type: http}", "unusable-security-scheme", ""),
        ("{type: oauth2}", "incomplete", ""),
        ("{type: oauth2, flows: }", "incomplete", ""),
        ("{type: }", "unusable-security-scheme", ""),
        ("{type: openIdConnect}", "unusable-security-scheme", ""),
        ("text", "wrong-type", ""),
        ("{type: http, scheem: basic}", "misspelt-field", "/scheem"),
    ],
)
def test_schemes(tmp_path: Path, scheme: str, code: str, pointer: str) -> None:
    outcome = reading(tmp_path, f"paths: {{}}\ncomponents: {{securitySchemes: {{s: {scheme}}}}}\n")
    assert (code, f"/components/securitySchemes/s{pointer}") in [(finding.code, finding.pointer) for finding in outcome.findings]


def test_mutual_tls_needs_nothing_more(tmp_path: Path) -> None:
    assert reading(tmp_path, "paths: {}\ncomponents: {securitySchemes: {s: {type: mutualTLS}}}\n").found == []
