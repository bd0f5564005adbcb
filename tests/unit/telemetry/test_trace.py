from __future__ import annotations

import pytest

from specgw.telemetry.trace import Identities

TRACE = b"0af7651916cd43dd8448eb211c80319c"
PARENT = b"b7ad6b7169203331"


class Random:
    """A random source that counts: each block is one byte, repeated; 1, 2, 3 …"""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, count: int) -> bytes:
        self.calls += 1
        return bytes([self.calls]) * count


@pytest.mark.parametrize("flags", [b"00", b"01"])
def test_a_valid_trace_goes_on_under_a_new_parent(flags: bytes) -> None:
    sent = Identities(Random()).trace(b"00-" + TRACE + b"-" + PARENT + b"-" + flags)
    assert sent == f"00-{TRACE.decode()}-0101010101010101-{flags.decode()}"


@pytest.mark.parametrize(("flags", "sent"), [(b"ff", "01"), (b"02", "00"), (b"03", "01")])
def test_flags_that_version_00_does_not_know_are_zero(flags: bytes, sent: str) -> None:
    assert Identities(Random()).trace(b"00-" + TRACE + b"-" + PARENT + b"-" + flags).endswith("-" + sent)


@pytest.mark.parametrize("more", [b"", b"-", b"-what-the-future-holds"])
def test_a_higher_version_is_read_as_far_as_it_is_known(more: bytes) -> None:
    sent = Identities(Random()).trace(b"cc-" + TRACE + b"-" + PARENT + b"-01" + more)
    assert sent == f"00-{TRACE.decode()}-0101010101010101-01"


@pytest.mark.parametrize(
    "traceparent",
    [
        None,
        b"",
        b"00-" + TRACE + b"-" + PARENT,
        b"00-" + TRACE + b"-" + PARENT + b"-01-more",
        b"00-" + TRACE + b"-" + PARENT + b"-01-",
        b"cc-" + TRACE + b"-" + PARENT + b"-01.more",
        b"ff-" + TRACE + b"-" + PARENT + b"-01",
        b"00-" + b"0" * 32 + b"-" + PARENT + b"-01",
        b"00-" + TRACE + b"-" + b"0" * 16 + b"-01",
        b"00-" + TRACE.upper() + b"-" + PARENT + b"-01",
        b"00-" + TRACE[1:] + b"-" + PARENT + b"-01",
        b"00-" + TRACE + b"-" + PARENT + b"-1",
        b"0-" + TRACE + b"-" + PARENT + b"-01",
        b" 00-" + TRACE + b"-" + PARENT + b"-01",
        # Two fields, joined: there is no saying which one holds.
        b"00-" + TRACE + b"-" + PARENT + b"-01, 00-" + TRACE + b"-" + PARENT + b"-01",
    ],
)
def test_anything_else_begins_a_new_trace(traceparent: bytes | None) -> None:
    assert Identities(Random()).trace(traceparent) == "00-" + "01" * 16 + "-" + "01" * 8 + "-01"


@pytest.mark.parametrize("incoming", [b"a", b"0af7-6519", b"req/1:2=3@x~y+z._", b"x" * 128])
def test_a_sane_request_id_is_kept(incoming: bytes) -> None:
    assert Identities(Random()).request_id(incoming) == incoming.decode()


@pytest.mark.parametrize("incoming", [None, b"", b"a b", b'"a"', b"a,b", b"x" * 129, b"caf\xc3\xa9", b"a\x00", b"<a>"])
def test_any_other_one_is_replaced(incoming: bytes | None) -> None:
    assert Identities(Random()).request_id(incoming) == "01" * 16


def test_ids_are_taken_from_blocks_and_each_once() -> None:
    calls = []

    def counting(count: int) -> bytes:
        calls.append(count)
        first = sum(calls[:-1]) // 16
        return b"".join((first + number).to_bytes(16, "big") for number in range(count // 16))

    identities = Identities(counting)
    ids = [identities.new() for _ in range(600)]
    assert len(set(ids)) == 600
    assert all(len(one) == 32 for one in ids)
    assert len(calls) == 3
