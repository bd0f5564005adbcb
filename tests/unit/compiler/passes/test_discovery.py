from __future__ import annotations

from pathlib import Path

from specgw.compiler.inputs import Inputs
from specgw.compiler.passes.discovery import begin
from specgw.diagnostics import Findings

DOCUMENT = "openapi: 3.1.0\ninfo: {title: Users, version: '1'}\npaths: {}\n"


def labels(draft: object) -> list[str]:
    return [path.name for path in draft.sources.documents]  # type: ignore[attr-defined]


def test_gateway_yaml_is_found_beside_the_documents(tmp_path: Path) -> None:
    (tmp_path / "users.yaml").write_text(DOCUMENT)
    (tmp_path / "gateway.yaml").write_text("gateway: {listen: {port: 9000}}")
    findings = Findings()
    draft = begin(Inputs((tmp_path,)), {}, findings)
    assert labels(draft) == ["users.yaml"]
    assert draft.edge.listen.port == 9000
    assert list(findings) == []


def test_a_gateway_yaml_that_is_named_counts(tmp_path: Path) -> None:
    documents, elsewhere = tmp_path / "specs", tmp_path / "config"
    documents.mkdir()
    elsewhere.mkdir()
    (documents / "users.yaml").write_text(DOCUMENT)
    (documents / "gateway.yaml").write_text("gateway: {listen: {port: 9000}}")
    (elsewhere / "edge.yaml").write_text("gateway: {listen: {port: 9001}}")
    findings = Findings()
    draft = begin(Inputs((documents,), gateway=elsewhere / "edge.yaml"), {}, findings)
    assert draft.edge.listen.port == 9001
    assert list(findings) == []


def test_gateway_yaml_names_the_documents(tmp_path: Path) -> None:
    (tmp_path / "apis").mkdir()
    (tmp_path / "apis" / "users.yaml").write_text(DOCUMENT)
    (tmp_path / "other.yaml").write_text(DOCUMENT)
    gateway = tmp_path / "gateway.yaml"
    gateway.write_text("gateway: {specs: ['${APIS}']}")
    findings = Findings()
    draft = begin(Inputs((), gateway=gateway, base=tmp_path), {"APIS": "apis"}, findings)
    assert labels(draft) == ["users.yaml"]
    assert {path.name for path in draft.library.files} == {"gateway.yaml"}
    assert list(findings) == []


def test_without_specs_the_documents_stand_beside_gateway_yaml(tmp_path: Path) -> None:
    (tmp_path / "users.yaml").write_text(DOCUMENT)
    (tmp_path / "gateway.yaml").write_text("gateway: {listen: {port: 9000}}")
    draft = begin(Inputs((), gateway=tmp_path / "gateway.yaml"), {}, Findings())
    assert labels(draft) == ["users.yaml"]


def test_a_gateway_yaml_that_cannot_be_read_hides_no_further_findings(tmp_path: Path) -> None:
    (tmp_path / "gateway.yaml").write_text("gateway: [")
    findings = Findings()
    draft = begin(Inputs((), gateway=tmp_path / "gateway.yaml"), {}, findings)
    assert labels(draft) == []
    assert [finding.code for finding in findings] == ["syntax"]


def test_profiles_are_merged_over_it(tmp_path: Path) -> None:
    (tmp_path / "users.yaml").write_text(DOCUMENT)
    (tmp_path / "gateway.yaml").write_text("gateway: {listen: {port: 9000}}")
    (tmp_path / "gateway.dev.yaml").write_text("gateway: {listen: {port: 9002}}")
    draft = begin(Inputs((tmp_path,), profiles=("dev",)), {}, Findings())
    assert draft.edge.listen.port == 9002
    assert {path.name for path in draft.library.files} == {"gateway.yaml", "gateway.dev.yaml"}


def test_overlays_are_ready_before_a_document_is_read(tmp_path: Path) -> None:
    (tmp_path / "users.yaml").write_text(DOCUMENT)
    (tmp_path / "users.overlay.yaml").write_text(
        'overlay: 1.0.0\ninfo: {title: O, version: "1"}\nactions: [{target: $.info, update: {title: Other}}]\n'
    )
    findings = Findings()
    draft = begin(Inputs((tmp_path,), base=tmp_path), {}, findings)
    assert list(findings) == []
    document = draft.library.load(tmp_path / "users.yaml")
    assert document is not None
    assert document.value["info"]["title"] == "Other"
