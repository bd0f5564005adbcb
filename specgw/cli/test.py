"""`specgw test`: is what answers at a URL what the documents say? Asked by schemathesis, thousands of times."""

from __future__ import annotations

import re
import socket
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from specgw.cli import count, options
from specgw.contract.checks import CHECKS, PHASES

if TYPE_CHECKING:
    from specgw.contract.credentials import Identity
    from specgw.contract.subject import Subject
    from specgw.plan.model import Plan
    from specgw.settings import Settings


class Names(click.ParamType["tuple[str, ...]"]):
    """Names from a list, separated by commas."""

    name = "names"

    def __init__(self, known: tuple[str, ...]) -> None:
        self._known = known

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """The names; an unknown one is a usage error that suggests the closest."""
        from specgw.diagnostics import did_you_mean

        names = tuple(name.strip() for name in str(value).split(",") if name.strip())
        for name in names:
            if name not in self._known:
                self.fail(f"there is no '{name}'; {did_you_mean(name, self._known)}", param, ctx)
        return names


class Rate(click.ParamType[str]):
    """So many requests in a second, a minute or an hour."""

    name = "rate"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """As schemathesis has it."""
        text = str(value)
        if text != "auto" and not re.fullmatch(r"[1-9][0-9]{0,8}/[smh]", text, re.ASCII):
            self.fail(f"'{text}' is no rate; for example 20/s, 600/m, or auto", param, ctx)
        return text


