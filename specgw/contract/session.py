"""One run of schemathesis, in a process of its own: it keeps much for the whole process, and what it tests should not share that.

`python -m specgw.contract.session FOLDER ARGUMENT…`: FOLDER is what `run` prepared, the arguments are those of `schemathesis`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec
import schemathesis
from schemathesis.cli import EventHandler, handler
from schemathesis.cli import schemathesis as command
from schemathesis.engine.events import EngineEvent, ScenarioFinished
from schemathesis.openapi.checks import RejectedPositiveData
from schemathesis.wfc.escalation import EscalatingAuthProvider

from specgw.contract.credentials import Identity, Sent
from specgw.contract.prepared import SESSION, Prepared
from specgw.plan.paths import verdict

if TYPE_CHECKING:
    from schemathesis import AuthContext, BaseSchema, Case, HookContext
    from schemathesis.core.failures import Failure
    from schemathesis.core.transport import Response


class Credentials:
    """What an identity sends with a request: the credentials of the first alternative of `security` that it has all of."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    def get(self, case: Case[Any], context: AuthContext) -> list[Sent]:
        """The credentials for an operation; none where it asks for none, or for what the identity lacks."""
        return self._identity.credentials(context.operation.definition.raw.get("security", ())) or []

    def set(self, case: Case[Any], data: list[Sent], context: AuthContext) -> None:
        """Put credentials on a request."""
        for sent in data:
            holder = {"header": case.headers, "query": case.query, "cookie": case.cookies}[sent.place]
            holder[sent.name] = sent.value


class Judged(EventHandler[Any]):
    """Counts the answers that were judged: without one there is no verdict, whatever schemathesis makes of it."""

    count = 0

    def handle_event(self, ctx: Any, event: EngineEvent) -> None:
        """Take note of what a scenario has done."""
        if isinstance(event, ScenarioFinished):
            Judged.count += sum(map(bool, event.recorder.checks.values()))


def register(prepared: Prepared) -> None:
    """Tell schemathesis who calls, and under which Host."""
    identities = prepared.identities
    handler()(Judged)

    @schemathesis.hook
    def after_load_schema(context: HookContext, schema: BaseSchema) -> None:
        if identities:
            names = [identity.name for identity in identities]
            peers = tuple(names) if len(names) > 1 else ()
            schema.auth.providers.append(EscalatingAuthProvider([Credentials(identity) for identity in identities], names, peers=peers))

    @schemathesis.hook
    def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
        for name, value in prepared.fields.get(case.operation.label, {}).items():
            case.headers.setdefault(name, value)

    @schemathesis.hook
    def filter_failure(context: HookContext, failure: Failure, case: Case[Any], response: Response) -> bool:
        return not (prepared.gateway and isinstance(failure, RejectedPositiveData) and refused_as_ambiguous(response))


def refused_as_ambiguous(response: Response) -> bool:
    """Whether a gateway refused a path that two servers could read in two ways (docs/paths.md), as it has to.

    No schema says what a text may hold in a path. schemathesis leaves such texts out itself where a server refuses them,
    but believes it only of servers that do so without a word, or as Tomcat does.
    """
    return response.status_code == 400 and verdict(urlsplit(str(response.request.url)).path) is not None


def main(arguments: Sequence[str]) -> int:
    """Run; returns the exit code."""
    folder = Path(arguments[0])
    register(msgspec.json.decode((folder / SESSION).read_bytes(), type=Prepared))
    try:
        result = command.main(list(arguments[1:]), prog_name="schemathesis", standalone_mode=False)
    except SystemExit as ended:
        result = ended.code
    code = result if isinstance(result, int) else 0
    if code in (0, 1) and not Judged.count:
        print("no verdict: no answer came that could be judged, or the time was over before", file=sys.stderr)
        return 2
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
