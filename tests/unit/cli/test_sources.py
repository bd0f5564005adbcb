from __future__ import annotations

import asyncio
import gzip
import json
from pathlib import Path

import pytest

from specgw.cli.sources import Built, Compiled, Reading
from specgw.cli.specs import Documents, Generated, Refused
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
        reading.drop()


def test_findings_come_with_their_lines_and_the_files_that_were_read() -> None:
    reading = asyncio.run(source().read())
    assert [finding.severity for finding in reading.findings] == ["warning"]
    assert reading.excerpt("notes.yaml", reading.findings[0].line) == "servers: [{url: /relative}]"
    assert [file.name for file in reading.files] == ["notes.yaml"]
    reading.drop()


def test_the_portal_is_that_of_the_documents_that_were_read() -> None:
    compiled = source()

    async def scene() -> dict[str, bytes]:
        return await compiled.portal(await compiled.read())

    files = asyncio.run(scene())
    assert b"/notes" in gzip.decompress(files["portal/index.html"])
    assert json.loads(gzip.decompress(files["openapi.json"]))["paths"].keys() == {"/notes"}


def test_a_portal_is_about_the_documents_as_they_were_read() -> None:
    compiled = source()
    reading = asyncio.run(compiled.read())
    Path("notes.yaml").write_text(DOCUMENT.replace("/notes", "/letters"), encoding="utf-8")

    async def scene() -> dict[str, bytes]:
        return await compiled.portal(reading)

    assert b"/notes" in gzip.decompress(asyncio.run(scene())["portal/index.html"])


def test_a_reading_that_is_dropped_has_no_process_any_more() -> None:
    reading = asyncio.run(source().read())
    assert reading.child is not None
    reading.drop()
    assert reading.child._child.returncode is not None
    reading.drop()


def test_strict_leaves_no_plan() -> None:
    reading = asyncio.run(source(strict=True).read())
    assert reading.plan is None
    assert [finding.severity for finding in reading.findings] == ["error"]


def test_what_is_watched_are_the_names_that_were_given() -> None:
    documents = Documents((Path("notes.yaml"),), Path("conf/gateway.yaml"))
    assert Compiled(documents, Settings(), upstream=None, strict=False).roots == (Path("notes.yaml"), Path("conf/gateway.yaml"))


def test_a_compiler_that_breaks_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(Refused, match=r"^the compiler ended with 1"):
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
