from __future__ import annotations

from pathlib import Path

import pytest

from specgw.diagnostics import Diagnostic, Findings
from specgw.openapi.discover import Sources
from specgw.openapi.library import Library
from specgw.openapi.marks import MAX_BYTES
from specgw.openapi.model import Node
from tests.unit.openapi.documents import load, write


def broken(folder: Path, reference: str, **files: str) -> Diagnostic:
    """The one finding about a reference that stands in api.yaml beside a small components section."""
    components = "components: {schemas: {Pet: {}, 'a/b~c': {}}, responses: {Gone: {}}}\n"
    root, library, findings = load(folder, api=f"use: {{$ref: '{reference}'}}\n{components}", **files)
    assert library.resolve(root.at("use")) is None
    (finding,) = findings
    assert (finding.line, finding.pointer) == (1, "/use/$ref")
    return finding


@pytest.mark.parametrize(
    ("reference", "file", "pointer"),
    [
        ("#/components/x", "api.yaml", "/components/x"),
        ("#/components/a~1b~0c", "api.yaml", "/components/a~1b~0c"),
        ("#/components/%61%2Fb~0c".replace("%2F", "~1"), "api.yaml", "/components/a~1b~0c"),
        ("#/components/%C3%BC%20%25", "api.yaml", "/components/ü %"),
        ("#/list/1", "api.yaml", "/list/1"),
        ("#", "api.yaml", ""),
        ("api.yaml#/list/0", "api.yaml", "/list/0"),
        ("sub/other.yaml", "sub/other.yaml", ""),
        ("./sub/other.yaml#/k", "sub/other.yaml", "/k"),
        ("sub/../sub/other.yaml#/k", "sub/other.yaml", "/k"),
        ("sub/with%20space.yaml", "sub/with space.yaml", ""),
    ],
)
def test_references(tmp_path: Path, reference: str, file: str, pointer: str) -> None:
    text = "components: {x: {}, a/b~c: {}, 'ü %': {}}\nlist: [{}, {}]\n"
    root, library, findings = load(
        tmp_path, api=text + f"use: {{$ref: '{reference}'}}\n", sub__other="k: {}\n", **{"sub__with space": "k: {}\n"}
    )
    found = library.resolve(root.at("use"))
    assert found is not None
    assert (found.file, found.pointer) == (file, pointer)
    assert list(findings) == []


def test_a_reference_is_relative_to_the_file_that_holds_it(tmp_path: Path) -> None:
    root, library, _ = load(tmp_path, api="$ref: a/one.yaml#/x", a__one="x: {$ref: two.yaml}\n", a__two="here: yes\n", two="wrong: yes\n")
    found = library.resolve(root)
    assert found is not None
    assert found.value == {"here": "yes"}


def test_absolute_paths_and_file_uris_stay_within_the_roots(tmp_path: Path) -> None:
    root, library, findings = load(
        tmp_path, api=f"a: {{$ref: '{tmp_path}/other.yaml'}}\nb: {{$ref: 'file://{tmp_path}/other.yaml'}}\n", other="k: v\n"
    )
    for key in ("a", "b"):
        found = library.resolve(root.at(key))
        assert found is not None
        assert found.file == "other.yaml"
    assert list(findings) == []


def test_what_is_no_reference_is_returned_as_it_is(tmp_path: Path) -> None:
    root, library, _ = load(tmp_path, api="a: {b: c}\n")
    assert library.resolve(root.at("a")) == root.at("a")
    assert library.resolve(root.at("a").at("b")) == root.at("a").at("b")


