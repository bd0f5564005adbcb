"""What the leader and a worker say to each other."""

from __future__ import annotations

import asyncio
import socket

import pytest

from specgw.workers import messages
from specgw.workers.messages import TO_LEADER, TO_WORKER, Channel

START = messages.Start(b"{}" * 300_000, 3, None, True, True, {"portal/index.html": b"page"})


def test_messages_arrive_whole_and_in_order_until_the_other_side_has_gone() -> None:
    async def scene() -> None:
        ours, theirs = socket.socketpair()
        leader: Channel[messages.ToLeader, messages.ToWorker] = await Channel.over(ours, TO_LEADER)
        worker: Channel[messages.ToWorker, messages.ToLeader] = await Channel.over(theirs, TO_WORKER)
        said: list[messages.ToWorker] = [START, messages.Prepare(b"x"), messages.Commit(), messages.Stop()]
        for message in said:
            leader.send(message)
        assert [await worker.receive() for _ in said] == said
        worker.send(messages.Prepared("no such file"))
        assert await leader.receive() == messages.Prepared("no such file")
        await worker.close()
        assert await leader.receive() is None
        await leader.close()

    asyncio.run(scene())


@pytest.mark.parametrize("sent", [messages.framed(messages.Prepare(b"abc"))[:-1], b"\0\0", b""])
def test_half_a_message_is_none(sent: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours:
        theirs.sendall(sent)
        theirs.close()
        assert messages.receive_first(ours) is None


def test_the_first_message_is_read_without_a_loop() -> None:
    ours, theirs = socket.socketpair()
    small = messages.Start(b"{}", 1, "http://127.0.0.1:9", False, False)
    with ours, theirs:
        theirs.sendall(messages.framed(small) + b"more")
        assert messages.receive_first(ours) == small
        assert ours.recv(9) == b"more", "what follows is not read"
