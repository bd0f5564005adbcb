"""HTTPS with real clients: protocol versions, names, client certificates, renewals under load, and what is no TLS at all."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from specgw.plan.model import KeyPair, Limits, Tls
from tests.scenarios.process import running, service, specgw
from tests.unit.dataplane import stage as staging
from tests.unit.dataplane import test_listener, test_passage
from tests.unit.dataplane.stage import LOOPS, OK, PATIENCE, Client, Secure, Stage, answering, play, route, stage
from tests.unit.tls.authority import Authority

AUTHORITY = Authority()
GET = b"GET /things HTTP/1.1\r\nHost: x\r\n\r\n"
ROTATIONS, BUSY, IDLE = 50, 8, 20
VERSIONS = ssl.TLSVersion


@pytest.fixture
def secure(tmp_path: Path) -> Secure:
    AUTHORITY.issue("a.example").write(tmp_path, "a")
    AUTHORITY.issue("*.b.example").write(tmp_path, "b")
    pairs = tuple(KeyPair(cert=f"{name}.pem", key=f"{name}.key") for name in "ab")
    return Secure(Tls(certificates=pairs), AUTHORITY.client(), str(tmp_path))


def only(version: ssl.TLSVersion) -> ssl.SSLContext:
    """A client that speaks one version, however old."""
    context = AUTHORITY.client()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    return context


async def connect(on: Stage, context: ssl.SSLContext, name: str = "127.0.0.1") -> Client:
    async with asyncio.timeout(PATIENCE):
        client = Client(*await asyncio.open_connection(*on.gateway.address, ssl=context, server_hostname=name))
    on._clients.append(client)
    return client


async def asked(client: Client) -> bytes:
    client.send(GET)
    return await client.answer()


@pytest.mark.parametrize("version", [VERSIONS.TLSv1_2, VERSIONS.TLSv1_3])
def test_these_versions_are_spoken(secure: Secure, version: ssl.TLSVersion) -> None:
    async def scene() -> None:
        async with stage(answering(OK), route(), secure=secure) as on:
            context = only(version)
            context.set_alpn_protocols(["h2", "http/1.1"])
            client = await connect(on, context)
            assert (await asked(client)).startswith(b"HTTP/1.1 200 ")
            tls = client.writer.get_extra_info("ssl_object")
            assert tls.version() == version.name.replace("_", ".")
            assert tls.selected_alpn_protocol() == "http/1.1"
            assert tls.compression() is None

    play(scene)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
@pytest.mark.parametrize("version", [VERSIONS.TLSv1, VERSIONS.TLSv1_1])
def test_these_are_not(secure: Secure, version: ssl.TLSVersion) -> None:
    async def scene() -> None:
        async with stage(answering(OK), route(), secure=secure) as on:
            with pytest.raises((ssl.SSLError, ConnectionError)):
                await connect(on, only(version))
            assert not on.gateway.plane.listeners

    play(scene)


@pytest.mark.parametrize("cipher", ["AES128-SHA", "AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA256"])
def test_neither_are_ciphers_without_forward_secrecy_or_authentication(secure: Secure, cipher: str) -> None:
    async def scene() -> None:
        async with stage(answering(OK), route(), secure=secure) as on:
            context = only(VERSIONS.TLSv1_2)
            context.set_ciphers(f"{cipher}:@SECLEVEL=0")
            with pytest.raises((ssl.SSLError, ConnectionError)):
                await connect(on, context)

    play(scene)


@pytest.mark.parametrize("loop", LOOPS)
def test_the_certificate_is_chosen_by_name(secure: Secure, loop: str) -> None:
    async def scene() -> None:
        async with stage(answering(OK), route(), secure=secure) as on:
            for name, expected in (("a.example", "a.example"), ("n.b.example", "*.b.example"), ("127.0.0.1", "a.example")):
                client = await connect(on, secure.client, name)
                names = client.writer.get_extra_info("peercert")["subjectAltName"]
                assert ("DNS", expected) in names
                assert (await asked(client)).endswith(b"ok")
            with pytest.raises(ssl.SSLCertVerificationError, match=r"not valid for 'c\.example'"):
                await connect(on, secure.client, "c.example")

    play(scene, loop)


def test_the_service_is_told_that_it_was_https(secure: Secure) -> None:
    async def scene() -> None:
        heads: list[bytes] = []
        async with stage(answering(OK, heads), route(), secure=secure) as on:
            await asked(await connect(on, secure.client))
        assert b"\r\nX-Forwarded-Proto: https\r\n" in heads[0]

    play(scene)


@pytest.mark.parametrize("version", [VERSIONS.TLSv1_2, VERSIONS.TLSv1_3])
def test_client_certificates_are_required_and_have_to_be_of_the_authority(secure: Secure, version: ssl.TLSVersion) -> None:
    folder = Path(secure.folder)
    clients, others = Authority("Clients"), Authority("Others")
    clients.write(folder / "clients.pem")
    known = clients.issue(client=True).write(folder, "known")
    unknown = others.issue(client=True).write(folder, "unknown")
    tls = Tls(certificates=secure.tls.certificates, client_ca="clients.pem")

    async def scene() -> None:
        requests: list[bytes] = []
        async with stage(answering(OK, requests), route(), secure=Secure(tls, secure.client, secure.folder)) as on:
            for identity in (None, unknown):
                for name in ("a.example", "n.b.example"):
                    context = AUTHORITY.client(identity)
                    context.minimum_version = context.maximum_version = version
                    # With TLS 1.3 a client learns only after its handshake that it was refused.
                    with pytest.raises((ssl.SSLError, ConnectionError, asyncio.IncompleteReadError)):
                        await asked(await connect(on, context, name))
            assert requests == []
            context = AUTHORITY.client(known)
            context.minimum_version = context.maximum_version = version
            for name in ("a.example", "n.b.example"):
                assert (await asked(await connect(on, context, name))).endswith(b"ok")
            # Who trusts other authorities from now on believes no session of before.
            others.write(folder / "clients.pem")
            on.gateway.reopen()
            with pytest.raises((ssl.SSLError, ConnectionError, asyncio.IncompleteReadError)):
                await asked(await connect(on, context))

    play(scene)


def test_fifty_renewals_under_load_fail_nobody(secure: Secure) -> None:
    async def scene() -> None:
        answered = 0
        over = False

        async def busy(client: Client, on: Stage) -> None:
            nonlocal answered
            while not over:
                assert (await asked(client)).endswith(b"ok")
                answered += 1
                # Another one comes and goes: its handshake meets whatever certificate there is.
                fresh = await connect(on, secure.client)
                assert (await asked(fresh)).endswith(b"ok")
                fresh.writer.close()

        async with stage(answering(OK), route(), secure=secure) as on:
            idle = [await connect(on, secure.client) for _ in range(IDLE)]
            tasks = [asyncio.create_task(busy(await connect(on, secure.client), on)) for _ in range(BUSY)]
            for _ in range(ROTATIONS):
                fresh = AUTHORITY.issue("a.example")
                fresh.write(Path(secure.folder), "a")
                before = answered
                on.gateway.reopen()
                await on.until(lambda before=before: answered > before + BUSY or any(task.done() for task in tasks))  # type: ignore[misc]
                client = await connect(on, secure.client)
                assert client.writer.get_extra_info("ssl_object").getpeercert(binary_form=True) == fresh.der
                client.writer.close()
            over = True
            await asyncio.gather(*tasks)
            for client in idle:
                assert (await asked(client)).endswith(b"ok"), "connections of the first certificate live on"
            assert f'specgw_certificate_reloads_total{{outcome="reloaded"}} {ROTATIONS}.0' in on.gateway.metrics.expose().decode()

    play(scene)


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("sent", [GET, b"\x16\x03\x01", b"\x16\x03\x01\x00\x05hello", b"\x00" * 4096])
def test_what_is_no_tls_is_closed_without_a_word(secure: Secure, sent: bytes, loop: str, caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> None:
        async with stage(answering(OK), route(), secure=secure, limits=Limits(drain=1.0, header_time=1.0)) as on:
            reader, writer = await asyncio.open_connection(*on.gateway.address)
            writer.write(sent)
            with contextlib.suppress(ConnectionError):
                answer = await asyncio.wait_for(reader.read(), PATIENCE)
                assert not answer.startswith(b"HTTP")
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
            assert (await asked(await connect(on, secure.client))).endswith(b"ok")

    play(scene, loop)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.fixture
def everywhere(secure: Secure) -> Iterator[None]:
    """Every stage is secure meanwhile."""
    staging.DEFAULT.append(secure)
    yield
    staging.DEFAULT.clear()


# The core of what a data plane does wrong where a transport behaves in another way: back-pressure, closing, gone clients.
SCENES: tuple[Callable[[], None], ...] = (
    test_passage.test_a_streamed_body_flows_while_it_comes,
    test_passage.test_the_client_is_asked_for_the_body_once_it_may_come,
    test_passage.test_an_answer_that_breaks_off_breaks_off_for_the_client_too,
    test_passage.test_a_body_that_stops_coming_gets_408,
    test_passage.test_a_client_that_goes_away_releases_the_service,
    test_passage.test_an_early_answer_reaches_the_client_and_ends_both_connections,
    test_listener.test_a_connection_is_kept_and_both_sides_reuse_it,
    test_listener.test_pipelined_requests_are_answered_in_their_order,
    test_listener.test_more_than_the_read_ahead_is_not_read_while_an_exchange_is_under_way,
    test_listener.test_a_head_that_does_not_arrive_in_time_gets_408,
    test_listener.test_an_idle_connection_is_closed_without_an_answer,
    test_listener.test_an_early_answer_to_a_large_body_ends_the_connection,
)


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_over_tls_too(scene: Callable[[], None]) -> None:
    scene()


def test_an_early_answer_reaches_a_client_that_sends_on(secure: Secure) -> None:
    """A large upload that is refused at its head: there is no half close in TLS that would keep the answer from a reset."""

    async def scene() -> None:
        async with stage(answering(OK), route("POST", body=staging.ANY, max_body=10), secure=secure) as on:
            for _ in range(5):
                client = await connect(on, secure.client)
                client.send(b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n\r\n")
                for _ in range(20):
                    client.send(b"x" * 65536)
                assert (await client.head()).startswith(b"HTTP/1.1 413 ")
                client.writer.transport.abort()

    play(scene)


# The real process


DOCUMENT = """\
openapi: 3.1.0
info: {{title: Things, version: "1"}}
servers: [{{url: "{url}"}}]
paths: {{{paths}}}
"""
PATH = "{path}: {{get: {{responses: {{default: {{description: ok}}}}}}}}"
GATEWAY = """\
gateway:
  listen: {port: 0, tls: {cert: certs/a.pem, key: certs/a.key}}
  telemetry: {accessLog: access.log}