@click.command(short_help="Hold a gateway, a sandbox or a service to the documents.")
@options.SPECS_OR_DIR
@click.option("--url", type=options.ServiceUrl(), required=True, metavar="URL", help="What is tested: a gateway, a sandbox, or a service.")
@click.option("--service", metavar="NAME", help="Test this service itself, without the gateway: its own paths, its own answers.")
@click.option(
    "--credential",
    "credentials",
    multiple=True,
    metavar="SCHEME=VALUE",
    help="A key, a token, or user:password for a security scheme; ${NAME} in it comes from the environment. A second one for the same "
    "scheme is another identity, which must not get what belongs to the first.",
)
@click.option("--sandbox", is_flag=True, help="URL is a sandbox: call it as the two identities that every sandbox knows.")
@click.option("--operation", "operations", multiple=True, metavar="ID", help="Test this operationId only; may be repeated.")
@click.option("--exclude", "left_out", multiple=True, metavar="ID", help="Leave this operationId out; may be repeated.")
@click.option("--phases", type=Names(PHASES), metavar="NAMES", help=f"Of {', '.join(PHASES)}; all by default.")
@click.option("--skip-checks", type=Names(CHECKS), metavar="NAMES", help="Checks of schemathesis to leave out; none by default.")
@click.option("--examples", type=click.IntRange(1), metavar="N", help="Requests that are generated for one operation, at most.")
@click.option("--seed", type=click.IntRange(0), metavar="N", help="Generate the same requests as another run; it is printed at the end.")
@click.option("--workers", type=click.IntRange(1, 64), metavar="N", default=1, show_default=True, help="Requests at a time.")
@click.option("--max-time", "seconds", type=click.IntRange(1), metavar="SECONDS", help="Go on generating until then.")
@click.option("--rate-limit", "rate", type=Rate(), metavar="N/s|auto", help="Send no more than this; auto: as Retry-After says.")
@click.option("--junit", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write a JUnit report.")
@click.option("--har", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write all requests and answers (HAR).")
def test(
    specs: tuple[Path, ...],
    url: str,
    service: str | None,
    credentials: tuple[str, ...],
    sandbox: bool,
    operations: tuple[str, ...],
    left_out: tuple[str, ...],
    phases: tuple[str, ...] | None,
    skip_checks: tuple[str, ...] | None,
    examples: int | None,
    seed: int | None,
    workers: int,
    seconds: int | None,
    rate: str | None,
    junit: Path | None,
    har: Path | None,
) -> int:
    """Send what the merged document of SPECS allows and what it forbids to URL, and check every answer against it.

    The requests are made by schemathesis: documented examples, edge cases of every parameter, random ones, and operations
    one after the other. Requests change data: test against a system that is there for it.

    Exit code 0 where nothing is wrong, 1 where a check failed, or where credentials opened nothing, 2 where there is no
    verdict. Several documents (versions, hosts) are tested one after the other; their reports have the document's name before the
    suffix.

    \b
    Examples:
      specgw test specs/ --url http://127.0.0.1:8080 --credential key=DEV_KEY_12345
      specgw test specs/ --url http://127.0.0.1:8081 --service users
      specgw test specs/ --url http://127.0.0.1:4010 --sandbox
      specgw test generated/ --url http://127.0.0.1:8080 --junit report.xml --har traffic.har
    """  # noqa: D301 (click's own mark, see app)
    from specgw.cli import INTERRUPTED, compiling, terminal
    from specgw.contract.credentials import NotACredential, identities, read_values
    from specgw.contract.run import Choices, run
    from specgw.contract.subject import mocked

    settings = compiling.settings()
    if service is not None and sandbox:
        raise click.UsageError("--service is tested without the gateway, and --sandbox without the service: choose one")
    tested = _tested(specs, service, settings)
    if tested is None:
        return 1
    found, plan = tested
    if sandbox:
        found = [mocked(subject, plan) for subject in found]
    found = _chosen(found, operations, left_out)
    dev = settings.dev and service is None and not sandbox
    try:
        values = read_values(credentials)
        callers = [
            identities({**(_known(plan, subject) if sandbox else {}), **_of(values, subject, found)}, subject.document, dev=dev)
            for subject in found
        ]
    except NotACredential as fault:
        raise click.UsageError(str(fault)) from None
    _reach(url)
    worst = 0
    for subject, calling in zip(found, callers, strict=True):
        who = ", ".join(f"{identity.name} with {' and '.join(identity.sent)}" for identity in calling) or "nobody has credentials"
        terminal.say(f"{subject.name}: {count(subject.operations, 'operation')} at {url}; {who}")
        _warn(subject, calling, sandbox=sandbox)
        single = subject is found[0]
        choices = Choices(
            phases=phases or (),
            skipped_checks=skip_checks or (),
            operations=tuple(name for name in operations if name in subject.names()),
            left_out=tuple(name for name in left_out if name in subject.names()),
            examples=examples,
            seed=seed,
            workers=workers,
            seconds=seconds,
            rate=rate,
            junit=junit if junit is None or single else _beside(junit, subject.name),
            har=har if har is None or single else _beside(har, subject.name),
        )
        try:
            ended = run(subject, url, calling, choices)
        except KeyboardInterrupt:
            return INTERRUPTED
        if ended == INTERRUPTED:
            return ended
        worst = max(worst, ended if ended in (0, 1) else 2)
    return worst


def _chosen(found: list[Subject], operations: tuple[str, ...], left_out: tuple[str, ...]) -> list[Subject]:
    """The documents that have an operation to test; an operation that none of them has is refused with the closest."""
    from specgw.diagnostics import did_you_mean

    known = frozenset[str]().union(*(subject.names() for subject in found))
    for name in (*operations, *left_out):
        if name not in known:
            raise click.UsageError(f"there is no operationId '{name}'; {did_you_mean(name, known) or 'the document has none'}")
    return [subject for subject in found if not operations or subject.names().intersection(operations)]


def _warn(subject: Subject, calling: list[Identity], *, sandbox: bool) -> None:
    """Say which operations only refusals can be expected of, since nobody has credentials for them."""
    from specgw.cli import terminal
    from specgw.contract.credentials import shut_out

    shut = shut_out(subject, calling)
    if shut:
        schemes = sorted({name for names in shut.values() for name in names})
        way = "" if sandbox else f"; give some with --credential {schemes[0]}=VALUE, or say --sandbox where URL is one"
        asked = f"{count(len(shut), 'operation')} of {subject.operations} ({' or '.join(schemes)})"
        terminal.say(f"warning: nobody has credentials for {asked}: that they refuse is all that is tested there{way}")


def _known(plan: Plan, subject: Subject) -> dict[str, list[str]]:
    """The values of the identities that every sandbox knows."""
    from specgw.contract.sandbox import sandbox_values

    return sandbox_values(plan, subject.document)


def _tested(specs: tuple[Path, ...], service: str | None, settings: Settings) -> tuple[list[Subject], Plan] | None:
    """What is tested, and its Plan; None where the documents have errors, which are printed."""
    from specgw.cli import compiling
    from specgw.cli.generated import read_merged, read_plan
    from specgw.cli.specs import Generated, Refused, locate
    from specgw.contract.subject import service_subject, subjects
    from specgw.diagnostics import did_you_mean

    located = locate(specs, settings)
    if isinstance(located, Generated):
        if service is not None:
            raise Refused(f"{located.directory} is what `specgw build` wrote, for clients of the gateway; --service needs the documents")
        plan = read_plan(located)
        return subjects(read_merged(located), plan.routes), plan
    build = compiling.compiled(located, settings)
    if build.plan is None:
        compiling.report(build, build.findings.settle(), settings, to_stderr=True)
        return None
    if service is None:
        found = subjects(build.merged, build.plan.routes)
        if not found:
            raise Refused("nothing to test: no operation is public")
        return found, build.plan
    subject = service_subject(build, service)
    if subject is None:
        raise Refused(f"there is no service '{service}'; {did_you_mean(service, sorted({entry.service for entry in build.declared}))}")
    return [subject], build.plan


def _of(values: dict[str, list[str]], subject: Subject, all_of_them: list[Subject]) -> dict[str, list[str]]:
    """The values that a document has schemes for; one that no document has stays, to be refused."""
    others = {name for other in all_of_them if other is not subject for name in _schemes(other)}
    return {name: given for name, given in values.items() if name in _schemes(subject) or name not in others}


def _schemes(subject: Subject) -> frozenset[str]:
    return frozenset(subject.document.get("components", {}).get("securitySchemes", {}))


def _beside(report: Path, document: str) -> Path:
    """A report's name with the document's in it: report.openapi.v2.xml."""
    return report.with_name(f"{report.stem}.{document.removesuffix('.json')}{report.suffix}")


def _reach(url: str) -> None:
    """Raises `Refused` where nobody listens: one sentence instead of a failure for each operation."""
    from specgw.cli.specs import Refused

    parts = urlsplit(url)
    assert parts.hostname is not None
    try:
        socket.create_connection((parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)), timeout=10).close()
    except OSError as error:
        raise Refused(f"nobody answers at {url}: {error.strerror or error}") from error
