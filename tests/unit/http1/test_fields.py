"""What requests and responses share."""

from __future__ import annotations

import pytest

from specgw.http1.fields import Names, bare_line_end, connection_options


@pytest.mark.parametrize("data", [b"GET / HTTP/1.1\nHost", b"GET /\r HTTP", b"GET\0"])
def test_a_bare_line_end_can_never_become_a_head(data: bytes) -> None:
    assert bare_line_end(data)


def test_an_unfinished_crlf_is_no_bare_line_end() -> None:
    assert not bare_line_end(b"GET / HTTP/1.1\r\nHost: x\r")


def test_names_are_remembered_up_to_a_bound() -> None:
    names = Names({b"host": 1})
    assert (names[b"HOST"], names[b"X-Any"]) == ((b"host", 1), (b"x-any", 0))
    for number in range(10000):
        assert names[b"X-%d" % number] == (b"x-%d" % number, 0)
    assert len(names) < 5000


def test_long_names_are_not_remembered() -> None:
    names = Names({})
    assert names[b"X" * 30000] == (b"x" * 30000, 0)
    assert not names


def test_names_are_dropped_unless_they_have_a_meaning() -> None:
    names = Names({b"x-own-host": 1}, dropped=lambda name: name.startswith(b"x-own-"))
    assert [names[name][1] for name in (b"X-Own-Host", b"X-OWN-Any", b"X-Ownership")] == [1, 6, 0]


def test_what_has_been_examined_is_not_examined_again() -> None:
    assert not bare_line_end(b"a\nb\r", 3)
    assert bare_line_end(b"a\rb", 2)
    assert bare_line_end(b"a\n", 1)
    assert not bare_line_end(b"a\r\n", 2)


def test_options_of_connection() -> None:
    assert connection_options(b"Close ,,\tX-Hop") == (b"close", b"x-hop")