def test_follow_takes_one_step(tmp_path: Path) -> None:
    root, library, _ = load(tmp_path, api="a: {$ref: '#/b'}\nb: {$ref: '#/c'}\nc: {}\n")
    found = library.follow(root.at("a"))
    assert found is not None
    assert found.pointer == "/b"
    found = library.resolve(root.at("a"))
    assert found is not None
    assert found.pointer == "/c"


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("a: {$ref: '#/a'}", "api.yaml#/a → api.yaml#/a"),
        ("a: {$ref: '#/b'}\nb: {$ref: '#/c'}\nc: {$ref: 'api.yaml#/b'}", "api.yaml#/b → api.yaml#/c → api.yaml#/b"),
    ],
)
def test_circles(tmp_path: Path, text: str, chain: str) -> None:
    root, library, findings = load(tmp_path, api=text)
    assert library.resolve(root.at("a")) is None
    (finding,) = findings
    assert (finding.code, finding.pointer) == ("reference-cycle", "/a/$ref")
    assert chain in finding.message


def test_a_long_circle_is_reported_in_short(tmp_path: Path) -> None:
    text = "".join(f"k{number}: {{$ref: '#/k{(number + 1) % 5000}'}}\n" for number in range(5000))
    root, library, findings = load(tmp_path, api=text)
    assert library.resolve(root.at("k0")) is None
    (finding,) = findings
    assert len(finding.message) < 300


@pytest.mark.parametrize("value", ["1", "null", "[x]", "{}"])
def test_a_reference_that_is_no_string(tmp_path: Path, value: str) -> None:
    root, library, findings = load(tmp_path, api=f"a: {{$ref: {value}}}")
    assert library.resolve(root.at("a")) is None
    assert [finding.code for finding in findings] == ["invalid-reference"]


@pytest.mark.parametrize(
    ("reference", "hint"),
    [
        ("#/components/schemas/Pets", "did you mean '#/components/schemas/Pet'?"),
        ("#/components/schema/Pet", "did you mean '#/components/schemas/Pet'?"),
        ("#/definitions/Pet", "did you mean '#/components/schemas/Pet'?"),
        ("#/components/schemas/Gone", "did you mean '#/components/responses/Gone'?"),
        ("#/components/schemas/a~1b~0", "did you mean '#/components/schemas/a~1b~0c'?"),
        ("#components/schemas/Pet", "did you mean '#/components/schemas/Pet'?"),
        ("#/components/schemas/Zebra", "there are: Pet, a/b~c"),
        ("#Pet", "a value is named like '#/components/schemas/NAME'"),
        ("Pet", "did you mean '#/components/schemas/Pet'?"),
        ("othr.yaml", "did you mean 'other.yaml'?"),
        ("other.yaml#/on", "did you mean 'other.yaml#/one'?"),
        ("other.yaml#/list/2", None),
        ("other.yaml#/list/00", None),
        ("other.yaml#/list/-", None),
        ("other.yaml#/ref/x", "a reference stands there: point to what it refers to"),
        ("sub\\\\other.yaml", "the parts of a path are separated by '/'"),
    ],
)
def test_references_that_lead_nowhere(tmp_path: Path, reference: str, hint: str | None) -> None:
    finding = broken(tmp_path, reference, other="one: {}\nlist: [a, b]\nref: {$ref: '#/one'}\n", sub__other="{}\n")
    assert (finding.code, finding.hint) == ("broken-reference", hint)


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("http://example.com/a.yaml", "remote-reference"),
        ("HTTPS://example.com/a.yaml#/x", "remote-reference"),
        ("//example.com/a.yaml", "remote-reference"),
        ("urn:example:a", "invalid-reference"),
        ("file://host/a.yaml", "invalid-reference"),
        ("a%zz.yaml", "invalid-reference"),
        ("#/a%", "invalid-reference"),
        ("#/%FF", "invalid-reference"),
        ("a%00.yaml", "invalid-reference"),
        ("other.yaml?x=1", "invalid-reference"),
    ],
)
def test_references_that_are_not_followed(tmp_path: Path, reference: str, code: str) -> None:
    assert broken(tmp_path, reference, other="{}\n").code == code


@pytest.mark.parametrize("reference", ["../outside.yaml", "../missing.yaml", "/etc/hostname", "sub/../../outside.yaml"])
def test_references_stay_within_the_roots(tmp_path: Path, reference: str) -> None:
    write(tmp_path, outside="secret: yes\n")
    (tmp_path / "root").mkdir()
    finding = broken(tmp_path / "root", reference)
    assert finding.code == "reference-outside"


