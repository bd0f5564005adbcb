"""The command from the outside: what it prints, what it keeps, and what it refuses."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from specgw.cli.app import main
from specgw.policies.auth import passwords
from specgw.state.key_text import well_formed


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("GATEWAY_CONFIG", "ACTIVE_PROFILES", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


class Keys:
    """Plays `specgw keys`."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str, code: int = 0) -> tuple[str, str]:
        assert main(["keys", *arguments]) == code
        printed = self._capsys.readouterr()
        return printed.out, printed.err

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--format", "json")[0])


@pytest.fixture
def keys(capsys: pytest.CaptureFixture[str]) -> Keys:
    return Keys(capsys)


def test_a_key_is_shown_once_and_kept_as_a_hash(keys: Keys, folder: Path) -> None:
    out, err = keys(
        "issue", "--consumer", "shop", "--name", "till 4", "--scope", "a", "--scope", "b", "--role", "seller", "--scheme", "key"
    )
    text = out.removesuffix("\n")
    assert well_formed(text.encode())
    assert "This is the only time that the key is shown." in err
    assert text not in err
    [record] = keys.json("list")["keys"]
    wanted = {"consumer": "shop", "name": "till 4", "state": "valid", "schemes": ["key"], "scopes": ["a", "b"], "roles": ["seller"]}
    assert wanted.items() <= record.items()
    assert (record["expires"], record["revoked"], record["replaces"], record["lastUsed"]) == (None, None, None, None)
    [file] = (folder / "state" / "specgw").glob("keys.sqlite")
    assert file.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(file) as store:
        assert text not in "\n".join(store.iterdump())
    store.close()
    assert all(text.encode() not in part.read_bytes() for part in file.parent.iterdir())


def test_a_list_for_people(keys: Keys) -> None:
    keys("issue", "--consumer", "shop", "--expires", "90d")
    keys("issue", "--consumer", "market")
    out, err = keys("list")
    lines = [line.split() for line in out.splitlines()]
    assert lines[0][:4] == ["ID", "CONSUMER", "NAME", "STATE"]
    assert [(line[1], line[2], line[3]) for line in lines[1:]] == [("shop", "valid", "all"), ("market", "valid", "all")]
    assert lines[2][-2:] == ["never", "0"]
    assert err == ""
    assert keys("list", "--consumer", "market")[0].count("key_") == 1


def test_nothing_is_a_list_too(keys: Keys, folder: Path) -> None:
    assert keys.json("list") == {"keys": []}
    assert not (folder / "state").exists()


def test_rotation_overlaps(keys: Keys) -> None:
    first = keys.json("issue", "--consumer", "shop", "--scope", "a", "--expires", "30d")
    second = keys.json("rotate", first["id"], "--overlap", "1h")
    assert second["key"] != first["key"]
    assert (second["consumer"], second["scopes"], second["replaces"]) == ("shop", ["a"], first["id"])
    listed = {record["id"]: record for record in keys.json("list")["keys"]}
    assert listed[first["id"]]["state"] == "valid"
    assert listed[first["id"]]["expires"] < first["expires"]
    third = keys.json("rotate", second["id"], "--overlap", "0s")
    states = {record["id"]: record["state"] for record in keys.json("list")["keys"]}
    assert states == {first["id"]: "valid", second["id"]: "expired", third["id"]: "valid"}
    assert [record["id"] for record in keys.json("list", "--valid")["keys"]] == [first["id"], third["id"]]
    assert "a key that has ended stays so" in keys("rotate", second["id"], code=2)[1]


def test_a_key_gets_an_end(keys: Keys) -> None:
    issued = keys.json("issue", "--consumer", "shop")
    record = keys.json("expire", issued["id"], "--after", "1h")
    assert (record["state"], record["id"]) == ("valid", issued["id"])
    assert keys("expire", issued["id"], "--after", "7d")[0] == f"{issued['id']} of shop is valid until {record['expires']}\n"
    keys("expire", issued["id"], "--after", "0s")
    assert keys.json("list")["keys"][0]["state"] == "expired"
    assert "is expired: a key that has ended stays so" in keys("expire", issued["id"], "--after", "7d", code=2)[1]


def test_revoked_is_for_good(keys: Keys) -> None:
    id = keys.json("issue", "--consumer", "shop")["id"]
    assert keys("revoke", id)[0] == f"{id} of shop is revoked\n"
    [record] = keys.json("revoke", id)["keys"]
    assert record["state"] == "revoked"
    assert "is revoked: a key that has ended stays so" in keys("rotate", id, code=2)[1]


def test_several_are_revoked_together_or_none(keys: Keys) -> None:
    id = keys.json("issue", "--consumer", "shop")["id"]
    assert "there is no key with the id 'key_0'" in keys("revoke", id, "key_0", code=2)[1]
    assert keys.json("list")["keys"][0]["state"] == "valid"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("issue",), "Missing option '--consumer'"),
        (("issue", "--consumer", "a b"), "'a b' is not a name"),
        (("issue", "--consumer", "a\nb"), "is not a name"),
        (("issue", "--consumer", "shop", "--expires", "soon"), "'soon' is not a length of time"),
        (("rotate", "key_0", "--overlap", "-1s"), "is not a length of time"),
        (("revoke",), "Missing argument 'ID...'"),
        (("rotate", "key_0"), "there is no key with the id 'key_0'"),
        (("lisst",), "No such command 'lisst'"),
    ],
)
def test_wrong_usage(keys: Keys, arguments: tuple[str, ...], said: str) -> None:
    out, err = keys(*arguments, code=2)
    assert out == ""
    assert said in " ".join(err.split())


def test_a_password_becomes_a_hash(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse\nsomething else\n"))
    out, err = keys("hash")
    assert passwords.read(out.removesuffix("\n")).matches(b"correct horse")
    assert (out.count("\n"), err) == (1, "")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert "there is no password" in keys("hash", code=2)[1]


def test_a_store_that_cannot_be_asked(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://:hunter2@127.0.0.1:1/0")
    out, err = keys("list", code=2)
    assert out == ""
    assert "127.0.0.1:1" in err
    assert "hunter2" not in err
    assert "Traceback" not in err
