"""What the portal is made of, out of a compile: for `build`, for `check`, and for servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from specgw.changes.history import History
    from specgw.compiler.build import Build
    from specgw.portal.published import Published


def published(build: Build, history: History | None = None) -> Published:
    """Everything that a portal shows of a build that has a Plan."""
    from specgw.plan.model import Plan
    from specgw.portal.published import Guide, Published, Theme

    said = build.portal.settings
    return Published(
        documents=build.merged,
        plan=build.plan or Plan(),
        services=build.services,
        guides={guide.name: Guide(guide.text, guide.file, guide.line) for guide in build.portal.guides},
        theme=Theme(said.name, said.accent, said.accent_dark, build.portal.logo, build.portal.logo_suffix),
        renderer=said.renderer == "swagger-ui",
        history=history,
    )


def check_guides(build: Build) -> None:
    """Add what is wrong with the links of guides to the findings."""
    if build.plan is not None and build.portal.guides:
        from specgw.portal.links import check
        from specgw.portal.site import Site

        check(Site(published(build)), build.findings)
