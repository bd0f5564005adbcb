from pathlib import Path

import pytest

from specgw.state.opening import Unopened, key_file, open_keys
from specgw.state.redis_keys import RedisKeys
from specgw.state.sqlite_keys import SqliteKeys


def test_redis_is_used_where_it_is_named() -> None:
    table = open_keys("redis://:secret@cache:6379/1", Path("keys.sqlite"))
    assert isinstance(table, RedisKeys)
    assert table.name == "redis://cache:6379/1"


@pytest.mark.parametrize("url", [None, ""])
def test_otherwise_a_file_is(url: str | None) -> None:
    table = open_keys(url, Path("keys.sqlite"))
    assert isinstance(table, SqliteKeys)
    assert table.name == "keys.sqlite"


@pytest.mark.parametrize("url", ["cache:6379", "http://:secret@cache", "redis://cache:port"])
def test_what_is_no_url_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(Unopened, match="not the URL of a Redis") as refused:
        open_keys(url, Path())
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, "/home/ada/.local/state/specgw/keys.sqlite"),
        ("keys.db", "/etc/gw/keys.db"),
        ("../keys.db", "/etc/keys.db"),
        ("/var/k", "/var/k"),
    ],
)
def test_where_the_file_lies(said: str | None, expected: str) -> None:
    assert key_file(said, "/etc/gw", Path("/home/ada/.local/state")) == Path(expected)
