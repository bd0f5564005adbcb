r"""Conversations on the wire: a document, raw bytes in, raw bytes out. Each `*.http` file is one test; no code per case.

A file begins with a line or more that say what is to be seen and why, and name the rule: the section of a standard, or the
class of weakness (CWE) that it would be. Then sections:

    === openapi.yaml                    the document; `<upstream>` stands for the scripted service's address. Without this
                                        section it is the pets.yaml beside this file
    === gateway.yaml                    optional
    === profile NAME                    optional: this profile is active
    === portal                          optional: it is published, with one page; its secrets are made of 1d
    === client sends                    raw request; connects first where there is no connection
    === upstream receives               what has to reach the service, every byte of one message
    === upstream receives, connected anew    the same, on a further connection
    === upstream receives head          what has to reach the service of a message whose body is still to come
    === upstream receives part          what has to reach the service of a message that goes on, up to what the section holds
    === upstream sends                  raw response
    === client receives                 what has to come back, every byte of one message
    === client receives part            likewise, of a message that goes on
    === upstream closes | client closes | upstream aborts
    === upstream ends | client ends     the gateway has closed that connection, and nothing more came on it

Lines end with CRLF on the wire, the last one of a section does not; a message without body leaves out the empty line that
ends its head. `\r`, `\n`, `\t`, `\\` and `\xNN` are those bytes. A backslash at the end of a line joins it with the next;
at the end of a section it says that the bytes are no head and get no end. A section may hold `*N` after its name to
repeat its bytes N times. In what is expected `<date>`, `<any>`, `<upstream>` and `<gateway>` stand for what differs from
run to run; ids are made of 1d.

`pytest tests/wire --update-golden` rewrites what is expected with what came; read the difference before you keep it.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvloop
from msgspec.structs import replace

from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.dataplane.site import packed
from specgw.gateway import Gateway, Options
from specgw.settings import DEV_PROFILE
from specgw.telemetry.trace import Identities

FOLDER = Path(__file__).parent
CASES = sorted(FOLDER.rglob("*.http"))
SOURCE = re.compile(r"RFC \d{4}|CWE-\d+|OpenAPI|W3C")
DOCUMENT = (FOLDER / "pets.yaml").read_text()
PATIENCE = 30.0
"""Seconds until a message that does not come is given up; nothing waits for this long when all is well."""

ESCAPED = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"\\": b"\\"}
DATE = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} [A-Z][a-z]{2} 2[0-9]{3} [0-9:]{8} GMT"


@dataclass
class Section:
    """One step of a conversation, or one file of its document."""

    name: str
    text: str
    times: int = 1


def parse(text: str) -> tuple[str, list[Section]]:
    """The words before the first section, and the sections in order."""
    words, *rest = re.split(r"^=== (.+)\n", text, flags=re.MULTILINE)
    sections = []
    for title, body in zip(rest[::2], rest[1::2], strict=True):
        name, star, times = title.strip().partition(" *")
        sections.append(Section(name, body.removesuffix("\n"), int(times) if star else 1))
    return words, sections


def raw(section: Section, upstream: str) -> bytes:
    """The bytes of a message as they go over the wire."""
    text = section.text.replace("<upstream>", upstream)
    if not text.endswith("\\") and "\n\n" not in text:
        text += "\n\n"
    text = (text + "\n" if text.endswith("\\") else text).replace("\\\n", "")
    data = text.replace("\n", "\r\n").encode()
    data = re.sub(rb"\\(?:x([0-9a-f]{2})|([rnt\\]))", lambda it: ESCAPED[it[2]] if it[2] else bytes.fromhex(it[1].decode()), data)
    return data * section.times


def readable(data: bytes, upstream: str, gateway: str) -> str:
    """A message as a section shows it: the inverse of `raw`, with what differs from run to run replaced."""
    text = data.decode("utf-8", "backslashreplace").replace("\\", "\\\\").replace("\t", "\\t")
    text = re.sub(r"\\\\x([0-9a-f]{2})", r"\\x\1", text)
    text = text.replace("\r\n", "\f").replace("\r", "\\r").replace("\n", "\\n").replace("\f", "\n")
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", lambda found: f"\\x{ord(found[0]):02x}", text)
    text = re.sub(DATE, "<date>", text).replace(upstream, "<upstream>").replace(gateway, "<gateway>")
    head, gap, body = text.partition("\n\n")
    return text if body else head if gap else text


async def read_message(reader: asyncio.StreamReader, method: str) -> bytes:
    """One whole message by its framing (RFC 9112 section 6.3), or what came until the end of the connection."""
    head = body = b""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12]) if head.startswith(b"HTTP/1.1 ") else 0
        fields = head.lower()
        if (status and method == "HEAD") or status in (204, 304) or 100 <= status < 200:
            return head
        if b"\r\ntransfer-encoding: chunked" in fields:
            while True:
                size = await reader.readuntil(b"\r\n")
                length = int(size.split(b";")[0], 16)
                if length == 0:
                    trailers = size
                    while (line := await reader.readuntil(b"\r\n")) != b"\r\n":
                        trailers += line
                    return head + body + trailers + b"\r\n"
                body += size + await reader.readexactly(length + 2)
        if found := re.search(rb"\r\ncontent-length: *(\d+)\r\n", fields):
            return head + await reader.readexactly(int(found[1]))
        return head + (await reader.read() if status else b"")
    except asyncio.IncompleteReadError as error:
        return head + body + error.partial


@dataclass
class Peer:
    """One side of the gateway: a connection to it, or from it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class Conversation:
    """Plays a case against a gateway of its own. `sections` holds what came, in the place of what was expected."""

    def __init__(self, sections: list[Section], folder: Path, update: bool) -> None:
        self.sections = sections
        self.folder = folder
        self.update = update
        self.method = "GET"
        self.at = "start"
        self.client: Peer | None = None
        self.service: Peer | None = None
        self.accepted: asyncio.Queue[Peer] = asyncio.Queue()
        self.everyone: list[Peer] = []

    async def play(self) -> None:
        """Everything, from the start of the service to the end of the gateway."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.upstream = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            await self._converse()
        except BaseException as error:
            error.add_note(f"in the step: {self.at}")
            raise
        finally:
            for peer in self.everyone:
                peer.writer.transport.abort()
            server.close()
            await server.wait_closed()

    async def _converse(self) -> None:
        if not any("openapi" in section.text for section in self.sections):
            (self.folder / "openapi.yaml").write_text(DOCUMENT.replace("<upstream>", self.upstream))
        for section in self.sections:
            if section.name.endswith(".yaml"):
                (self.folder / section.name).write_text(section.text.replace("<upstream>", self.upstream))
        profiles = tuple(section.name.removeprefix("profile ") for section in self.sections if section.name.startswith("profile "))
        build = compile_documents(Inputs((self.folder,), profiles=profiles, base=self.folder))
        assert build.plan is not None, [str(finding) for finding in build.findings]
        options = Options(host="127.0.0.1", port=0, admin_enabled=False, dev=DEV_PROFILE in profiles)
        plan = replace(build.plan, edge=replace(build.plan.edge, folder=str(self.folder)))
        gateway = Gateway(plan, options)
        gateway.plane.identities = Identities(lambda size: b"\x1d" * size)
        gateway.plane.access_log.close()
        gateway.bind()
        self.gateway = "{}:{}".format(*gateway.address)
        serving = asyncio.Event()

        gateway.chance = lambda size: b"\x1d" * size

        async def ready() -> None:
            if any(section.name == "portal" for section in self.sections):
                await gateway.publish(packed({"portal/index.html": b"<!doctype html>"}))
            serving.set()

        running = asyncio.create_task(gateway.run(ready))
        running.add_done_callback(lambda _: serving.set())
        try:
            await asyncio.wait_for(serving.wait(), PATIENCE)
            for section in self.sections:
                if not section.name.endswith(".yaml") and not section.name.startswith(("profile ", "portal")):
                    self.at = section.name
                    await asyncio.wait_for(self._step(section), PATIENCE)
            self.at = "the end"
            if self.client is not None:  # a gateway that ends waits a second for the next request of who might send one
                with contextlib.suppress(OSError):
                    self.client.writer.write_eof()
            gateway.stop()
            await asyncio.wait_for(asyncio.shield(running), PATIENCE)
        finally:
            gateway.stop()
            gateway.stop()
            await asyncio.wait_for(running, PATIENCE)
        assert self.accepted.empty(), "the gateway connected to the service once more than the case says"
        for peer in self.everyone:
            assert await asyncio.wait_for(self._rest(peer), PATIENCE) == b"", "more came than the case says"

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = Peer(reader, writer)
        self.everyone.append(peer)
        await self.accepted.put(peer)

    async def _step(self, section: Section) -> None:
        match section.name:
            case "client sends":
                if self.client is None:
                    host, port = self.gateway.split(":")
                    self.client = Peer(*await asyncio.open_connection(host, int(port)))
                    self.everyone.append(self.client)
                data = raw(section, self.upstream)
                self.method = data.partition(b" ")[0].decode("latin-1") if data[:1].isalpha() else self.method
                self.client.writer.write(data)
            case "upstream sends":
                assert self.service is not None
                self.service.writer.write(raw(section, self.upstream))
            case "upstream receives" | "upstream receives head" | "upstream receives part" | "upstream receives, connected anew":
                if self.service is None or section.name.endswith("anew"):
                    self.service = await self.accepted.get()
                await self._expect(section, self.service.reader, "")
            case "client receives" | "client receives part":
                assert self.client is not None
                await self._expect(section, self.client.reader, self.method)
            case "upstream closes" | "upstream aborts" | "upstream ends":
                assert self.service is not None
                await self._end(section, self.service)
                self.service = None
            case "client closes" | "client ends":
                assert self.client is not None
                await self._end(section, self.client)
                self.client = None
            case unknown:
                raise AssertionError(f"no such section: {unknown}")

    async def _end(self, section: Section, peer: Peer) -> None:
        if section.name.endswith("ends"):
            assert await self._rest(peer) == b"", f"more came before: {section.name}"
        if section.name.endswith("aborts"):
            peer.writer.transport.abort()
        peer.writer.close()
        self.everyone.remove(peer)

    async def _rest(self, peer: Peer) -> bytes:
        try:
            return await peer.reader.read()
        except ConnectionError:
            return b""

    async def _expect(self, section: Section, reader: asyncio.StreamReader, method: str) -> None:
        expected = section.text
        if section.name.endswith(" head"):
            data = await reader.readuntil(b"\r\n\r\n")
        elif section.name.endswith(" part"):
            # As many body bytes as the section shows: the message goes on after them.
            data = await reader.readuntil(b"\r\n\r\n")
            data += await reader.readexactly(len(raw(Section("", expected.partition("\n\n")[2] + "\\"), self.upstream)))
        else:
            data = await read_message(reader, method)
        came = readable(data, self.upstream, self.gateway)
        if self.update:
            section.text = came
        elif not re.fullmatch(re.escape(expected).replace("<any>", r"[^\n]*"), came):
            assert came == expected, section.name


@pytest.fixture(autouse=True)
def thaw() -> Iterator[None]:
    """A gateway freezes what it has built out of the collector's sight; a test run builds many."""
    yield
    gc.unfreeze()


def test_there_are_many_conversations_and_no_two_alike() -> None:
    played = [path.read_text().partition("=== ")[2] for path in CASES]
    assert len(CASES) >= 300
    assert len(set(played)) == len(played)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.relative_to(FOLDER).with_suffix("").as_posix())
def test_conversation(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    update = bool(request.config.getoption("--update-golden"))
    words, sections = parse(path.read_text())
    assert SOURCE.search(words), "a case begins with what is to be seen, and names its rule: an RFC's section, or a CWE"
    conversation = Conversation(sections, tmp_path, update)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(conversation.play())
    if update:
        titles = [f"=== {section.name}" + (f" *{section.times}" if section.times > 1 else "") for section in sections]
        texts = [section.text + "\n" if section.text else "" for section in sections]
        path.write_text(words + "".join(f"{title}\n{text}" for title, text in zip(titles, texts, strict=True)))
