"""`specgw up`: the sample system and the gateway before it, in one terminal, with one Ctrl-C."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from specgw.cli import options

if TYPE_CHECKING:
    from specgw.cli.supervise import Ended, Supervisor

HOST = "127.0.0.1"

_COLOURS = {"users": "cyan", "products": "magenta", "gateway": "green"}


@click.command(short_help="Try it: two sample services and the gateway.")
@click.option("--port", type=options.Port(), metavar="PORT", default=8080, show_default=True, help="The gateway's port.")
@click.option("--users-port", type=options.Port(), metavar="PORT", default=8081, show_default=True, help="The User Service's port.")
@click.option("--products-port", type=options.Port(), metavar="PORT", default=8082, show_default=True, help="The Product Service's port.")
def up(port: int, users_port: int, products_port: int) -> int:
    """Start two sample services and the gateway before them; Ctrl-C stops everything.

    Serves ./specs where that folder has a gateway.yaml, and follows its changes; otherwise the example that comes with
    specgw. The profile `dev` is active, unless ACTIVE_PROFILES says otherwise.

    \b
    Example:
      specgw up
    """  # noqa: D301 (click's own mark, see app)
    from rich.text import Text

    from sample_services import specs
    from specgw.cli import INTERRUPTED, compiling, terminal
    from specgw.cli.specs import Documents, Refused
    from specgw.cli.supervise import Ended, Member, Supervisor
    from specgw.cli.tour import readable, requests
    from specgw.settings import DEV_PROFILE, python_path, read_settings

    for option, number in (("--port", port), ("--users-port", users_port), ("--products-port", products_port)):
        if _occupied(number):
            raise Refused(f"port {number} is in use: stop what listens there, or choose another with {option}")
    followed = Path("specs", "gateway.yaml").is_file()
    folder = Path("specs") if followed else specs()
    urls = {"USERS_URL": f"http://{HOST}:{users_port}", "PRODUCTS_URL": f"http://{HOST}:{products_port}"}
    environ = {"ACTIVE_PROFILES": DEV_PROFILE, **os.environ, **urls, "PYTHONPATH": python_path(os.environ), "PYTHONUNBUFFERED": "1"}
    # The folder's own gateway.yaml it is: a GATEWAY_CONFIG was meant for another gateway.
    environ.pop("GATEWAY_CONFIG", None)
    settings = read_settings(environ)

    build = compiling.compiled(Documents((folder,)), settings)
    if build.plan is None:
        compiling.report(build, build.findings.settle(), settings, to_stderr=True)
        return 1
    base = f"http://{HOST}:{port}"
    lines = "".join(f"  {line}\n" for line in requests(build.plan, base, dev=settings.dev))
    screen = terminal.styled(sys.stdout, no_color=settings.no_color)

    def show(name: str, line: str) -> None:
        text = Text(f"{name:<8} | ", style=_COLOURS[name])
        screen.print(text.append(readable(line) if name == "gateway" else line, style="default"))

    def ready() -> None:
        places = f"The portal is on {base}/portal/, the sandbox on {base}/sandbox/."
        screen.print(f"\nspecgw is up on {base}. Try:\n\n{lines}\n{places}\nCtrl-C stops everything.\n")

    serve = ("serve", str(folder), "--host", HOST, "--port", str(port), *(["--watch"] if followed else []))
    members = [
        Member("users", _python("sample_services.users", "--port", str(users_port)), environ, HOST, users_port),
        Member("products", _python("sample_services.products", "--port", str(products_port)), environ, HOST, products_port),
        Member("gateway", _python("specgw", *serve), environ, HOST, port, "/readyz"),
    ]
    outcome = asyncio.run(_until_signal(Supervisor(members, show), ready))
    if isinstance(outcome, Ended):
        terminal.say(f"specgw: {outcome.name} {_ending(outcome.code)}; everything is stopped")
        return 1
    return INTERRUPTED if outcome is signal.SIGINT else 0


async def _until_signal(supervisor: Supervisor, ready: Callable[[], None]) -> Ended | signal.Signals:
    """Run members until a signal; returns what ended it."""
    received: list[signal.Signals] = []

    def stop(number: signal.Signals) -> None:
        received.append(number)
        supervisor.stop()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup, and a shell's background jobs, ignore some.
            loop.add_signal_handler(number, stop, number)
    ended = await supervisor.run(ready)
    return ended if ended is not None else received[0]


def _occupied(port: int) -> bool:
    """Whether something listens on a port already."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: a port whose last connections are just being forgotten is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    # -P: what lies in the current folder never stands in for a module of the same name.
    return (sys.executable, "-P", "-m", module, *arguments)


def _ending(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
