"""A Plan at work: which chain a request goes to.

Apart from `activation`, which builds it: this is asked for every request, and compiled (docs/decisions/0016-compiled-modules.md).
"""

from __future__ import annotations

from collections.abc import Set

from specgw import problems
from specgw.dataplane.chain import NO_LIMIT, Chain, local, routed
from specgw.dataplane.sandbox import Sandbox, inside
from specgw.http import METHODS
from specgw.http1 import RequestHead
from specgw.mock.objects import Objects
from specgw.mock.sharing import Preflight, Shared, preflight
from specgw.plan.found import InvalidPath, Match, NotAllowed
from specgw.plan.model import Origin, Plan, Route, UpstreamChoice, Validate
from specgw.plan.table import RouteTable
from specgw.policies.base import Answer, Reply
from specgw.problems import Problem
from specgw.telemetry.metrics import UNMATCHED, Metrics
from specgw.upstreams.upstream import Upstream

_PORTAL = b"/portal/"


class Active:
    """A Plan at work. Immutable once built, but for the caches of answers that no route gives."""

    def __init__(self, plan: Plan, generation: int, upstreams: dict[str, Upstream], metrics: Metrics, builtin: Set[bytes]) -> None:
        self.plan = plan
        self.generation = generation
        self.upstreams = upstreams
        self.table = RouteTable()
        self.chains: list[Chain] = []
        """Those of all routes, in their order."""
        self._metrics = metrics
        self._builtin = builtin  # whose owner changes it: a portal is published while this serves
        self.described: dict[bytes, Chain] = {}
        """By path, what says who gives tokens for a part of the API."""
        self._local: dict[object, Chain] = {}
        self.sandbox: Sandbox | None = None
        self.objects = Objects()
        """What callers of the sandbox have created; it goes from plan to plan."""
        self.mocked = False
        """Whether the sandbox is all that there is, at the paths of the documents themselves: its table is the only one."""
        self.shared = False
        """Whether pages of every origin may read all answers: of a sandbox that is nothing else."""
        self._unmatched = self._fallback() or local(Problem(problems.NO_ROUTE, "no document declares this path"), metrics)

    def find(self, head: RequestHead) -> tuple[Chain | None, Match | None]:
        """What answers a request: a chain and, for a route, its match. No chain: the built-in application does."""
        if self.shared and head.method == "OPTIONS" and preflight(head.headers):
            return self._preflight(), None
        host = head.host
        result = self.table.match(head.method, head.path, None if host is None else host.decode("latin-1"), head.headers, head.query)
        if type(result) is Match:
            return (result.payload.chain if self.mocked else result.payload), result
        if type(result) is NotAllowed:
            return self._not_allowed(head.method, result.allow), None
        if self.sandbox is not None and not self.mocked and (path := inside(head.path)) is not None:
            result = self.sandbox.table.match(head.method, path, None if host is None else host.decode("latin-1"), head.headers, head.query)
            if type(result) is Match:
                return result.payload.chain, result
            if type(result) is NotAllowed:
                return self._not_allowed(head.method, result.allow), None
        if head.path in self.described:
            return self.described[head.path], None
        if head.path in self._builtin or (head.path.startswith(_PORTAL) and _PORTAL in self._builtin):
            # The parser behind it knows methods by a list of its own, and answers others with no problem document.
            return (None if head.method in METHODS else self._not_allowed(head.method, ("GET", "HEAD"))), None
        if type(result) is InvalidPath:
            return self._invalid_path(result.reason), None
        return self._unmatched, None

    def share(self) -> None:
        """Let pages of every origin read all answers."""
        self.shared = True
        self._unmatched = self._own(Problem(problems.NO_ROUTE, "no document declares this path"))

    def _own(self, answer: Answer) -> Chain:
        """What gives an answer of no route's."""
        return Chain(None, [Shared(answer)], (), self._metrics, operation=UNMATCHED) if self.shared else local(answer, self._metrics)

    def _preflight(self) -> Chain:
        chain = self._local.get(Preflight)
        if chain is None:
            chain = self._local[Preflight] = Chain(None, [Preflight()], (), self._metrics, operation=UNMATCHED)
        return chain

    def _not_allowed(self, method: str, allow: tuple[str, ...]) -> Chain:
        options = method == "OPTIONS"
        chain = self._local.get((options, allow))
        if chain is None:
            # Exactly what the document declares: a client compares it with the contract, and OPTIONS is not part of that.
            field = (b"Allow", ", ".join(allow).encode("ascii"))
            if options:
                chain = self._own(Reply(204, (field,)))
            else:
                detail = f"this path is declared for {', '.join(allow)}"
                chain = self._own(Problem(problems.METHOD_NOT_ALLOWED, detail, headers=(field,)))
            self._local[options, allow] = chain
        return chain

    def _invalid_path(self, reason: str) -> Chain:
        chain = self._local.get(reason)
        if chain is None:
            chain = self._own(Problem(problems.INVALID_PATH, f"the path is refused: {reason}"))
            self._local[reason] = chain
        return chain

    def _fallback(self) -> Chain | None:
        name = self.plan.edge.fallback
        if name is None:
            return None
        route = Route(
            id="fallback",
            service="fallback",
            method="*",
            path="/",
            document_path="/",
            path_match="prefix",
            origin=Origin(file="gateway.yaml", line=1, pointer="/gateway/fallback"),
            upstreams=(UpstreamChoice(upstream=name),),
            validate=Validate(request="off"),
            # Nothing of it is held, and no document says what may be sent there.
            max_body=NO_LIMIT,
        )
        return routed(route, [], self.upstreams, self._metrics)
