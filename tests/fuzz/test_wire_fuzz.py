"""The differential fuzzer of the wire in its short form; `nox -s fuzz-wire` is the long one."""

from __future__ import annotations

import asyncio

from tests.fuzz.wire import fuzz

REQUESTS = 3000


def test_what_is_forwarded_means_the_same_to_h11_and_llhttp() -> None:
    figures = asyncio.run(fuzz(REQUESTS, seed=1))
    assert figures.disagreements == []
    # It is worth nothing if everything is refused, or nothing is.
    assert figures.forwarded > REQUESTS // 4
    assert figures.refused > REQUESTS // 20
    assert figures.both > REQUESTS // 4
