"""One operation of a document on its way to being served: what the passes add to it, one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from specgw.openapi.model import Contract, Operation
from specgw.plan.model import Body, Conditions, Parameter, Response, Rewrite, Route, UpstreamChoice

if TYPE_CHECKING:
    from specgw.xgateway.settings import Settings


@dataclass(slots=True, eq=False)
class Address:
    """A public place of an operation. `version` is set where the path carries it."""

    path: str
    version: str | None = None


@dataclass(slots=True, eq=False)
class Declared:
    """An operation with its effective settings; the parts below are filled in by the pass that is named there."""

    contract: Contract
    operation: Operation
    settings: Settings
    service: str
    """Identifier of the service: `service`, else made from the title."""
    version: str | None = None
    addresses: tuple[Address, ...] = ()
    """From `passes.addresses`; empty where it is not served."""
    upstreams: tuple[UpstreamChoice, ...] = ()
    """From `passes.upstreams`."""
    rewrite: Rewrite | None = None
    conditions: Conditions = field(default_factory=Conditions)
    parameters: tuple[Parameter, ...] = ()
    """From `passes.lowering`."""
    body: Body | None = None
    responses: tuple[Response, ...] = ()
    unenforced: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()
    """From `passes.assembly`: the routes that serve it, one for each address."""
