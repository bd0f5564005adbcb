"""Which store: Redis where one is named, otherwise a file."""

from __future__ import annotations

import os
from pathlib import Path

from specgw.state.redis_keys import RedisKeys
from specgw.state.sqlite_keys import SqliteKeys
from specgw.state.table import KeyTable

FILE = "keys.sqlite"


class Unopened(Exception):
    """What is said about the store cannot be used; the message shows no password."""


def open_keys(redis: str | None, path: Path) -> KeyTable:
    """The table in a Redis if its URL is given, else in a file. Connects to nothing yet. Raises Unopened."""
    if not redis:
        return SqliteKeys(path)
    try:
        return RedisKeys(redis)
    except ValueError:
        raise Unopened("not the URL of a Redis, such as redis://localhost:6379/0") from None


def key_file(said: str | None, folder: str, state_home: Path) -> Path:
    """The file: what `state.path` says, from gateway.yaml's folder; else its place below `state_home`."""
    if said is None:
        return state_home.expanduser() / "specgw" / FILE
    return Path(os.path.normpath(os.path.join(os.path.abspath(folder), os.path.expanduser(said))))
