"""Who may connect: how many in all, how many of one address, and what happens to those beyond it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import pytest

from specgw.dataplane.connections import SWEEP, TOLD, Connections, origin
from specgw.plan.model import Limits
from specgw.telemetry.metrics import Metrics


@dataclass(eq=False)
class Peer:
    client: str
    trusted: bool = False


def connections(room: int | None = None, **limits: Any) -> Connections[Peer]:
    made: Connections[Peer] = Connections(Metrics("0"), room=lambda: room)
    made.configure(Limits(**limits))
    return made


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
    ],
)
def test_what_counts_as_one_client(one: str, other: str, same: bool) -> None:
    assert (origin(one) == origin(other)) is same


def test_a_peer_without_an_address_is_nobody() -> None:
    assert origin("unix") is None
    assert origin("") is None


def test_one_address_has_its_share_and_others_theirs() -> None:
    known = connections(connections=8)
    first = [Peer("192.0.2.1") for _ in range(3)]
    assert [known.enter(each) for each in first] == ["admitted", "admitted", "told"]
    assert known.enter(Peer("192.0.2.2")) == "admitted"
    known.leave(first[2])  # who was refused was never counted
    assert known.enter(Peer("192.0.2.1")) == "told"
    known.leave(first[0])
    assert known.enter(Peer("192.0.2.1")) == "admitted"


def test_a_trusted_proxy_counts_for_all_but_not_for_its_address() -> None:
    known = connections(connections=6, connections_per_ip=1)
    assert [known.enter(Peer("192.0.2.1", trusted=True)) for _ in range(7)] == ["admitted"] * 6 + ["told"]


def test_only_some_are_told_and_they_leave_room_for_nobody_else() -> None:
    known = connections(connections=1)
    assert known.enter(Peer("192.0.2.1")) == "admitted"
    refused = [Peer("192.0.2.2") for _ in range(TOLD + 1)]
    assert [known.enter(each) for each in refused] == ["told"] * TOLD + ["closed"]
    assert len(known.open) == 1 + TOLD
    for each in refused:
        known.leave(each)
    assert len(known.open) == 1


def test_handshakes_are_connections_until_they_are_over() -> None:
    known = connections(connections=8, connections_per_ip=2)
    assert known.knock("192.0.2.1", trusted=False)
    assert known.knock("192.0.2.1", trusted=False)
    assert not known.knock("192.0.2.1", trusted=False)
    assert known.enter(Peer("192.0.2.1")) == "told"
    known.knocked("192.0.2.1", trusted=False)
    assert known.enter(Peer("192.0.2.1")) == "admitted"


@pytest.mark.parametrize(
    ("asked", "room", "limit", "level"),
    [(10_000, None, 10_000, None), (10_000, 480, 480, None), (5_000, 480, 480, logging.WARNING), (400, 480, 400, None)],
)
def test_there_are_never_more_than_descriptors_allow(
    asked: int, room: int | None, limit: int, level: int | None, caplog: pytest.LogCaptureFixture
) -> None:
    assert connections(room, connections=asked).limit == limit
    assert [record.levelno for record in caplog.records if record.levelno >= logging.WARNING] == ([] if level is None else [level])


def test_everybody_is_looked_at_in_the_course_of_some_ticks() -> None:
    known = connections(connections=10_000, connections_per_ip=10_000)
    everybody = [Peer("192.0.2.1") for _ in range(3 * SWEEP)]
    for each in everybody:
        known.enter(each)
    gone = everybody.pop()
    seen = [set(known.due())]
    known.leave(gone)
    seen += [set(known.due()) for _ in range(2)]
    assert [len(part) for part in seen][1:] == [SWEEP, SWEEP] or len(seen[0]) == SWEEP
    assert set().union(*seen) - {gone} == set(everybody)
    few = connections(connections=10)
    few.enter(Peer("192.0.2.1"))
    assert len(list(few.due())) == len(list(few.due())) == 1
