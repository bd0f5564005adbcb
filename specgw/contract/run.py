"""Runs schemathesis against a URL and says how it ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec

from specgw.contract.credentials import Identity, shut_out
from specgw.contract.prepared import CONFIGURATION, DOCUMENT, SESSION, Prepared
from specgw.contract.subject import Subject
from specgw.contract.tokens import with_bearer_tokens
from specgw.settings import python_path

_SECRET_WORDS = ("token", "key", "secret", "password", "passwd", "auth", "session", "credential", "cookie")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What of schemathesis' own settings can be chosen; None and (): as it thinks best."""

    phases: tuple[str, ...] = ()
    skipped_checks: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    """OperationIds of the merged document, to test these alone."""
    left_out: tuple[str, ...] = ()
    """OperationIds not to test."""
    examples: int | None = None
    """How many requests are generated for one operation, at most."""
    seed: int | None = None
    workers: int = 1
    seconds: int | None = None
    rate: str | None = None
    """How many requests in what time at most, as `100/s`; `auto`: as `Retry-After` says."""
    junit: Path | None = None
    har: Path | None = None

    def arguments(self) -> list[str]:
        """As arguments of `schemathesis run`."""
        pairs: list[tuple[str, object]] = [
            ("--phases", ",".join(self.phases) or None),
            ("--exclude-checks", ",".join(self.skipped_checks) or None),
            *(("--include-operation-id", operation) for operation in self.operations),
            *(("--exclude-operation-id", operation) for operation in self.left_out),
            ("--max-examples", self.examples),
            ("--seed", self.seed),
            ("--workers", self.workers),
            ("--max-time", self.seconds),
            ("--rate-limit", self.rate),
            ("--report-junit-path", None if self.junit is None else self.junit.absolute()),
            ("--report-har-path", None if self.har is None else self.har.absolute()),
        ]
        return [word for name, value in pairs if value is not None for word in (name, str(value))]


def run(subject: Subject, url: str, identities: Sequence[Identity], choices: Choices, *, output: IO[str] | int | None = None) -> int:
    """Test what answers at a URL; returns schemathesis' exit code: 0 clean, 1 failures, 2 no verdict.

    `output`: where its progress and its summary go, as `subprocess` has it; None: where those of this process go.
    """
    with tempfile.TemporaryDirectory(prefix="specgw-test-") as name:
        folder = Path(name)  # nobody else's: it holds credentials
        (folder / DOCUMENT).write_bytes(msgspec.json.encode(with_bearer_tokens(subject.document)))
        shut = {*shut_out(subject, identities), *subject.refusing()}
        (folder / CONFIGURATION).write_text(_configuration(identities, shut), encoding="utf-8")
        fields = {label: dict(fields) for label, fields in subject.fields.items()}
        prepared = Prepared(identities=tuple(identities), fields=fields, gateway=subject.gateway)
        (folder / SESSION).write_bytes(msgspec.json.encode(prepared))
        command = [sys.executable, "-P", "-m", "specgw.contract.session", name, "--config-file", CONFIGURATION, "run", DOCUMENT]
        command += ["--url", url, "--generation-database", "none", *choices.arguments()]
        environ = {**os.environ, "PYTHONPATH": python_path(os.environ)}
        # In the folder, so that nothing that schemathesis keeps for a next run is left in the user's own.
        return subprocess.run(command, cwd=folder, env=environ, stdout=output, stderr=output and subprocess.STDOUT, check=False).returncode


def _configuration(identities: Sequence[Identity], shut: Collection[str]) -> str:
    """schemathesis.toml: nothing kept for a next run, and no credential in what is printed and reported.

    No operation is clean that nobody got into, or that was nearly always busy; but for those that have to refuse (`shut`).
    """
    fields = {sent.name.lower() for identity in identities for sent in identity.sent.values()}
    markers = json.dumps(sorted({*_SECRET_WORDS, *fields}))
    text = f"[cache]\nenabled = false\n\n[output.sanitization]\nsensitive-markers = {markers}\n"
    text += '\n[warnings]\nfail-on = ["missing_auth", "rate_limited"]\n'
    return text + (f"\n[[operations]]\ninclude-name = {json.dumps(sorted(shut))}\nwarnings = false\n" if shut else "")
