from __future__ import annotations

import os
from pathlib import Path

import pytest

from specgw.diagnostics import Diagnostic, Findings
from specgw.openapi.discover import Sources, closest_file, discover, root_keys
from specgw.openapi.marks import MAX_BYTES

DOCUMENT = "openapi: 3.1.0\n"


def fill(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def found(*paths: Path, base: Path | None = None) -> tuple[Sources, list[str], list[Diagnostic]]:
    findings = Findings()
    sources = discover(paths, findings, base=base)
    return sources, [sources.label(path) for path in sources.documents], list(findings)


def test_documents_of_a_folder(tmp_path: Path) -> None:
    fill(
        tmp_path,
        users_yaml=DOCUMENT,
        sub__products_yml="# comment\n\n---\n'openapi': 3.0.0\n",
        sub__deep__old_json='{"info": {}, "swagger": "2.0"}',
        common_yaml="components: {schemas: {openapi: {type: string}}}\n",
        list_yaml="- openapi: 3.0.0\n",
        text_yaml="|\n openapi: 3\n",
        notes_txt=DOCUMENT,
        gateway_yaml="gateway: {}\n",
        gateway_dev_yaml="gateway: {}\n",
        users_overlay_yaml="overlay: 1.0.0\nopenapi: 3.1.0\n",
    )
    sources, documents, findings = found(tmp_path, base=tmp_path)
    assert documents == ["sub/deep/old.json", "sub/products.yml", "users.yaml"]
    assert sources.gateway == tmp_path / "gateway.yaml"
    assert sources.overlays == (tmp_path / "users.overlay.yaml",)
    assert sources.roots == (tmp_path,)
    assert findings == []


@pytest.mark.parametrize(
    "text",
    [
        "info: {}\nopenapi: 3.1.0\n",
        "info:\n  - openapi: x\npaths: {}\n? openapi\n: 3.1.0\n",
        "  info: {}\n  openapi: 3.1.0\n",
        '{"x": [{"openapi": 1}], "openapi": "3.1.0"}',
        '{info: {}, openapi: 3.1.0}',
        '\ufeffopenapi: 3.1.0\n',
        "x: |\n  text\nopenapi: 3.1.0",
        '{"x": "\\ud83d\\ude00", "openapi": "3.1.0"}',
    ],
)  # fmt: skip
def test_the_key_is_found_wherever_it_stands_at_the_root(tmp_path: Path, text: str) -> None:
    fill(tmp_path, a_yaml=text)
    assert found(tmp_path)[1] != []


@pytest.mark.parametrize(
    "text",
    [
        "x-note: openapi\n",
        "x:\n  openapi: 3.1.0\n",
        "x: |\n  first\n  openapi: 3.1.0\n",
        '{"x": {"openapi": "3.1.0"}}',
        "x: [a, {openapi: 1}]\n",
        "openapi\n",
        "# openapi: 3.1.0\nx: 1\n",
        "? [openapi]\n: x\n",
    ],
)
def test_the_key_elsewhere_makes_no_document(tmp_path: Path, text: str) -> None:
    fill(tmp_path, a_yaml=text)
    assert found(tmp_path)[1] == []


def test_a_document_in_utf_16(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(DOCUMENT.encode("utf-16"))
    assert found(tmp_path)[1] != []


@pytest.mark.parametrize("text", ["x: [\nopenapi: 3.1.0\n", '{\n  "x": [,\n  "openapi": "3.1.0"\n}'])
def test_a_broken_document_is_still_one(tmp_path: Path, text: str) -> None:
    fill(tmp_path, a_yaml=text)
    assert found(tmp_path)[1] != []


def test_broken_files_that_are_no_documents_are_left_alone(tmp_path: Path) -> None:
    fill(tmp_path, a_yaml=DOCUMENT, b_yaml="x: [\n", c_json="{,")
    (tmp_path / "d.yaml").write_bytes(b"note: openapi \xff")
    assert found(tmp_path, base=tmp_path)[1:] == (["a.yaml"], [])


def test_a_document_that_is_not_in_utf_8_is_still_one(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"openapi: 3.1.0\ninfo: {title: Caf\xe9}\n")
    (tmp_path / "b.json").write_bytes(b'{"openapi": "3.1.0", "x": "\xe9"}')
    assert found(tmp_path, base=tmp_path)[1:] == (["a.yaml", "b.json"], [])


def test_a_key_with_other_capitals_is_seen(tmp_path: Path) -> None:
    fill(tmp_path, a_yaml="OpenAPI: 3.1.0\n")
    assert found(tmp_path, base=tmp_path)[1] == ["a.yaml"]


def test_what_is_left_out(tmp_path: Path) -> None:
    fill(
        tmp_path,
        a_yaml=DOCUMENT,
        generated__plan_json="{}",
        generated__findings_json="{}",
        generated__openapi_json='{"openapi": "3.1.0"}',
        generated__mocks__x_json='{"openapi": "3.1.0"}',
    )
    for folder in (".git", "node_modules", "sub/node_modules"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "c.yaml").write_text(DOCUMENT)
    (tmp_path / ".hidden.yaml").write_text(DOCUMENT)
    assert found(tmp_path, base=tmp_path)[1] == ["a.yaml"]


def test_a_named_file_is_a_document_whatever_it_holds(tmp_path: Path) -> None:
    fill(tmp_path, a_txt="x", b_yaml=DOCUMENT)
    sources, documents, findings = found(tmp_path / "a.txt", base=tmp_path)
    assert (documents, findings) == (["a.txt"], [])
    assert sources.roots == (tmp_path,)


def test_gateway_yaml_beside_a_named_file_belongs_to_it(tmp_path: Path) -> None:
    fill(tmp_path, a_yaml=DOCUMENT, gateway_yaml="gateway: {}", b_overlay_yaml="overlay: 1.0.0")
    sources, _, _ = found(tmp_path / "a.yaml")
    assert sources.gateway == tmp_path / "gateway.yaml"
    assert sources.overlays == sources.neighbours == (tmp_path / "b.overlay.yaml",)


def test_gateway_yaml_and_overlays_can_be_named(tmp_path: Path) -> None:
    fill(tmp_path, a__x_yaml=DOCUMENT, b__gateway_yaml="gateway: {}", b__c_overlay_yaml="overlay: 1.0.0")
    sources, documents, findings = found(tmp_path / "a/x.yaml", tmp_path / "b/gateway.yaml", tmp_path / "b/c.overlay.yaml", base=tmp_path)
    assert (documents, sources.gateway, sources.overlays) == (["a/x.yaml"], tmp_path / "b/gateway.yaml", (tmp_path / "b/c.overlay.yaml",))
    assert findings == []


def test_two_gateway_files(tmp_path: Path) -> None:
    fill(tmp_path, a_yaml=DOCUMENT, a__gateway_yaml="gateway: {}", gateway_yaml="gateway: {}")
    sources, _, (finding,) = found(tmp_path, base=tmp_path)
    assert sources.gateway == tmp_path / "gateway.yaml"
    assert (finding.code, finding.file) == ("several-gateway-files", "a/gateway.yaml")


@pytest.mark.parametrize("name", ["gateway_yml", "Gateway_yaml"])
def test_a_file_that_was_meant_to_be_gateway_yaml_is_told(tmp_path: Path, name: str) -> None:
    fill(tmp_path, a_yaml=DOCUMENT, **{name: "gateway: {}\n"})
    sources, documents, findings = found(tmp_path, base=tmp_path)
    assert (sources.gateway, documents) == (None, ["a.yaml"])
    assert [(finding.code, finding.file) for finding in findings] == [("misnamed-gateway-file", name.replace("_", "."))]


def test_a_document_may_be_called_gateway(tmp_path: Path) -> None:
    fill(tmp_path, gateway_yml=DOCUMENT)
    assert found(tmp_path, base=tmp_path)[1:] == (["gateway.yml"], [])


def test_a_file_under_two_names_is_one_document(tmp_path: Path) -> None:
    fill(tmp_path, b_yaml=DOCUMENT)
    (tmp_path / "a.yaml").symlink_to(tmp_path / "b.yaml")
    assert found(tmp_path, tmp_path / "b.yaml", tmp_path, base=tmp_path)[1] == ["a.yaml"]


def test_a_named_link_opens_the_folder_that_it_leads_to(tmp_path: Path) -> None:
    fill(tmp_path, real__a_yaml=DOCUMENT, links__x_txt="")
    (tmp_path / "links" / "a.yaml").symlink_to(tmp_path / "real" / "a.yaml")
    sources, documents, _ = found(tmp_path / "links" / "a.yaml", base=tmp_path)
    assert documents == ["links/a.yaml"]
    assert set(sources.roots) == {tmp_path / "links", tmp_path / "real"}


def test_labels_are_relative_to_the_current_folder_where_everything_is_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, specs__a_yaml=DOCUMENT)
    monkeypatch.chdir(tmp_path)
    assert found(Path("specs"))[1] == ["specs/a.yaml"]
    assert found(Path("."))[1] == ["specs/a.yaml"]


def test_labels_are_relative_to_the_common_ancestor_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, one__specs__a_yaml=DOCUMENT, two__b_yaml=DOCUMENT, cwd__x_txt="")
    monkeypatch.chdir(tmp_path / "cwd")
    assert found(Path("../one/specs"), tmp_path / "two" / "b.yaml")[1] == ["one/specs/a.yaml", "two/b.yaml"]
    assert found(tmp_path / "one" / "specs")[1] == ["specs/a.yaml"]


