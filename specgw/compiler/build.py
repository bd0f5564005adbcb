"""What a compile gives back: the Plan or none, all findings, and what else can be made of the documents when asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from specgw.compiler.declared import Declared
from specgw.compiler.listing import Entry, of_declared
from specgw.compiler.matrix import security_matrix
from specgw.compiler.mocks import mock_files
from specgw.compiler.portal import Portal
from specgw.compiler.references import Follow
from specgw.diagnostics import Findings
from specgw.plan.model import Edge, Plan, Scheme
from specgw.xgateway.settings import PortalSettings

if TYPE_CHECKING:
    from specgw.openapi.overlays.stack import Applied
    from specgw.xgateway.tree import Tree


@dataclass
class Build:
    """The outcome of a compile. What only some callers need is made on first use: serving needs the Plan alone."""

    plan: Plan | None
    """None when there is an error among the findings."""
    findings: Findings
    declared: tuple[Declared, ...]
    """Every operation of every document that could be read, in the order of the Plan; disabled ones too."""
    files: tuple[Path, ...]
    """Every file that was read; a change to one of them changes the build."""
    edge: Edge
    folder: Path | None
    """gateway.yaml's, from which the relative names of certificate files count; None without a gateway.yaml."""
    follow: Follow
    excerpt: Callable[[str, int], str]
    """The text of a line of a file that was read, by the file's label; "" where there is none."""
    schemes: Mapping[str, Scheme] = field(default_factory=dict)
    """The security schemes of every document, by their key in the Plan."""
    portal: Portal = field(default_factory=lambda: Portal(PortalSettings()))
    """What the portal is told beside the documents."""
    said: Tree | None = None
    """What gateway.yaml says, with the place of each part; None without one."""
    overlays: tuple[Applied, ...] = ()
    """What each overlay has changed in each document, in the order in which they were applied."""

    @cached_property
    def listing(self) -> tuple[Entry, ...]:
        """One entry a declared operation: what `specgw routes` shows."""
        return of_declared(self.declared)

    @cached_property
    def merged(self) -> dict[str, dict[str, Any]]:
        """The merged OpenAPI documents by file name, `openapi.json` first."""
        # Here, since most compiles need the Plan alone.
        from specgw.compiler.merge.document import merge

        return merge(self.declared, self.edge, self.follow)

    @cached_property
    def services(self) -> dict[str, dict[str, Any]]:
        """What each service says of itself: `info` and `externalDocs` of its document."""
        from specgw.compiler.merge.overview import services

        return services(self.declared)

    @cached_property
    def security(self) -> dict[str, Any]:
        """Which operation asks for which schemes and scopes: what security.json holds."""
        return security_matrix(self.declared, self.schemes)

    @cached_property
    def origins(self) -> dict[str, Any]:
        """Where the settings of every route were written: what origins.json holds."""
        # Here, since it reads the vocabulary, which most compiles never need.
        from specgw.compiler.origins import origins_document

        return origins_document(self.declared, self.said)

    @cached_property
    def mocks(self) -> dict[str, dict[str, Any]]:
        """The documented examples of the responses of every operation, by file name under mocks/."""
        return mock_files(self.declared, self.follow)
