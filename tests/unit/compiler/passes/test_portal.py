from __future__ import annotations

from pathlib import Path

import pytest

from specgw.compiler.build import Build
from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.compiler.passes.portal import LARGEST

API = (
    "openapi: 3.1.0\ninfo: {title: A, version: '1'}\nservers: [{url: 'http://h'}]\n"
    "paths: {/a: {get: {responses: {default: {description: ok}}}}}\n"
)


def made(folder: Path, **files: str) -> Build:
    for name, text in {"api_yaml": API, **files}.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return compile_documents(Inputs((folder,)), environ={})


def names(build: Build) -> list[str]:
    return [guide.name for guide in build.portal.guides]


def test_guides_stand_beside_the_documents(tmp_path: Path) -> None:
    build = made(tmp_path, guides__b_md="# B", guides__a_md="# A", guides__a_txt="no guide", **{"guides__.c_md": "hidden"})
    assert names(build) == ["a", "b"]
    assert build.portal.guides[0].file.endswith("guides/a.md")
    assert [path.name for path in build.portal.files] == ["guides", "a.md", "b.md"]
    assert not any(path.suffix == ".md" for path in build.files), "no document"
    assert names(made(tmp_path / "other")) == []


def test_front_matter_says_which_stands_first_and_is_no_text(tmp_path: Path) -> None:
    front = "---\n# a remark\n\norder: {}\n---\n"
    texts = {"a": "# A", "b": front.format(2) + "# B", "c": front.format(-1) + "# C", "d": "---\n# D"}
    build = made(tmp_path, **{f"guides__{name}_md": text for name, text in texts.items()})
    assert names(build) == ["c", "b", "a", "d"]
    assert [(guide.text, guide.line) for guide in build.portal.guides] == [("# C", 6), ("# B", 6), ("# A", 1), ("---\n# D", 1)]
    assert list(build.findings) == []


def test_gateway_yaml_may_list_them(tmp_path: Path) -> None:
    listed = "gateway: {portal: {guides: [z.md, more, ../elsewhere/a.md]}}"
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.md").write_text("# E", encoding="utf-8")
    build = made(tmp_path / "specs", gateway_yaml=listed, z_md="# Z", more__b_md="# B", more__a_md="# A", guides__y_md="not listed")
    assert names(build) == ["z", "a", "b", "a-2"]
    assert names(made(tmp_path / "specs", gateway_yaml="gateway: {portal: {guides: []}}")) == []


def test_a_guide_is_bounded_and_whatever_bytes_it_has_are_text(tmp_path: Path) -> None:
    made(tmp_path, guides__a_md="x" * (LARGEST + 5))
    (tmp_path / "guides" / "ü b.md").write_bytes(b"\xff# B")
    build = made(tmp_path)
    assert [(guide.name, len(guide.text)) for guide in build.portal.guides] == [("a", LARGEST), ("b", 4)]


def test_looks_come_from_gateway_yaml(tmp_path: Path) -> None:
    logo = '<svg xmlns="http://www.w3.org/2000/svg"/>'
    said = "gateway: {portal: {name: N, logo: l_x.svg, colors: {accent: '#0B6355'}}}".replace("l_x", "l")
    build = made(tmp_path, gateway_yaml=said, l_svg=logo)
    portal = build.portal
    assert (portal.settings.name, portal.settings.accent, portal.logo, portal.logo_suffix) == ("N", "#0b6355", logo.encode(), "svg")
    assert tmp_path / "l.svg" in portal.files
    assert list(build.findings) == []


@pytest.mark.parametrize("name", ["missing.svg", "folder"])
def test_a_logo_that_cannot_be_read_is_left_out(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    build = made(tmp_path, gateway_yaml=f"gateway: {{portal: {{logo: {name}}}}}")
    assert [finding.code for finding in build.findings] == ["unusable-logo"]
    assert build.portal.logo is None
    assert build.plan is not None
