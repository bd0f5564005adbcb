"""Arguments and options that several commands share, and the types of their values."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import urlsplit

import click

Command = TypeVar("Command", bound=Callable[..., object])
_ALLOWED = "specgw.allow_remote"
_HOST = re.compile(r"([A-Za-z0-9._\-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")


def _allow(ctx: click.Context, param: click.Parameter, hosts: tuple[str, ...]) -> None:
    for host in hosts:
        if _HOST.fullmatch(host) is None:
            raise click.BadParameter(f"'{host}' is neither NAME nor NAME:PORT.", ctx, param)
    ctx.meta[_ALLOWED] = hosts


def allowed_hosts() -> tuple[str, ...]:
    """What `--allow-remote` names in the command that runs: hosts that documents may be fetched from."""
    ctx = click.get_current_context(silent=True)
    hosts: tuple[str, ...] = () if ctx is None else ctx.meta.get(_ALLOWED, ())
    return hosts


def _documents(metavar: str) -> Callable[[Command], Command]:
    """The argument for documents, with the option that says where references may lead."""

    def decorate(command: Command) -> Command:
        allowed = click.option(
            "--allow-remote",
            metavar="HOST",
            multiple=True,
            expose_value=False,
            callback=_allow,
            help="Fetch what references to this host name, NAME or NAME:PORT; may be repeated. Without: none.",
        )
        return allowed(click.argument("specs", metavar=metavar, nargs=-1, type=click.Path(path_type=Path))(command))

    return decorate


SPECS = _documents("[SPECS]...")
SPECS_OR_DIR = _documents("[SPECS|DIR]...")
STRICT = click.option("--strict", is_flag=True, help="Treat warnings as errors.")
FORMAT = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="For people, or for programs."
)
FINDINGS_FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="For people, for programs, or for code hosts and editors (SARIF 2.1.0).",
)


class Port(click.ParamType[int]):
    """The number of a TCP port; with `free`, 0 as well, which stands for any free one."""

    name = "port"

    def __init__(self, *, free: bool = False) -> None:
        self._least = 0 if free else 1

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; anything else is a usage error."""
        text = str(value)
        if not (text.isascii() and text.isdigit() and self._least <= int(text) < 1 << 16):
            self.fail(f"'{text}' is not a port: a number from {self._least} to 65535.", param, ctx)
        return int(text)


Off = Literal["off"]


class Address(click.ParamType["tuple[str, int] | Off"]):
    """`HOST:PORT`, with an IPv6 host in brackets; or `off`."""

    name = "address"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int] | Off:
        """Host and port, or `off`; anything else is a usage error."""
        value = str(value)
        if value == "off":
            return "off"
        host, colon, port = value.rpartition(":")
        if not (colon and host and port.isascii() and port.isdigit() and int(port) < 1 << 16):
            self.fail(f"'{value}' is neither HOST:PORT nor off; for example 127.0.0.1:9901 or [::1]:9901.", param, ctx)
        if ":" in host and not (host.startswith("[") and host.endswith("]")):
            self.fail(f"'{value}': an IPv6 address stands in brackets, for example [::1]:9901.", param, ctx)
        return host.removeprefix("[").removesuffix("]"), int(port)


class ServiceUrl(click.ParamType[str]):
    """An absolute http or https URL, with a path or without, that requests can be sent to."""

    name = "url"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The URL as given; anything that names no http service is a usage error."""
        text = str(value)
        try:
            parts = urlsplit(text)
            sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            sound = False
        if not sound:
            self.fail(f"'{text}' is not an http or https URL; for example http://127.0.0.1:9000/v1.", param, ctx)
        if parts.query or parts.fragment or "?" in text or "#" in text:
            self.fail(f"'{text}' has a query or a fragment: the request brings its own query.", param, ctx)
        return text
