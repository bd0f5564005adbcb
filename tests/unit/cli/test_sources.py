from __future__ import annotations

import asyncio
import gzip
import json
from pathlib import Path

import pytest

from specgw.cli.sources import Built, Compiled, Reading
from specgw.cli.specs import Documents, Generated, Refused
from specgw.compiler.process import ChildFailed
from specgw.plan.codec import encode
from specgw.plan.model import Edge, Listen, Plan
from specgw.settings import Settings

DOCUMENT = """\
openapi: 3.1.0
info: {title: Notes, version: "1"}
servers: [{url: /relative}]
paths:
  /notes:
    get:
      responses: {"200": {description: Notes.}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("notes.yaml").write_text(DOCUMENT, encoding="utf-8")
    return tmp_path


def source(*, upstream: str | None = None, strict: bool = False) -> Compiled:
    return Compiled(Documents((Path("notes.yaml"),)), Settings(), upstream=upstream, strict=strict)


def test_documents_are_compiled_as_they_are_now() -> None:
    compiled = source(upstream="http://127.0.0.1:9000")
    for name in ("/notes", "/letters"):
        Path("notes.yaml").write_text(DOCUMENT.replace("/notes", name), encoding="utf-8")
        reading = asyncio.run(compiled.read())
        assert reading.plan is not None
        assert [route.path for route in reading.plan.routes] == [name]


def test_findings_come_with_their_lines_and_the_files_that_were_read() -> None:
    reading = asyncio.run(source().read())
    assert [finding.severity for finding in reading.findings] == ["warning"]
    assert reading.excerpt("notes.yaml", reading.findings[0].line) == "servers: [{url: /relative}]"
    assert [file.name for file in reading.files] == ["notes.yaml"]


def test_the_portal_is_that_of_the_documents_that_were_read() -> None:
    compiled = source()

    async def scene() -> dict[str, bytes]:
        return await compiled.portal(await compiled.read())

    files = asyncio.run(scene())
    assert b"/notes" in gzip.decompress(files["portal/index.html"])
    assert json.loads(gzip.decompress(files["openapi.json"]))["paths"].keys() == {"/notes"}


def test_pages_about_other_documents_are_not_taken() -> None:
    compiled = source()

    async def scene() -> None:
        await compiled.portal(reading)

    reading = asyncio.run(compiled.read())
    Path("notes.yaml").write_text(DOCUMENT.replace("/notes", "/letters"), encoding="utf-8")
    with pytest.raises(Refused, match="changed while"):
        asyncio.run(scene())


def test_strict_leaves_no_plan() -> None:
    reading = asyncio.run(source(strict=True).read())
    assert reading.plan is None
    assert [finding.severity for finding in reading.findings] == ["error"]


def test_what_is_watched_are_the_names_that_were_given() -> None:
    documents = Documents((Path("notes.yaml"),), Path("conf/gateway.yaml"))
    assert Compiled(documents, Settings(), upstream=None, strict=False).roots == (Path("notes.yaml"), Path("conf/gateway.yaml"))


def test_a_compiler_that_breaks_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise ChildFailed("compiling took longer than 120 seconds")

    monkeypatch.setattr("specgw.cli.sources.compile_in_child", broken)
    with pytest.raises(Refused, match=r"^compiling took longer"):
        asyncio.run(source().read())


def test_a_built_folder_is_read_again_each_time() -> None:
    built = Built(Generated(Path()))
    assert built.roots == (Path("plan.json"),)
    assert asyncio.run(built.portal(Reading(None))) == {}, "an older build may have none"
    Path("portal").mkdir()
    Path("portal/index.html").write_text("<p>index", encoding="utf-8")
    assert list(asyncio.run(built.portal(Reading(None)))) == ["portal/index.html"]
    for port in (8123, 8124):
        plan = Plan(edge=Edge(listen=Listen(port=port)))
        Path("plan.json").write_bytes(encode(plan))
        assert asyncio.run(built.read()).plan == plan
    Path("plan.json").unlink()
    with pytest.raises(Refused):
        asyncio.run(built.read())
