"""One operation of a document on its way to being served: what the passes add to it, one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from specgw.openapi.model import Contract, Operation
from specgw.plan.model import Body, Conditions, Parameter, Response, Rewrite, Route, SecurityScheme, UpstreamChoice
from specgw.plan.sandbox import Mock
from specgw.plan.template import Template
from specgw.xgateway.settings import Settings


@dataclass(slots=True)
class Address:
    """A public place of an operation."""

    template: Template
    version: str | None = None
    """The version that the path names; None where it names none."""

    @property
    def path(self) -> str:
        """The public path."""
        return self.template.text


@dataclass(slots=True, eq=False)
class Declared:
    """An operation with its effective settings. What follows `service` is filled in by the pass that is named there."""

    contract: Contract
    operation: Operation
    settings: Settings
    service: str
    """Identifier of the service: `service`, else made from the title."""
    schemes: Mapping[str, SecurityScheme] = field(default_factory=dict)
    """From `passes.schemes`: what a requirement without scopes is for each scheme of the document, by name."""
    addresses: tuple[Address, ...] = ()
    """From `passes.addresses`; the one without version first. Empty where no request can reach it."""
    upstreams: tuple[UpstreamChoice, ...] = ()
    """From `passes.upstreams`."""
    rewrite: Rewrite | None = None
    parameters: tuple[Parameter, ...] = ()
    """From `passes.lowering`."""
    body: Body | None = None
    responses: tuple[Response, ...] = ()
    unenforced: list[str] = field(default_factory=list)
    """In words, what of the contract cannot be enforced exactly."""
    mock: Mock | None = None
    """From `passes.sandbox`."""
    routes: tuple[Route, ...] = ()
    """From `passes.assembly`: one for each address; none where it is disabled."""

    @property
    def version(self) -> str | None:
        """The version that it belongs to."""
        return self.settings.version.name if self.settings.version is not None else None

    @property
    def security(self) -> tuple[tuple[SecurityScheme, ...], ...] | None:
        """The alternatives of the effective `security`, one of which a caller has to meet; None where nothing is said."""
        said = self.operation.security
        if said is None:
            return None
        known = self.schemes
        return tuple(
            tuple(replace(known.get(name) or SecurityScheme(name=name), scopes=scopes) for name, scopes in requirement.schemes)
            for requirement in said
        )

    @property
    def by_cookie(self) -> bool:
        """Whether a cookie may say who calls."""
        stated = self.contract.schemes
        asked = (required.name for alternative in self.security or () for required in alternative)
        return any(stated[name].type == "apiKey" and stated[name].location == "cookie" for name in asked if name in stated)

    @property
    def conditions(self) -> Conditions:
        """What a request has to have beside method, path and host: by `match`, and by a query in the path."""
        match = self.settings.match
        return Conditions(headers=match.headers, query={**match.query, **dict(self.operation.query)})

    @property
    def served(self) -> bool:
        """Whether requests reach it."""
        return self.settings.enabled and bool(self.addresses)

    @property
    def label(self) -> str:
        """What it is called in messages: `GET /users/{id}`."""
        return f"{self.operation.method} {self.operation.path}"