"""


def project(folder: Path, url: str, *paths: str) -> None:
    """A folder as people have it: documents, gateway.yaml, certificates."""
    (folder / "certs").mkdir(exist_ok=True)
    (folder / "gateway.yaml").write_text(GATEWAY)
    text = ", ".join(PATH.format(path=path) for path in paths)
    (folder / "things.yaml").write_text(DOCUMENT.format(url=url, paths=text))


def get(base: str, path: str) -> int:
    return httpx.get(base + path, verify=AUTHORITY.client()).status_code


def serial(address: tuple[str, int]) -> bytes:
    """The certificate that the process shows at the moment."""
    with socket.create_connection(address) as plain, AUTHORITY.client().wrap_socket(plain, server_hostname="a.example") as tls:
        found = tls.getpeercert(binary_form=True)
        assert found is not None
        return found


def test_sighup_renews_certificate_access_log_and_plan(tmp_path: Path) -> None:
    with service({}) as url:
        project(tmp_path, url, "/a")
        AUTHORITY.issue("a.example").write(tmp_path / "certs", "a")
        with running("serve", ".", "--admin", "off", cwd=tmp_path) as gateway:
            base = gateway.expect(r"serves .*? on (https://[^ ,]+)")[1]
            address = ("127.0.0.1", int(base.rpartition(":")[2]))
            assert [get(base, path) for path in ("/a", "/b")] == [200, 404]
            fresh = AUTHORITY.issue("a.example")
            fresh.write(tmp_path / "certs", "a")
            project(tmp_path, url, "/a", "/b")
            os.rename(tmp_path / "access.log", tmp_path / "access.log.1")
            gateway.process.send_signal(signal.SIGHUP)
            gateway.expect(r"^generation 2: \+1 ")
            assert [get(base, path) for path in ("/a", "/b")] == [200, 200]
            assert serial(address) == fresh.der
            (tmp_path / "things.yaml").write_text("openapi: [")
            (tmp_path / "certs" / "a.key").write_bytes(AUTHORITY.issue().key_pem())
            gateway.process.send_signal(signal.SIGHUP)
            gateway.expect(r"gateway\.listen\.tls: certs/a\.key: the key does not belong to .* stay in use$")
            gateway.expect("^the last good plan goes on$")
            assert (get(base, "/b"), serial(address)) == (200, fresh.der)
            assert gateway.stop() == 0
    assert (tmp_path / "access.log").read_text().count('"path":"/b"') == 2
    assert (tmp_path / "access.log.1").read_text().count('"path":"/b"') == 1


def test_watch_follows_certificates(tmp_path: Path) -> None:
    project(tmp_path, "http://127.0.0.1:9", "/a")
    AUTHORITY.issue("a.example").write(tmp_path / "certs", "a")
    with running("serve", ".", "--watch", "--admin", "off", cwd=tmp_path) as gateway:
        base = gateway.expect(r"serves .*? on (https://[^ ,]+)")[1]
        gateway.expect("^watching for changes$")
        fresh = AUTHORITY.issue("a.example")
        fresh.write(tmp_path / "certs", "a")
        gateway.expect("^the change makes no difference to what is served$")
        assert serial(("127.0.0.1", int(base.rpartition(":")[2]))) == fresh.der


def test_a_built_folder_finds_the_certificates_from_anywhere(tmp_path: Path) -> None:
    project(tmp_path, "http://127.0.0.1:9", "/a")
    AUTHORITY.issue("a.example").write(tmp_path / "certs", "a")
    assert specgw("build", ".", "-o", "out/generated", cwd=tmp_path).returncode == 0
    plan = (tmp_path / "out" / "generated" / "plan.json").read_text()
    assert str(tmp_path) not in plan
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with running("serve", tmp_path / "out" / "generated", "--admin", "off", cwd=elsewhere) as gateway:
        assert get(gateway.expect(r"serves .*? on (https://[^ ,]+)")[1], "/healthz") == 200
    (tmp_path / "certs" / "a.key").unlink()
    refused = specgw("serve", tmp_path / "out" / "generated", "--port", "0", "--admin", "off", cwd=elsewhere)
    assert refused.returncode == 2
    assert f"gateway.listen.tls: {tmp_path}/certs/a.key: No such file or directory" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_noise_before_and_in_handshakes_is_not_worth_a_line_and_holds_up_no_end(tmp_path: Path) -> None:
    project(tmp_path, "http://127.0.0.1:9", "/a")
    settings = GATEWAY.replace("{cert: certs/a.pem, key: certs/a.key}", "[{cert: a.pem, key: a.key}, {cert: b.pem, key: b.key}]")
    # Half a handshake is ended after this time, which has to be well below the client's patience.
    (tmp_path / "gateway.yaml").write_text(settings + "  limits: {headerTime: 3s}\n")
    for name in "ab":
        AUTHORITY.issue(f"{name}.example").write(tmp_path, name)
    with running("serve", ".", "--admin", "off", cwd=tmp_path) as gateway, contextlib.ExitStack() as open_:
        base = gateway.expect(r"serves .*? on (https://[^ ,]+)")[1]
        address = ("127.0.0.1", int(base.rpartition(":")[2]))
        for noise in (GET, b"\x16\x03\x01\x00\x02xx", hello(b"\xff" * 9), hello(b"\x1b[31mred!")):
            with socket.create_connection(address) as client:
                client.settimeout(PATIENCE)
                client.sendall(noise)
                with contextlib.suppress(ConnectionError):
                    client.recv(1 << 16)
        silent = open_.enter_context(socket.create_connection(address))
        assert get(base, "/healthz") == 200
        said = len(gateway.said)
        assert gateway.stop() == 0
        assert [line for line in gateway.said[said:] if not line.startswith("the portal is on ")] == []
        assert silent.recv(1) == b""


def hello(name: bytes) -> bytes:
    """The first flight of a client that asks for a name, which need not be one."""
    context, out = AUTHORITY.client(), ssl.MemoryBIO()
    context.check_hostname = False
    with contextlib.suppress(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), out, server_hostname="x" * len(name)).do_handshake()
    return out.read().replace(b"x" * len(name), name)