def test_links_do_not_lead_out_of_the_roots(tmp_path: Path) -> None:
    write(tmp_path, outside="secret: yes\n", far__x="{}\n")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (root / "folder").symlink_to(tmp_path / "far")
    assert broken(root, "link.yaml").code == "reference-outside"
    assert broken(root, "folder/x.yaml").code == "reference-outside"


def test_links_within_the_roots_are_followed_and_name_one_document(tmp_path: Path) -> None:
    write(tmp_path, api="a: {$ref: real.yaml}\nb: {$ref: link.yaml}\n", real="k: v\n")
    (tmp_path / "link.yaml").symlink_to("real.yaml")
    root, library, findings = load(tmp_path)
    first, second = library.resolve(root.at("a")), library.resolve(root.at("b"))
    assert first is not None
    assert second is not None
    assert first.document is second.document
    assert list(findings) == []


def test_a_folder_or_a_huge_file_is_no_document(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with (tmp_path / "huge.yaml").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    root, library, findings = load(tmp_path, api="a: {$ref: folder}\nb: {$ref: huge.yaml}\n")
    assert library.resolve(root.at("a")) is None
    assert library.resolve(root.at("b")) is None
    assert {finding.code for finding in findings} == {"file-not-found", "document-limits"}


def test_a_file_is_read_and_reported_once(tmp_path: Path) -> None:
    root, library, findings = load(tmp_path, api="a: {$ref: bad.yaml}\nb: {$ref: 'bad.yaml#/x'}\n", bad="a: [\n")
    assert library.resolve(root.at("a")) is None
    assert library.resolve(root.at("b")) is None
    assert [(finding.code, finding.file) for finding in findings] == [("syntax", "bad.yaml")]
    assert library.files == (tmp_path / "api.yaml", tmp_path / "bad.yaml")


def test_a_missing_file_that_is_loaded_by_name(tmp_path: Path) -> None:
    findings = Findings()
    assert Library(Sources(tmp_path, (tmp_path,)), findings).load(tmp_path / "no.yaml") is None
    assert [(finding.code, finding.file) for finding in findings] == [("file-not-found", "no.yaml")]


@pytest.mark.parametrize(
    ("stated", "version"),
    [
        ("3.0.3", "3.0"),
        ("3.1.0", "3.1"),
        ("3.1", "3.1"),
        ("'3.0'", "3.0"),
        ("3.0.0-rc1", "3.0"),
        ("3.2.0", "3.2"),
        ("3.3.0", ""),
        ("3.10.0", ""),
        ("31", ""),
        ("[3.1]", ""),
    ],
)
def test_versions(tmp_path: Path, stated: str, version: str) -> None:
    root, _, _ = load(tmp_path, api=f"openapi: {stated}\n")
    assert root.document.version == version


def test_a_target_is_found_from_any_place(tmp_path: Path) -> None:
    root, library, findings = load(tmp_path, api="a: {b: 1}\n")
    found = library.target(root.at("anything"), "#/a/b")
    assert found == Node(root.document, "/a/b", 1)
    assert library.target(root.at("anything"), "#/a/c") is None
    assert [finding.pointer for finding in findings] == ["/anything"]


def test_peek_asks_without_a_finding(tmp_path: Path) -> None:
    root, library, findings = load(tmp_path, api="a: {b: 1}\n")
    found = library.peek(root.document, "#/a")
    assert found is not None
    assert found.value == {"b": 1}
    assert library.peek(root.document, "#/b") is None
    assert library.peek(root.document, "missing.yaml") is None
    assert list(findings) == []


def test_every_reference_out_of_the_roots_is_reported(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    root, library, findings = load(tmp_path / "root", api="a: {$ref: ../x.yaml}\nb: {$ref: ../x.yaml}\n")
    assert library.follow(root.at("a")) is None
    assert library.follow(root.at("b")) is None
    assert [(finding.code, finding.line) for finding in findings] == [("reference-outside", 1), ("reference-outside", 2)]
