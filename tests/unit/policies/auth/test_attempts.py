from __future__ import annotations

import pytest

from specgw.plan.model import FailedLogins
from specgw.policies.auth import attempts
from specgw.policies.auth.attempts import Attempts, network


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def three_a_minute() -> tuple[Attempts, Clock]:
    clock = Clock()
    return Attempts(clock, FailedLogins(count=3, window=60)), clock


def test_beyond_the_limit_an_address_waits_until_one_more_fits_in() -> None:
    counted, clock = three_a_minute()
    for _ in range(3):
        assert counted.wait("203.0.113.9") == 0
        counted.failed("203.0.113.9")
    assert counted.wait("203.0.113.9") == 20
    clock.now += 19.5
    assert counted.wait("203.0.113.9") == 1
    clock.now += 0.5
    assert counted.wait("203.0.113.9") == 0
    counted.failed("203.0.113.9")
    assert counted.wait("203.0.113.9") == 20


def test_others_do_not_wait() -> None:
    counted, _ = three_a_minute()
    for _ in range(9):
        counted.failed("203.0.113.9")
    assert counted.wait("203.0.113.10") == 0


def test_more_failures_make_no_longer_wait() -> None:
    counted, _ = three_a_minute()
    for _ in range(99):
        counted.failed("203.0.113.9")
    assert counted.wait("203.0.113.9") == 20


def test_what_was_right_is_no_guess() -> None:
    counted, clock = three_a_minute()
    assert not counted.watches("203.0.113.9")
    counted.succeeded("203.0.113.9", [b"before"])
    counted.failed("203.0.113.9")
    assert counted.watches("203.0.113.9")
    counted.succeeded("203.0.113.9", [b"right"])
    for _ in range(3):
        counted.failed("203.0.113.9")
    assert counted.wait("203.0.113.9") == 20
    assert counted.known("203.0.113.9", [b"right"])
    for other in ([b"before"], [b"right", b""], [], [b"wrong"]):
        assert not counted.known("203.0.113.9", other)
    assert not counted.known("203.0.113.10", [b"right"])
    # All is forgotten once the bucket is empty.
    clock.now += 60
    assert counted.wait("203.0.113.9") == 0
    assert len(counted) == 0


def test_only_so_much_is_known_of_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "KNOWN", 2)
    counted, _ = three_a_minute()
    counted.failed("203.0.113.9")
    for text in (b"a", b"b", b"a", b"c"):
        counted.succeeded("203.0.113.9", [text])
    assert [counted.known("203.0.113.9", [text]) for text in (b"a", b"b", b"c")] == [True, False, True]


def test_without_a_limit_nothing_is_counted() -> None:
    counted, _ = three_a_minute()
    for _ in range(3):
        counted.failed("203.0.113.9")
    counted.configure(None)
    assert counted.wait("203.0.113.9") == 0
    counted.failed("203.0.113.10")
    assert len(counted) == 1


def test_of_many_addresses_the_one_that_failed_longest_ago_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "ADDRESSES", 3)
    counted, _ = three_a_minute()
    for _ in range(3):
        counted.failed("203.0.113.9")
    for number in (1, 2, 3):
        counted.failed(f"198.51.100.{number}")
        if number == 2:
            counted.failed("203.0.113.9")
    assert len(counted) == 3
    assert counted.wait("203.0.113.9") == 20


@pytest.mark.parametrize(
    ("client", "counts_as"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("unknown", "unknown"),
        ("not:an:address", "not:an:address"),
    ],
)
def test_what_counts_as_one_client(client: str, counts_as: str) -> None:
    assert network(client) == counts_as
