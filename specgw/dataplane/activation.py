"""From a Plan to something that serves: everything new is built first, then one reference is swapped.

Building, and letting go of what is replaced, are done in slices so that requests are served meanwhile. When anything
fails, nothing has changed. What the new plan has in common with the old one (upstreams with the same targets, and so
their connections) goes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from random import Random

from msgspec.structs import replace

from specgw.dataplane.active import Active
from specgw.dataplane.chain import Chain, routed
from specgw.dataplane.sandbox import Mocks, Sandbox, operations
from specgw.dataplane.slices import Steps, sliced
from specgw.mock.manner import USUAL, Manner
from specgw.plan import references
from specgw.plan.model import Plan, Route, Target, UpstreamChoice
from specgw.plan.model import Upstream as UpstreamDefinition
from specgw.plan.table import RouteTable
from specgw.policies import order
from specgw.policies.auth import resource
from specgw.policies.auth.base import Services, Unbuildable
from specgw.policies.order import Equipment
from specgw.telemetry.metrics import UNMATCHED, Metrics
from specgw.upstreams.upstream import Upstream


class ActivationError(Exception):
    """The plan cannot be put to work in this environment; the message says what is missing."""


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
