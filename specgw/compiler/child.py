"""The child's side of `process`: a request as JSON on stdin, one outcome as MessagePack on stdout.

`python -m specgw.compiler.child`. It ends with 0 whatever the documents hold; a traceback and another status mean a
defect of the compiler itself.
"""

from __future__ import annotations

import gc
import os
import sys

import msgspec

from specgw.compiler.compile import compile_documents
from specgw.compiler.messages import Outcome, Request
from specgw.diagnostics import Severity
from specgw.plan.codec import encode


def answer(request: Request) -> Outcome:
    """Compile what the request names."""
    build = compile_documents(request.inputs())
    findings = build.findings.settle(strict=request.strict)
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


if __name__ == "__main__":
    gc.disable()  # all that a compile makes lives until its end
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer(msgspec.json.decode(sys.stdin.buffer.read(), type=Request))))
    sys.stdout.buffer.flush()
    # The server waits for the end. Taking everything apart first would keep it waiting 50 ms longer, for nothing.
    os._exit(os.EX_OK)
