"""How a connection ends, on both kinds of loop."""

from __future__ import annotations

import asyncio

import pytest

from specgw.dataplane.endings import end_writing, reset
from tests.unit.dataplane.stage import LOOPS, play


async def connected() -> tuple[asyncio.StreamReader, asyncio.StreamWriter, asyncio.StreamWriter]:
    """A client's reader and writer, and the writer of its peer."""
    accepted: asyncio.Queue[asyncio.StreamWriter] = asyncio.Queue()
    server = await asyncio.start_server(lambda reader, writer: accepted.put_nowait(writer), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    server.close()
    return reader, writer, await accepted.get()


@pytest.mark.parametrize("loop", LOOPS)
def test_a_reset_is_no_end(loop: str) -> None:
    async def scene() -> None:
        reader, writer, peer = await connected()
        reset(peer.transport)  # type: ignore[arg-type]
        with pytest.raises(ConnectionResetError):
            await reader.read()
        writer.close()
        reset(peer.transport)  # type: ignore[arg-type]

    play(scene, loop)


@pytest.mark.parametrize("loop", LOOPS)
def test_the_end_of_writing_leaves_reading_open_and_does_no_harm_to_what_is_closed(loop: str) -> None:
    async def scene() -> None:
        reader, writer, peer = await connected()
        peer.write(b"last")
        end_writing(peer.transport)  # type: ignore[arg-type]
        assert await reader.read() == b"last"
        assert not peer.transport.is_closing()
        reset(writer.transport)  # type: ignore[arg-type]
        peer.close()
        await asyncio.sleep(0)
        end_writing(peer.transport)  # type: ignore[arg-type]

    play(scene, loop)


def test_a_peer_that_is_gone_cannot_be_told() -> None:
    class Gone(asyncio.Transport):
        ended = False

        def can_write_eof(self) -> bool:
            return True

        def write_eof(self) -> None:
            raise OSError(107, "Transport endpoint is not connected")

        def abort(self) -> None:
            self.ended = True

    transport = Gone()
    end_writing(transport)
    reset(transport)
    assert transport.ended
