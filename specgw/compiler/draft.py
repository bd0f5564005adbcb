"""The state of a compile: what the passes have found out so far. Thrown away once the Plan stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from specgw.compiler.declared import Declared
from specgw.compiler.inputs import Inputs
from specgw.compiler.portal import Portal
from specgw.diagnostics import Findings
from specgw.openapi.discover import Sources
from specgw.openapi.library import Library
from specgw.openapi.model import Contract, Node
from specgw.openapi.schemas import Schemas
from specgw.plan.model import Edge, Plan, Scheme, Upstream
from specgw.plan.sandbox import Sandbox
from specgw.xgateway.settings import GatewayFile, PortalSettings


@dataclass(slots=True)
class Draft:
    """Each pass reads what the passes before it have filled in, and fills in its own."""

    inputs: Inputs
    findings: Findings
    sources: Sources
    library: Library
    gateway: GatewayFile
    contracts: list[Contract] = field(default_factory=list)
    """From `passes.contracts`, in the order of their file names."""
    declared: list[Declared] = field(default_factory=list)
    """From `passes.inheritance`: every operation, in the order of the documents."""
    schemes: dict[str, Scheme] = field(default_factory=dict)
    """From `passes.schemes`: all that are declared, by their key in the Plan."""
    scheme_nodes: dict[str, Node] = field(default_factory=dict)
    """Where each of them stands."""
    upstreams: dict[str, Upstream] = field(default_factory=dict)
    """From `passes.upstreams`: those that some operation names."""
    schemas: Schemas | None = None
    """From `passes.lowering`."""
    answers: Schemas | None = None
    """From `passes.sandbox`: those of responses, whether or not they are validated."""
    sandbox: Sandbox = field(default_factory=Sandbox)
    """From `passes.sandbox`, but for `operations`, which each operation has as `mock` until routes have their names."""
    portal: Portal = field(default_factory=lambda: Portal(PortalSettings()))
    """From `passes.portal`."""
    edge: Edge = field(default_factory=Edge)
    plan: Plan | None = None
    """From `passes.assembly`."""