def test_missing_paths(tmp_path: Path) -> None:
    fill(tmp_path, users_yaml=DOCUMENT)
    (tmp_path / "dangling.yaml").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe.yaml")
    _, documents, findings = found(
        tmp_path / "usres.yaml", tmp_path / "dangling.yaml", tmp_path / "pipe.yaml", tmp_path / "no" / "x.yaml", base=tmp_path
    )
    assert documents == []
    assert [(finding.code, finding.file) for finding in findings] == [
        ("file-not-found", file) for file in ("dangling.yaml", "no/x.yaml", "pipe.yaml", "usres.yaml")
    ]
    assert findings[3].hint == "did you mean 'users.yaml'?"
    assert "link" in findings[0].message


@pytest.mark.parametrize(
    ("missing", "close"),
    [("usres.yaml", "users.yaml"), ("users.yml", "users.yaml"), ("Users", "users.yaml"), ("zebra.yaml", None), ("hidden.yaml", None)],
)
def test_the_closest_file(tmp_path: Path, missing: str, close: str | None) -> None:
    fill(tmp_path, users_yaml="", api_yaml="")
    (tmp_path / ".hidden.yaml").write_text("")
    assert closest_file(tmp_path / missing) == close
    assert closest_file(tmp_path / "none" / missing) is None


