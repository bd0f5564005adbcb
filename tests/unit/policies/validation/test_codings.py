from __future__ import annotations

import gzip
import zlib

import pytest

from specgw.policies.validation.codings import decode_content
from specgw.problems import Problem

TEXT = b'{"name": "Ada"}' * 10


def refused(fields: list[str], data: bytes, limit: int = 10_000) -> int:
    problem = decode_content(fields, data, limit)
    assert isinstance(problem, Problem)
    return problem.status


@pytest.mark.parametrize(
    ("fields", "data"),
    [
        ([], TEXT),
        (["identity"], TEXT),
        (["gzip"], gzip.compress(TEXT, mtime=0)),
        (["X-GZIP"], gzip.compress(TEXT, mtime=0)),
        (["deflate"], zlib.compress(TEXT)),
        (["deflate, gzip"], gzip.compress(zlib.compress(TEXT), mtime=0)),
        (["deflate", "gzip"], gzip.compress(zlib.compress(TEXT), mtime=0)),
        (["identity, gzip, "], gzip.compress(TEXT, mtime=0)),
    ],
)
def test_codings_are_removed_last_applied_first(fields: list[str], data: bytes) -> None:
    assert decode_content(fields, data, len(TEXT)) == TEXT


@pytest.mark.parametrize(
    ("fields", "data"),
    [
        (["gzip"], TEXT),
        (["gzip"], b""),
        (["gzip"], gzip.compress(TEXT, mtime=0)[:-1]),
        (["gzip"], gzip.compress(TEXT, mtime=0)[:20]),
        (["gzip"], gzip.compress(TEXT, mtime=0) + b"x"),
        (["gzip"], gzip.compress(TEXT[:50], mtime=0) + gzip.compress(TEXT[50:], mtime=0)),
        (["gzip"], gzip.compress(TEXT, mtime=0) + gzip.compress(b"", mtime=0)),
        (["gzip"], zlib.compress(TEXT)),
        (["deflate"], gzip.compress(TEXT, mtime=0)),
        (["deflate"], zlib.compress(TEXT) + b"more"),
        (["deflate"], zlib.compress(TEXT)[2:-4]),
        (["gzip, deflate"], gzip.compress(zlib.compress(TEXT), mtime=0)),
    ],
)
def test_data_that_is_not_what_it_says_is_refused(fields: list[str], data: bytes) -> None:
    assert refused(fields, data) == 400


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip;q=1", "\xff"])
def test_unknown_codings_are_named_as_such(coding: str) -> None:
    problem = decode_content([coding], TEXT, 10_000)
    assert isinstance(problem, Problem)
    assert problem.status == 415
    assert problem.headers == ((b"accept-encoding", b"gzip, deflate"),)


def test_too_many_codings_are_refused() -> None:
    assert refused(["gzip"] * 4, TEXT) == 415


def test_the_limit_is_exact() -> None:
    for coding, data in (("gzip", gzip.compress(TEXT, mtime=0)), ("deflate", zlib.compress(TEXT))):
        assert decode_content([coding], data, len(TEXT)) == TEXT
        assert refused([coding], data, len(TEXT) - 1) == 413
    assert decode_content(["gzip"], gzip.compress(b"", mtime=0), 0) == b""


def test_a_bomb_stops_at_the_limit() -> None:
    bomb = gzip.compress(b"\0" * 20_000_000, mtime=0)
    assert refused(["gzip"], bomb, 1000) == 413
    assert refused(["gzip, gzip"], gzip.compress(bomb, mtime=0), 100_000) == 413
