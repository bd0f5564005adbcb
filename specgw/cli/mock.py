"""`specgw mock`: the sandbox alone, where nobody has a service yet, or wants one."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import click

from specgw.cli import count, options, serve, terminal
from specgw.cli.specs import Refused
from specgw.settings import read_settings


@click.command(short_help="Answer from examples and schemas, without services.")
@options.SPECS_OR_DIR
@click.option("--port", type=options.Port(free=True), metavar="PORT", default=4010, show_default=True, help="Where to listen; 0: any.")
@click.option("--host", metavar="HOST", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--watch", is_flag=True, help="Follow changes of the documents; after a bad one the last good plan goes on.")
@click.option("--dynamic", is_flag=True, help="Make values from the schemas for each request, though there are examples.")
@click.option("--ignore-examples", is_flag=True, help="Make values from the schemas, the same ones for all requests.")
@click.option("--seed", metavar="TEXT", default="", help="Another text leads to other values.")
@click.option("--cors/--no-cors", default=True, show_default=True, help="Let pages of every origin read the answers.")
@options.STRICT
def mock(
    specs: tuple[Path, ...],
    port: int,
    host: str,
    watch: bool,
    strict: bool,
    dynamic: bool,
    ignore_examples: bool,
    seed: str,
    cors: bool,
) -> int:
    """Answer every operation of the documents, or of DIR as `specgw build` wrote it, until SIGTERM or Ctrl-C.

    Requests are checked as a gateway checks them; answers are the documents' examples, or made from their schemas. `Prefer`
    chooses: code=404, example=NAME, dynamic=true, seed=TEXT, delay=MILLISECONDS; so do query parameters such as __code=404.

    Prints two identities that work for each security scheme.

    \b
    Examples:
      specgw mock petstore.yaml
      specgw mock specs/ --port 0 --watch
      specgw mock specs/ --dynamic --seed monday
    """  # noqa: D301 (click's own mark, see app)
    settings = read_settings(os.environ)
    source = serve.source_of(specs, settings, upstream=None, strict=strict)
    seen = serve.watch_of(source.roots) if watch else None
    reading = asyncio.run(serve.first(source))
    serve.show(reading, settings, before=())
    if reading.plan is None:
        return 1

    from specgw import gateway as running
    from specgw.dataplane.activation import ActivationError
    from specgw.mock.manner import Manner

    manner = Manner(dynamic=dynamic, seed=seed, examples=not ignore_examples, shared=cors)
    chosen = running.Options(host=host, port=port, admin_enabled=False, mocked=manner, portal=True, environ=os.environ)
    try:
        gateway = running.Gateway(reading.plan, chosen)
        gateway.bind()
        session = Sandbox(gateway, source, settings)
        running.run(gateway, lambda: session.serving(reading, seen))
    except ActivationError as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Refused(serve.reason(error)) from error
    finally:
        reading.drop()
    return session.exit_code


class Sandbox(serve.Session):
    """What accompanies the sandbox: says where it is, and who may call."""

    def announce(self) -> None:
        """The address, and what works for each scheme."""
        from specgw.mock.credentials import credentials

        gateway = self._gateway
        plan = gateway.plan
        address = serve.url(gateway.address, gateway.secure)
        terminal.say(f"the sandbox answers {count(len(plan.routes), 'operation')} on {address}")
        for scheme, lines in credentials(plan):
            terminal.say(f"  {scheme}:")
            for line in lines:
                terminal.say(f"    {line}")