def test_pipes_and_dangling_links_in_a_folder_are_left_alone(tmp_path: Path) -> None:
    fill(tmp_path, a_yaml=DOCUMENT)
    (tmp_path / "b.yaml").symlink_to("nowhere")
    (tmp_path / "c.yaml").symlink_to("c.yaml")
    os.mkfifo(tmp_path / "d.yaml")
    assert found(tmp_path, base=tmp_path)[1:] == (["a.yaml"], [])


def test_a_file_that_is_far_too_large_is_a_document_where_it_begins_as_one(tmp_path: Path) -> None:
    fill(tmp_path, a_yaml=DOCUMENT, b_yaml="x: openapi\n")
    for name in ("a.yaml", "b.yaml"):
        os.truncate(tmp_path / name, MAX_BYTES + 1)
    assert found(tmp_path, base=tmp_path)[1] == ["a.yaml"]


def test_nothing_found(tmp_path: Path) -> None:
    fill(tmp_path, x_yaml="a: 1")
    _, _, (finding,) = found(tmp_path, base=tmp_path.parent)
    assert (finding.code, finding.file) == ("no-documents", tmp_path.name)
    _, _, (finding,) = found()
    assert finding.code == "no-documents"


def test_a_build_is_recognised(tmp_path: Path) -> None:
    fill(tmp_path, plan_json="{}", findings_json="{}", openapi_json='{"openapi": "3.1.0"}')
    _, _, (finding,) = found(tmp_path)
    assert finding.code == "no-documents"
    assert "specgw build" in finding.message


def test_root_keys_are_read_no_further_than_asked() -> None:
    keys = root_keys("a: 1\nb: [1, {x: y}]\nc: {z: {}}\nd: [\n")
    assert [next(keys) for _ in range(4)] == ["a", "b", "c", "d"]
    assert list(root_keys("text")) == list(root_keys("- a")) == list(root_keys("")) == []
