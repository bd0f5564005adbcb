"""`specgw keys`: issue, list, rotate and revoke the keys that consumers call with."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from specgw.cli import options, terminal

if TYPE_CHECKING:
    from specgw.state.issuing import Issued
    from specgw.state.records import Record
    from specgw.state.table import KeyTable

Result = TypeVar("Result")

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_TIME = re.compile(r"([0-9]{1,6})([smhd])")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,99}")


class Span(click.ParamType[int]):
    """A length of time: a number and a unit."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Seconds; anything else is a usage error."""
        found = _TIME.fullmatch(str(value))
        if found is None:
            self.fail(f"'{value}' is not a length of time: a number and one of s, m, h, d, such as 90d.", param, ctx)
        return int(found[1]) * _UNITS[found[2]]


class Named(click.ParamType[str]):
    """A name that can stand in logs and headers as it is."""

    name = "name"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name; anything else is a usage error."""
        if _NAME.fullmatch(str(value)) is None:
            self.fail(f"'{value}' is not a name: letters, digits and . _ @ -, up to 100.", param, ctx)
        return str(value)


OF = click.option(
    "--of",
    metavar="SPECS|DIR",
    type=click.Path(path_type=Path, exists=True),
    help="Whose gateway.yaml says where keys are kept. Without it: as for other commands.",
)


@click.group(short_help="Issue, list, rotate, expire and revoke keys.")
def keys() -> None:
    """Keys that consumers call with, for `apiKey` schemes. They are kept as hashes, in a file or in Redis.

    The store is the one that `specgw serve` asks: Redis where `state.redis` or REDIS_URL names one, otherwise the file of
    `state.path`, or keys.sqlite below ~/.local/state/specgw. Running gateways notice every change within two seconds.

    \b
    Examples:
      specgw keys issue --consumer shop --expires 90d
      specgw keys list --format json | jq '.keys[].id'
      specgw keys rotate key_5f0c9a3e71d2 --overlap 24h
      specgw keys revoke key_5f0c9a3e71d2
    """  # noqa: D301 (click's own mark, see app)


@keys.command(short_help="Make a key.")
@click.option("--consumer", required=True, type=Named(), metavar="NAME", help="Who will call with it.")
@click.option("--name", default="", metavar="TEXT", help="What it is for, in words.")
@click.option("--scheme", "schemes", multiple=True, metavar="NAME", help="A security scheme that it is good for. Without: all of apiKey.")
@click.option("--scope", "scopes", multiple=True, metavar="SCOPE", help="A scope that it carries; several times for several.")
@click.option("--role", "roles", multiple=True, metavar="ROLE", help="A role that it carries; several times for several.")
@click.option("--expires", "lasts", type=Span(), metavar="TIME", help="How long it is valid, such as 12h or 90d. Without: for ever.")
@OF
@options.FORMAT
def issue(
    consumer: str,
    name: str,
    schemes: tuple[str, ...],
    scopes: tuple[str, ...],
    roles: tuple[str, ...],
    lasts: int | None,
    of: Path | None,
    form: str,
) -> int:
    """Make a key and print it. It is shown this once: only its hash is kept.

    \b
    Examples:
      specgw keys issue --consumer shop --name "till 4" --scope users:read --expires 90d
      KEY=$(specgw keys issue --consumer ci)
    """  # noqa: D301 (click's own mark, see app)
    from specgw.state.issuing import issue
    from specgw.state.records import Record

    wanted = Record(id="", consumer=consumer, name=name, schemes=schemes, scopes=scopes, roles=roles)
    _show(_with_store(of, lambda table: issue(table, wanted, time.time, lasts=lasts)), form)
    return 0


@keys.command("list", short_help="Show what keys there are.")
@click.option("--consumer", metavar="NAME", help="Only this one's.")
@click.option("--valid", is_flag=True, help="Only those that are accepted now.")
@OF
@options.FORMAT
def list_(consumer: str | None, valid: bool, of: Path | None, form: str) -> int:
    """Show what keys there are, the oldest first: whose they are, what for, until when. Never the keys themselves.

    \b
    Examples:
      specgw keys list --valid
      specgw keys list --consumer shop --format json
    """  # noqa: D301 (click's own mark, see app)
    now = time.time()
    found = [
        record
        for record in _with_store(of, lambda table: table.records())
        if (consumer is None or record.consumer == consumer) and (not valid or record.standing(now) == "valid")
    ]
    if form == "json":
        _print_json({"keys": [_as_json(record, now) for record in found]})
        return 0
    from rich.table import Table

    columns = ("ID", "CONSUMER", "NAME", "STATE", "SCHEMES", "SCOPES", "ROLES", "CREATED", "EXPIRES", "LAST USED", "USES")
    table = Table(*columns, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for record in found:
        table.add_row(
            record.id,
            record.consumer,
            record.name,
            record.standing(now),
            " ".join(record.schemes) or "all",
            " ".join(record.scopes),
            " ".join(record.roles),
            _day(record.created),
            "never" if record.expires is None else _day(record.expires),
            "" if record.last_used is None else _day(record.last_used),
            str(record.uses),
            style="" if record.standing(now) == "valid" else "dim",
        )
    from specgw.cli import compiling

    screen = terminal.styled(sys.stdout, no_color=compiling.settings().no_color)
    with screen.capture() as capture:
        screen.print(table)
    terminal.write("".join(f"{line.rstrip()}\n" for line in capture.get().splitlines()))
    return 0


@keys.command(short_help="Make a key in the place of another one.")
@click.argument("id")
@click.option(
    "--overlap", type=Span(), default="24h", show_default=True, metavar="TIME", help="How long the old key is still accepted; 0s: no more."
)
@click.option("--expires", "lasts", type=Span(), metavar="TIME", help="How long the new one is valid. Without: as long as the old one was.")
@OF
@options.FORMAT
def rotate(id: str, overlap: int, lasts: int | None, of: Path | None, form: str) -> int:
    """Make a key with the same consumer, schemes, scopes and roles as ID, which ends after the overlap.

    \b
    Examples:
      specgw keys rotate key_5f0c9a3e71d2 --overlap 7d
    """  # noqa: D301 (click's own mark, see app)
    from specgw.state.issuing import rotate

    _show(_with_store(of, lambda table: rotate(table, id, time.time, overlap=overlap, lasts=lasts)), form)
    return 0


@keys.command(short_help="Let a key end later on.")
@click.argument("id")
@click.option("--after", type=Span(), required=True, metavar="TIME", help="How long it is still accepted, such as 7d.")
@OF
@options.FORMAT
def expire(id: str, after: int, of: Path | None, form: str) -> int:
    """Let a key end after a time, and no later than it would have ended.

    \b
    Examples:
      specgw keys expire key_5f0c9a3e71d2 --after 7d
    """  # noqa: D301 (click's own mark, see app)
    from specgw.state.issuing import expire

    record = _with_store(of, lambda table: expire(table, id, time.time, after=after))
    if form == "json":
        _print_json(_as_json(record, time.time()))
    else:
        terminal.write(f"{record.id} of {record.consumer} is valid until {_day(record.expires or 0)}\n")
    return 0


@keys.command(short_help="Accept a key no more.")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@OF
@options.FORMAT
def revoke(ids: tuple[str, ...], of: Path | None, form: str) -> int:
    """Accept keys no more, from now on and for good. Running gateways know it within two seconds.

    \b
    Examples:
      specgw keys revoke key_5f0c9a3e71d2
    """  # noqa: D301 (click's own mark, see app)
    from specgw.state import issuing

    async def each(table: KeyTable) -> list[Record]:
        for id in ids:
            await issuing.find(table, id)  # all of them or none
        return [await issuing.revoke(table, id, time.time) for id in ids]

    revoked = _with_store(of, each)
    if form == "json":
        _print_json({"keys": [_as_json(record, time.time()) for record in revoked]})
    else:
        terminal.write("".join(f"{record.id} of {record.consumer} is revoked\n" for record in revoked))
    return 0


@keys.command("hash", short_help="Hash a password for `users`.")
def hash_() -> int:
    """Read a password, and print the hash that `users` of a Basic scheme takes. Nothing is kept.

    On a terminal the password is asked for twice and not shown; otherwise it is the first line of standard input.

    \b
    Examples:
      specgw keys hash
      pass show api/ada | specgw keys hash
    """  # noqa: D301 (click's own mark, see app)
    from specgw.policies.auth.passwords import write

    if sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise click.UsageError("there is no password on standard input.")
    terminal.write(f"{write(password)}\n")
    return 0


def _with_store(of: Path | None, work: Callable[[KeyTable], Awaitable[Result]]) -> Result:
    """Do something with the store, and close it. Raises `Refused` for what cannot be done."""
    from specgw.cli import compiling
    from specgw.cli.key_store import open_store
    from specgw.cli.specs import Refused
    from specgw.state.issuing import NoSuchKey, NotValid
    from specgw.state.table import StoreUnavailable

    table = open_store(of, compiling.settings())

    async def play() -> Result:
        try:
            return await work(table)
        finally:
            await table.close()

    try:
        return asyncio.run(play())
    except NoSuchKey as error:
        raise Refused(f"there is no key with the id '{error}' in {table.name}; `specgw keys list` shows those that there are") from error
    except NotValid as error:
        raise Refused(f"{error}: a key that has ended stays so; issue a new one") from error
    except StoreUnavailable as error:
        raise Refused(str(error)) from error


def _show(issued: Issued, form: str) -> None:
    """The key, for the only time; what is said about it goes to standard error, so that `$(…)` gets the key alone."""
    record = issued.record
    if form == "json":
        _print_json({"key": issued.text, **_as_json(record, time.time())})
        return
    terminal.write(f"{issued.text}\n")
    end = "it does not expire" if record.expires is None else f"valid until {_day(record.expires)}"
    instead = "" if record.replaces is None else f" in the place of {record.replaces}"
    terminal.say(f"{record.id} for {record.consumer}{instead}; {end}. This is the only time that the key is shown.")


def _as_json(record: Record, now: float) -> dict[str, Any]:
    times = {"created": record.created, "expires": record.expires, "revoked": record.revoked, "lastUsed": record.last_used}
    return {
        "id": record.id,
        "consumer": record.consumer,
        "name": record.name,
        "state": record.standing(now),
        "schemes": list(record.schemes),
        "scopes": list(record.scopes),
        "roles": list(record.roles),
        "replaces": record.replaces,
        "owner": record.owner,
        "uses": record.uses,
        **{name: None if value is None else _day(value) for name, value in times.items()},
    }


def _print_json(document: object) -> None:
    terminal.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def _day(seconds: int) -> str:
    """RFC 3339, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
