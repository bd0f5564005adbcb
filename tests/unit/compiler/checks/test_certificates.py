from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.tls.authority import DAY, Authority

API = "paths: {/a: {get: {responses: {default: {description: ok}}}}}"
AUTHORITY = Authority()


def gateway(tls: str, listener: str = "listen") -> dict[str, str]:
    return {"users.yaml": API, "gateway.yaml": f"gateway:\n  {listener}:\n    tls: {tls}\n"}


@pytest.mark.parametrize("listener", ["listen", "admin"])
def test_a_missing_file_is_a_warning_that_shows_the_name_as_written(build: Any, found: Any, listener: str) -> None:
    made = build(gateway("{cert: certs/a.pem, key: certs/a.key}", listener))
    assert found(made) == [("unusable-certificate", "gateway.yaml", 3)]
    (finding,) = made.findings
    assert finding.message == "certs/a.pem: No such file or directory"
    assert made.plan is not None


def test_what_is_right_is_not_mentioned(build: Any, found: Any, tmp_path: Path) -> None:
    AUTHORITY.issue().write(tmp_path, "a")
    AUTHORITY.write(tmp_path / "ca.pem")
    assert found(build(gateway("{cert: a.pem, key: a.key, clientCa: ca.pem}"))) == []
    assert found(build(gateway(f"[{{cert: '{tmp_path}/a.pem', key: a.key}}]"))) == []


def test_each_certificate_of_a_list_has_its_place(build: Any, tmp_path: Path) -> None:
    AUTHORITY.issue().write(tmp_path, "a")
    AUTHORITY.issue(until=-DAY / 2).write(tmp_path, "b")
    made = build(gateway("[{cert: a.pem, key: a.key, clientCa: ca}, {cert: b.pem, key: b.key, clientCa: ca}]"))
    said = [(finding.pointer, finding.message) for finding in made.findings]
    assert said == [
        ("/gateway/listen/tls/0", "ca: No such file or directory"),
        ("/gateway/listen/tls/1", "b.pem: the certificate has expired"),
    ]


def test_names_with_references_are_known_only_where_the_gateway_runs(build: Any, found: Any) -> None:
    assert found(build(gateway("{cert: '${CERT}', key: 'keys/${NAME:-a}.key', clientCa: '${CA}'}"))) == []


def test_without_gateway_yaml_there_is_nothing_to_look_at(build: Any, found: Any) -> None:
    assert found(build(API)) == []
