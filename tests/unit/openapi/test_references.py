from __future__ import annotations

from pathlib import Path

import pytest

from specgw.openapi.references import check_references
from tests.unit.openapi.documents import load


def found(folder: Path, text: str, **files: str) -> list[tuple[str, str]]:
    root, library, findings = load(folder, api=text, **files)
    check_references(root, library)
    return [(finding.code, finding.pointer) for finding in findings]


@pytest.mark.parametrize(
    "text",
    [
        "a: {b: {$ref: '#/no'}}\n",
        "components: {schemas: {A: {properties: {x: {$ref: '#/no'}}}}}\n",
        "components: {schemas: {example: {$ref: '#/no'}}}\n",
        "components: {schemas: {A: {properties: {default: {$ref: '#/no'}}}}}\n",
        "components: {examples: {A: {$ref: '#/no'}}}\n",
        "list: [{$ref: '#/list/1'}]\n",
        "list: [{$ref: '#/list/x'}]\n",
        "a: {b: {$ref: missing.yaml}}\n",
    ],
)
def test_broken_references_that_nothing_uses(tmp_path: Path, text: str) -> None:
    ((code, pointer),) = found(tmp_path, text)
    assert code == "broken-reference"
    assert pointer.endswith("/$ref")


@pytest.mark.parametrize(
    "text",
    [
        "a: {$ref: '#/b~1c'}\nb/c: {}\nlist: [{$ref: '#/list/0'}]\n",
        "a: {$ref: '#/%62'}\nb: {}\n",
        # Data, and what is not ours to resolve.
        "a: {example: {$ref: '#/no'}}\n",
        "a: {examples: [{$ref: '#/no'}]}\n",
        "a: {examples: {one: {value: {$ref: '#/no'}}}}\n",
        "a: {default: {$ref: '#/no'}, enum: [{$ref: '#/no'}], const: {$ref: '#/no'}}\n",
        "a: {x-own: {$ref: '#/no'}}\n",
        "a: {$id: 'http://x/', properties: {y: {$ref: '#/$defs/z'}}, $defs: {q: {}}}\n",
        "a: {properties: {$ref: '#/no'}}\n",
        "a: {$ref: 5}\nb: {$ref: '#anchor'}\n",
        "a: {$ref: 'https://json-schema.org/draft/2020-12/schema'}\n",
        "a: {$ref: 'https://x.example/y'}\nb: {$id: 'https://x.example/y'}\n",
        "a: {example: {$ref: missing.yaml}}\n",
    ],
)
def test_what_is_no_broken_reference(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == []


def test_references_from_file_to_file(tmp_path: Path) -> None:
    other = "used: {a: {$ref: '#/no'}, b: {$ref: 'third.yaml'}}\nunused: {$ref: '#/nowhere'}\n"
    text = "a: {$ref: 'sub/other.yaml#/used'}\nb: {$ref: 'sub/other.yaml#/used/b'}\n"
    files = {"sub__other": other, "sub__third": "c: {$ref: ../missing.yaml}\n"}
    root, library, findings = load(tmp_path, api=text, **files)
    check_references(root, library)
    assert [(finding.file, finding.pointer) for finding in findings] == [("sub/other.yaml", "/used/a/$ref"), ("sub/third.yaml", "/c/$ref")]


def test_other_hosts_and_broken_files(tmp_path: Path) -> None:
    assert found(tmp_path, "a: {$ref: 'https://x.example/y'}\n") == [("remote-reference", "/a/$ref")]
    assert found(tmp_path, "a: {$ref: bad.yaml}\n", bad="x: [\n") == [("syntax", "")]


def test_circles_end(tmp_path: Path) -> None:
    assert found(tmp_path, "a: {$ref: other.yaml}\n", other="b: {$ref: api.yaml}\nc: {$ref: other.yaml}\n") == []
