"""The pytest plugin of specgw: one fixture, `specgw_contract`, that holds what answers at a URL to the documents.

    def test_contract(specgw_contract):
        specgw_contract("specs/", url="http://127.0.0.1:8080", credentials={"key": ["of one", "of another"]})

It is there wherever specgw is installed. What `specgw test` can be told, the fixture can be told too.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from inspect import signature
from typing import Protocol

import pytest

from specgw.diagnostics import did_you_mean
from specgw.settings import python_path

Strings = str | Sequence[str]
PathLike = str | os.PathLike[str]


class Contract(Protocol):
    """Fails the test, with what schemathesis says, where something at `url` is not what the documents say.

    `specs`: files and folders as for `specgw test`, or one folder that `specgw build` wrote. `credentials`: values by the name
    of the security scheme, the first identity's first. Everything else as the option of that name.
    """

    def __call__(
        self,
        *specs: PathLike,
        url: str,
        service: str | None = None,
        credentials: Mapping[str, Strings] | None = None,
        sandbox: bool = False,
        operations: Strings = (),
        exclude: Strings = (),
        phases: Strings = (),
        skip_checks: Strings = (),
        examples: int | None = None,
        seed: int | None = None,
        workers: int = 1,
        max_time: int | None = None,
        rate_limit: str | None = None,
        junit: PathLike | None = None,
        har: PathLike | None = None,
    ) -> None:
        """Test until there is a verdict."""


@pytest.fixture(scope="session")
def specgw_contract() -> Contract:
    """Holds what answers at a URL to the documents: see `Contract`."""
    return check


def check(
    *specs: PathLike,
    url: str = "",
    service: str | None = None,
    credentials: Mapping[str, Strings] | None = None,
    sandbox: bool = False,
    operations: Strings = (),
    exclude: Strings = (),
    phases: Strings = (),
    skip_checks: Strings = (),
    examples: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    max_time: int | None = None,
    rate_limit: str | None = None,
    junit: PathLike | None = None,
    har: PathLike | None = None,
    **unknown: object,
) -> None:
    """What the fixture gives: see `Contract`."""
    __tracebackhide__ = True
    for name in unknown:
        known = [
            parameter.name for parameter in signature(Contract.__call__).parameters.values() if parameter.kind is parameter.KEYWORD_ONLY
        ]
        pytest.fail(f"specgw_contract has no keyword '{name}'; {did_you_mean(name, known)}", pytrace=False)
    if not url:
        pytest.fail("specgw_contract needs url=, what is tested: a gateway, a sandbox, or a service", pytrace=False)
    options: list[tuple[str, object]] = [
        ("--url", url),
        ("--service", service),
        ("--phases", ",".join(_each(phases)) or None),
        ("--skip-checks", ",".join(_each(skip_checks)) or None),
        ("--examples", examples),
        ("--seed", seed),
        ("--workers", workers),
        ("--max-time", max_time),
        ("--rate-limit", rate_limit),
        ("--junit", junit),
        ("--har", har),
        *(("--operation", operation) for operation in _each(operations)),
        *(("--exclude", operation) for operation in _each(exclude)),
    ]
    environ = {**os.environ, "PYTHONPATH": python_path(os.environ)}
    for number, (scheme, value) in enumerate((scheme, value) for scheme, values in (credentials or {}).items() for value in _each(values)):
        # By way of the environment: what stands on a command line every process of the machine can read.
        environ[f"SPECGW_CREDENTIAL_{number}"] = value
        options.append(("--credential", f"{scheme}=${{SPECGW_CREDENTIAL_{number}}}"))
    command = [sys.executable, "-P", "-m", "specgw", "test", *(os.fspath(path) for path in specs)]
    command += ["--sandbox"] if sandbox else []
    command += [word for name, value in options if value is not None for word in (name, str(value))]
    ended = subprocess.run(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", check=False)
    if ended.returncode:
        pytest.fail(f"specgw test ended with {ended.returncode}:\n{ended.stdout}", pytrace=False)
    print(ended.stdout)


def _each(values: Strings) -> Iterator[str]:
    yield from (values,) if isinstance(values, str) else values
