"""From a Plan to something that serves: everything new is built first, then one reference is swapped.

Building, and letting go of what is replaced, are done in slices so that requests are served meanwhile. When anything
fails, nothing has changed. What the new plan has in common with the old one (upstreams with the same targets, and so
their connections) goes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from random import Random

from msgspec.structs import replace

from specgw import problems
from specgw.dataplane.chain import NO_LIMIT, Chain, local, routed
from specgw.dataplane.sandbox import Mocks, Sandbox, inside, operations
from specgw.dataplane.slices import Steps, sliced
from specgw.http import METHODS
from specgw.http1 import RequestHead
from specgw.mock.manner import USUAL, Manner
from specgw.mock.objects import Objects
from specgw.mock.sharing import Preflight, Shared, preflight
from specgw.plan import references
from specgw.plan.found import InvalidPath, Match, NotAllowed
from specgw.plan.model import Origin, Plan, Route, Target, UpstreamChoice, Validate
from specgw.plan.model import Upstream as UpstreamDefinition
from specgw.plan.table import RouteTable
from specgw.policies import order
from specgw.policies.auth import resource
from specgw.policies.auth.base import Services, Unbuildable
from specgw.policies.base import Answer, Reply
from specgw.policies.order import Equipment
from specgw.problems import Problem
from specgw.telemetry.metrics import UNMATCHED, Metrics
from specgw.upstreams.upstream import Upstream

_PORTAL = b"/portal/"


class ActivationError(Exception):
    """The plan cannot be put to work in this environment; the message says what is missing."""


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


def prepare(plan: Plan, environ: Mapping[str, str], *, upstream: str | None = None) -> Plan:
    """The plan with `${NAME}` references filled in, and every upstream replaced by the URL `upstream` if given.

    Raises ActivationError that names every reference without a value.
    """
    if upstream is not None:
        plan = redirected(plan, upstream)
    try:
        return references.resolve_plan(plan, environ)
    except references.ReferenceFault as error:
        raise ActivationError(str(error)) from None


def redirected(plan: Plan, url: str) -> Plan:
    """The plan with one URL in the place of every upstream: the document's path goes under its path, rewrites do not apply."""
    target = UpstreamDefinition(name="upstream", targets=(Target(url=url),))
    choices = (UpstreamChoice(upstream=target.name),)
    routes = tuple(replace(route, upstreams=choices, rewrite=None) for route in plan.routes)
    edge = replace(plan.edge, fallback=target.name if plan.edge.fallback is not None else None)
    return replace(plan, edge=edge, routes=routes, upstreams={target.name: target})


async def build(
    plan: Plan,
    metrics: Metrics,
    *,
    generation: int,
    services: Services | None = None,
    previous: Active | None = None,
    builtin: Set[bytes] = frozenset(),
    mocked: Manner | None = None,
) -> Active:
    """Build everything that a (prepared) plan needs; raises ActivationError and changes nothing when that fails.

    `services` are handed to its policies. `mocked`: nothing is forwarded, the sandbox answers for all routes, in this manner.
    """
    return await sliced(_building(plan, metrics, generation, services or Services(), previous, builtin, mocked))


def _building(
    plan: Plan,
    metrics: Metrics,
    generation: int,
    services: Services,
    previous: Active | None,
    builtin: Set[bytes],
    mocked: Manner | None,
) -> Steps[Active]:
    kept = previous.upstreams if previous is not None else {}
    upstreams = {}
    for name, definition in plan.upstreams.items():
        old = kept.get(name)
        upstreams[name] = old if old is not None and old.definition == definition else Upstream(definition)
    active = Active(plan, generation, upstreams, metrics, builtin)
    try:
        equipment = order.equip(plan, services)
    except Unbuildable as error:
        raise ActivationError(str(error)) from None
    yield
    for path, page in resource.pages(equipment.resources.values()).items():
        active.described[path] = Chain(None, [page], (), metrics, operation=UNMATCHED)
    if previous is not None:
        active.objects = previous.objects
    mocks = Mocks(plan, Random(), active.objects, mocked or USUAL)
    active.mocked = mocked is not None
    if mocked is not None and mocked.shared:
        active.share()
    for route in () if mocked is not None else plan.routes:
        chain = _chain(route, equipment, mocks, upstreams, metrics)
        active.table.add(route, chain)
        active.chains.append(chain)
        yield
    yield from equipment.validators.compiling()
    active.sandbox = sandbox = Sandbox(plan, mocks, equipment.validators, metrics)
    if mocked is not None:
        active.table = sandbox.table
    for add in (sandbox.add, sandbox.add_based):
        for route, mock in operations(plan):
            add(route, mock)
            yield
    return active


def _chain(route: Route, equipment: Equipment, mocks: Mocks, upstreams: dict[str, Upstream], metrics: Metrics) -> Chain:
    """What a route does: it forwards, unless its operation says that the sandbox answers, always or where nobody else does."""
    mode = mocks.mode(route)
    if mode == "always":
        return routed(route, mocks.policies(route, equipment) or (), upstreams, metrics)
    answers = mocks.of(route) if mode == "fallback" else None
    return routed(route, order.build(route, equipment), upstreams, metrics, None if answers is None else answers.answer)


def retire(old: Active, new: Active) -> None:
    """Close the connections of upstreams that the new plan does not use; exchanges under way end as they are."""
    used = set(new.upstreams.values())
    for upstream in old.upstreams.values():
        if upstream not in used:
            upstream.close()


async def let_go(old: Active) -> None:
    """Take apart what is not used any more, so that it is not freed in one go. Exchanges under way keep what they have."""
    chains, old.chains, old.table = old.chains, [], RouteTable()
    await sliced(_letting_go(chains))


def _letting_go(chains: list[Chain]) -> Steps[None]:
    while chains:
        del chains[-1]
        yield
