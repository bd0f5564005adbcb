"""The sandbox as a part of what serves: a table of its own, whose chains answer instead of forwarding.

A chain is put together when the first request for it comes, since most operations are never asked for there.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from msgspec.structs import replace

from specgw.dataplane.chain import Chain
from specgw.mock import credentials
from specgw.mock.answers import Answers, Refusals
from specgw.mock.collection import Collection
from specgw.mock.fitting import Fitting
from specgw.mock.generation import Generator
from specgw.mock.manner import USUAL, Manner
from specgw.mock.objects import Objects
from specgw.mock.preferences import IN_QUERY
from specgw.mock.responder import Responder
from specgw.plan.model import Plan, Route
from specgw.plan.sandbox import Mock, Mode
from specgw.plan.table import RouteTable
from specgw.policies import order
from specgw.policies.order import Equipment
from specgw.policies.validation.validators import Validators
from specgw.telemetry.metrics import Metrics

PREFIX = b"/sandbox"
_PARAMETER = re.compile(r"\{[^{}]*\}")


class Mocks:
    """Makes what answers for the operations of one plan."""

    def __init__(self, plan: Plan, random: Random, objects: Objects, manner: Manner = USUAL) -> None:
        self._manner = manner
        self._sandbox = plan.sandbox
        self._objects = objects
        self._random = random
        validators = Validators(plan.sandbox.schemas)
        self._generator = Generator(plan.sandbox.schemas, validators)

    def mode(self, route: Route) -> Mode:
        """What `mock.mode` of its operation says."""
        mock = self._sandbox.operations.get(route.id)
        return "off" if mock is None else mock.behaviour.mode

    def of(self, route: Route) -> Answers | None:
        """The policy that answers a route's requests; None where the plan does not say how."""
        mock = self._sandbox.operations.get(route.id)
        if mock is None:
            return None
        said = route.response_headers
        responder = Responder(mock, self._sandbox.responses, self._generator, name=route.id, manner=self._manner, edits=said)
        collection = None
        if mock.resource is not None:
            fitting = Fitting(self._generator, mock.resource.collection)
            collection = Collection(mock.resource, self._objects, responder, fitting)
        return Answers(mock, responder, route, random=self._random, collection=collection, manner=self._manner)

    def policies(self, route: Route, equipment: Equipment) -> list[object] | None:
        """All policies of a route that is answered here."""
        answers = self.of(route)
        if answers is None:
            return None
        equipment = dataclasses.replace(equipment, query=IN_QUERY)
        # What is edited for the service is not seen here; what is edited for clients is in the answers.
        route = replace(route, request_headers=None, request_query=None, response_headers=None)
        return [*(Refusals(policy, answers) for policy in order.build(route, equipment)), answers]


@dataclass(frozen=True, slots=True)
class _Maker:
    """What chains are made with. It does not know the table, so that nothing here goes in a circle."""

    mocks: Mocks
    equipment: Equipment
    metrics: Metrics

    def chain(self, route: Route) -> Chain:
        policies = self.mocks.policies(route, self.equipment) or ()
        return Chain(route, policies, (), self.metrics, operation=f"sandbox {route.id}")


class Operation:
    """A route of the sandbox, and its chain once there is one."""

    __slots__ = ("_chain", "_maker", "_route")

    def __init__(self, maker: _Maker, route: Route) -> None:
        self._maker = maker
        self._route = route
        self._chain: Chain | None = None

    @property
    def chain(self) -> Chain:
        """What answers."""
        if self._chain is None:
            self._chain = self._maker.chain(self._route)
        return self._chain


class Sandbox:
    """All operations of a plan, each at its public path and below the path of its first server."""

    def __init__(self, plan: Plan, mocks: Mocks, validators: Validators, metrics: Metrics) -> None:
        self.table = RouteTable()
        """Whose payloads are Operations: each has its chain once somebody has asked for it."""
        schemes, services = credentials.schemes(plan), credentials.services(plan)
        verifiers = credentials.made(plan, schemes, services)
        self._maker = _Maker(mocks, Equipment(validators, services, schemes, verifiers), metrics)
        self._taken: set[tuple[object, ...]] = set()

    def add(self, route: Route, mock: Mock) -> None:
        """Add an operation at its own path."""
        self._put(route, route.path)

    def add_based(self, route: Route, mock: Mock) -> None:
        """Add it once more as clients of the real service ask for it, unless something else is there."""
        for base in mock.bases:
            self._put(route, f"{base}{route.document_path}")
            self._put(route, f"{base}{route.path}")

    def _put(self, route: Route, path: str) -> None:
        conditions = (*route.conditions.headers.items(), None, *route.conditions.query.items())
        place = (route.method, _PARAMETER.sub("{}", path), route.hosts, *conditions)
        if place not in self._taken:
            self._taken.add(place)
            placed = replace(credentials.open_route(route), path=path)
            self.table.add(placed, Operation(self._maker, placed))


def operations(plan: Plan) -> Iterator[tuple[Route, Mock]]:
    """The routes that the plan has answers for."""
    for route in plan.routes:
        mock = plan.sandbox.operations.get(route.id)
        if mock is not None:
            yield route, mock


def inside(path: bytes) -> bytes | None:
    """The path as the sandbox has it; None for one that is not in it."""
    return path[len(PREFIX) :] if path.startswith(PREFIX + b"/") else None
