from __future__ import annotations

import asyncio
from pathlib import Path

from specgw.gateway import Gateway, Options
from tests.unit.mock.conftest import planned

OPERATION = {
    "responses": {"200": {"description": "", "content": {"application/json": {"example": [1]}}}},
    "x-gateway": {"mock": {"mode": "fallback", "latency": "1ms"}},
}


async def asked(gateway: Gateway, path: str) -> bytes:
    serving = asyncio.Event()

    async def ready() -> None:
        serving.set()

    running = asyncio.create_task(gateway.run(ready))
    try:
        await serving.wait()
        reader, writer = await asyncio.open_connection(*gateway.address)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
        return answer
    finally:
        gateway.stop()
        await running


def test_without_any_service_the_sandbox_answers_after_its_latency(tmp_path: Path) -> None:
    plan = planned(tmp_path, {"/a": {"get": OPERATION}})
    gateway = Gateway(plan, Options(host="127.0.0.1", port=0, admin_enabled=False))
    gateway.plane.access_log.close()
    gateway.bind()
    answer = asyncio.run(asked(gateway, "/a"))
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"\r\n\r\n[1]")
