"""What all connections share: who is trusted, and what is refused before there is an exchange."""

from __future__ import annotations

import pytest

from specgw.dataplane.listener import Listener
from specgw.dataplane.passage import Passage
from specgw.dataplane.plane import Plane
from specgw.plan.model import Edge, Timeout
from specgw.telemetry.access import AccessLog
from specgw.telemetry.metrics import Metrics
from specgw.telemetry.trace import Identities
from tests.unit.dataplane.stage import OK, answering, play, route, stage


@pytest.mark.parametrize(
    ("proxies", "peer", "trusted"),
    [
        ((), "127.0.0.1", False),
        (("10.0.0.0/8",), "10.1.2.3", True),
        (("10.0.0.0/8",), "11.0.0.1", False),
        (("10.0.0.1",), "10.0.0.1", True),
        (("fd00::/8",), "fd00::1", True),
        (("fd00::/8",), "10.0.0.1", False),
        (("0.0.0.0/0",), "unix", False),
        (("0.0.0.0/0",), "", False),
    ],
)
def test_which_peers_are_believed(proxies: tuple[str, ...], peer: str, trusted: bool) -> None:
    plane = Plane(Edge(trusted_proxies=proxies), metrics=Metrics("0"), access_log=AccessLog("off"), identities=Identities())
    assert plane.trusts(peer) is trusted


def test_refusals_before_any_exchange_are_counted() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            client.send(b"nonsense\r\n\r\n")
            await client.rest()
            text = on.gateway.metrics.expose().decode()
            assert 'specgw_requests_total{operation="unmatched",method="OTHER",status="400"} 1' in text
            assert 'specgw_problems_total{type="malformed-request"} 1.0' in text

    play(scene)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7, 127.0.0.1", "192.0.2.7"),
        ("spoofed, 192.0.2.7, 127.0.0.2", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::1"),
        # What is no address is nobody's: the proxy that passed it on is the nearest one that is known.
        ("unknown, 127.0.0.2", "127.0.0.2"),
        ("192.0.2.7, 192.0.2.9:4711", "192.0.2.9"),
        ("<script>", "127.0.0.1"),
    ],
)
@pytest.mark.interpreted
def test_the_client_is_the_first_untrusted_address_from_the_right(value: str, expected: str) -> None:
    async def scene() -> None:
        seen: list[str] = []
        async with stage(answering(OK), route(), trusted_proxies=("127.0.0.0/8",)) as on:
            plane = on.gateway.plane
            log = plane.log
            plane.log = lambda passage, seconds: (seen.append(passage.client), log(passage, seconds))  # type: ignore[method-assign,assignment,func-returns-value]
            client = await on.client()
            client.send(f"GET /things HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {value}\r\n\r\n".encode())
            await client.answer()
        assert seen == [expected]

    play(scene)


def test_the_listeners_list_is_empty_again_when_clients_have_gone() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            clients = [await on.client() for _ in range(20)]
            for client in clients:
                client.send(b"GET /things HTTP/1.1\r\nHost: x\r\n\r\n")
                await client.answer()
            assert len(on.gateway.plane.listeners) == 20
            for client in clients:
                client.writer.close()
            await on.until(lambda: not on.gateway.plane.listeners)
            assert not on.gateway.plane.passages
            assert on.gateway.plane.held == 0

    play(scene)


@pytest.mark.parametrize(("parent", "continued"), [("00-" + "a" * 32 + "-" + "b" * 16 + "-01", True), ("nonsense", False), ("", False)])
def test_a_trace_goes_on_or_begins_and_tracestate_belongs_to_one_that_goes_on(parent: str, continued: bool) -> None:
    async def scene() -> None:
        heads: list[bytes] = []
        async with stage(answering(OK, heads), route()) as on:
            client = await on.client()
            client.send(f"GET /things HTTP/1.1\r\nHost: x\r\nTraceParent: {parent}\r\nTraceState: a=1\r\n\r\n".encode())
            await client.answer()
        (head,) = heads
        (line,) = (line for line in head.split(b"\r\n") if line.startswith(b"traceparent: "))
        assert (b"a" * 32 in line) is continued
        assert b"b" * 16 not in line
        assert (b"\r\nTraceState: a=1\r\n" in head) is continued

    play(scene)


@pytest.mark.parametrize("proxies", [(), ("127.0.0.0/8",)])
def test_a_request_in_http_1_0_is_told_as_one(proxies: tuple[str, ...]) -> None:
    async def scene() -> None:
        heads: list[bytes] = []
        async with stage(answering(OK, heads), route(), trusted_proxies=proxies) as on:
            client = await on.client()
            client.send(b"GET /things HTTP/1.0\r\n\r\n")
            await client.rest()
        assert b"\r\nVia: 1.0 specgw\r\n" in heads[0]
        assert b"X-Forwarded-Host" not in heads[0]
        assert heads[0].startswith(b"GET /things HTTP/1.1\r\n")

    play(scene)


@pytest.mark.interpreted
def test_a_defect_at_one_deadline_ends_that_exchange_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Passage, now: float) -> None:
        raise LookupError

    async def scene() -> None:
        async with stage(answering(b""), route(), route(path="/others", timeout=Timeout(response=0.05))) as on:
            clients = [await on.client() for _ in range(3)]
            with monkeypatch.context() as patch:
                patch.setattr(Passage, "expire", broken)
                for client in clients:
                    client.send(b"GET /others HTTP/1.1\r\nHost: x\r\n\r\n")
                for client in clients:
                    assert (await client.answer()).startswith(b"HTTP/1.1 500 ")
            clients[0].send(b"GET /others HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await clients[0].answer()).startswith(b"HTTP/1.1 504 ")

    play(scene)


@pytest.mark.interpreted
def test_a_defect_between_exchanges_ends_one_connection(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def broken(self: Listener, now: float) -> None:
        raise LookupError

    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            clients = [await on.client() for _ in range(3)]
            await on.until(lambda: len(on.gateway.plane.listeners) == 3)
            with monkeypatch.context() as patch:
                patch.setattr(Listener, "check_time", broken)
                for client in clients:
                    assert await client.rest() == b""
            client = await on.client()
            client.send(b"GET /things HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")

    play(scene)
    assert "failed inside the gateway" in caplog.text
