from __future__ import annotations

from pathlib import Path

from specgw.portal.guides import LARGEST, read


def test_guides_stand_beside_the_documents(tmp_path: Path) -> None:
    folder = tmp_path / "guides"
    folder.mkdir()
    (folder / "b.md").write_text("# B")
    (folder / "a b.md").write_bytes(b"# A \xff")
    (folder / "notes.txt").write_text("not one")
    assert read([tmp_path, tmp_path / "openapi.yaml"]) == {"a-b": "# A \ufffd", "b": "# B"}
    assert read([tmp_path / "guides"]) == {}


def test_a_guide_has_an_end(tmp_path: Path) -> None:
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "long.md").write_bytes(b"x" * (LARGEST + 5))
    assert len(read([tmp_path])["long"]) == LARGEST
