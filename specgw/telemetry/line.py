"""One line of the access log.

Apart from the log, which is compiled (docs/decisions/0016-compiled-modules.md): the options of a Struct would be lost there.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class Line(msgspec.Struct, omit_defaults=True, rename="camel", gc=False):
    """The members of a line, in this order; those without a value are left out."""

    time: str
    request_id: str
    client: str
    method: str
    path: str
    status: int
    duration_ms: float
    bytes_in: int
    bytes_out: int
    upstream_ms: float | None = None
    operation_id: str | None = None
    service: str | None = None
    upstream: str | None = None
    problem: str | None = None
    consumer: str | None = None
    subject: str | None = None
    trace_id: str | None = None
    user_agent: str | None = None
    notes: Mapping[str, object] | None = None
