"""The child's side of `process`: a request as JSON on stdin, one outcome as MessagePack on stdout, and further ones when asked.

It ends with 0 whatever the documents hold; a traceback and another status mean a defect of the compiler itself.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from typing import NoReturn

import msgspec

from specgw.compiler.build import Build
from specgw.compiler.compile import compile_documents
from specgw.compiler.messages import Outcome, Request, receive, send
from specgw.diagnostics import Severity
from specgw.plan.codec import encode


def outcome(build: Build, *, strict: bool) -> Outcome:
    """What a server is told of a compile."""
    findings = build.findings.settle(strict=strict)
    failed = build.plan is None or any(finding.severity is Severity.ERROR for finding in findings)
    excerpts: dict[str, dict[int, str]] = {}
    for finding in findings:
        excerpts.setdefault(finding.file, {})[finding.line] = build.excerpt(finding.file, finding.line)
    return Outcome(
        plan=None if failed or build.plan is None else encode(build.plan),
        findings=tuple(findings),
        excerpts=excerpts,
        files=tuple(map(str, build.files)),
        beside=tuple(map(str, build.portal.files)),
        folder="" if build.folder is None else str(build.folder),
    )


def converse(further: Callable[[Build], bytes]) -> NoReturn:
    """Compile what is asked for, and make `further` of it if that is asked for, too.

    Between the two it waits: the server decides when there is time for it, and ends its child by closing the pipe.
    """
    gc.disable()  # all that a compile makes lives until its end
    asked = receive(sys.stdin.buffer)
    request = msgspec.json.decode(asked or b"", type=Request)
    build = compile_documents(request.inputs())
    send(sys.stdout.buffer, msgspec.msgpack.encode(outcome(build, strict=request.strict)))
    if receive(sys.stdin.buffer) is not None:
        gc.freeze()
        gc.enable()
        os.nice(10)  # whoever calls the gateway comes first
        send(sys.stdout.buffer, further(build))
    # The server waits for the end. Taking everything apart first would keep it waiting 50 ms longer, for nothing.
    os._exit(os.EX_OK)
