"""Changes under load: activations, drains and renewed certificates, each of them many times. Nobody may notice."""

from __future__ import annotations

import asyncio
import itertools
import signal
from pathlib import Path

from tests.soak.stand import Count, Stand, ask, busy, echoed, stand, starting
from tests.unit.tls.authority import Authority

BUSY, IDLE, SOCKETS = 8, 40, 20
EVERY = 10
"""After so many changes the idle connections and WebSockets are used once."""


async def activations(folder: Path, number: int, workers: int = 1) -> Count:
    """One plan after the other, while some ask all the time, and others have connections and WebSockets open."""
    count = Count()
    async with stand(folder, workers) as on, on.sockets(SOCKETS) as sockets:
        idle = [await on.client() for _ in range(IDLE)]
        over = asyncio.Event()
        tasks = [asyncio.create_task(busy(on, count, over.is_set)) for _ in range(BUSY)]
        for change in range(1, number + 1):
            on.put(change)
            on.gateway.process.send_signal(signal.SIGHUP)
            await on.expect(f"^generation {change + 1}: ")
            if change % EVERY == 0 or change == number:
                await asyncio.gather(*(ask(client, turn, count) for turn, client in enumerate(idle)))
                await asyncio.gather(*(echoed(socket, f"{change}", count) for socket in sockets))
        over.set()
        await asyncio.gather(*tasks)
        for client in idle:
            client.writer.close()
    return count


async def drains(folder: Path, number: int, workers: int = 1) -> Count:
    """One gateway after the other is told to stop while everybody asks; who has been answered may ask once more."""
    count = Count()
    async with starting(folder, workers) as start:
        for _ in range(number):
            async with start() as on:
                before = count.asked
                tasks = [asyncio.create_task(busy(on, count, lambda: False)) for _ in range(BUSY * 2)]
                async with asyncio.timeout(30):
                    while count.asked < before + BUSY * 20:  # noqa: ASYNC110 - tasks count, which tell nobody
                        await asyncio.sleep(0.001)
                on.gateway.process.send_signal(signal.SIGTERM)
                await asyncio.gather(*tasks)
                code = await asyncio.to_thread(on.gateway.end)
                if code:
                    count.note(f"exit code {code}")
    return count


async def rotations(folder: Path, number: int, workers: int = 1) -> Count:
    """Certificates are renewed again and again, while some connections stay and others begin."""
    count = Count()
    authority = Authority()
    authority.issue().write(folder, "site")
    edge = ", listen: {tls: {cert: ../site.pem, key: ../site.key}}"
    async with stand(folder, workers, edge) as on:
        on.tls = authority.client()
        over = asyncio.Event()
        tasks = [asyncio.create_task(busy(on, count, over.is_set)) for _ in range(BUSY)]
        tasks += [asyncio.create_task(_newcomers(on, count, over)) for _ in range(2)]
        for _ in range(number):
            fresh = authority.issue()
            fresh.write(folder, "site")
            on.gateway.process.send_signal(signal.SIGHUP)
            await on.expect("^the change makes no difference to what is served$")
            # So many that each worker accepts some of them: all have taken the certificate before the change is reported.
            for _ in range(4 * workers):
                if await _shown(on) != fresh.der:
                    count.note("a certificate of before the change")
        over.set()
        await asyncio.gather(*tasks)
    return count


async def _shown(on: Stand) -> bytes:
    """The certificate that a new connection is shown."""
    client = await on.client()
    shown: bytes = client.writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    client.writer.close()
    return shown


async def _newcomers(on: Stand, count: Count, over: asyncio.Event) -> None:
    for turn in itertools.count():
        if over.is_set():
            return
        try:
            client = await on.client()
        except OSError as fault:
            count.note(fault)
            continue
        await ask(client, turn, count)
        client.writer.close()
