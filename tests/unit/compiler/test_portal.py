from __future__ import annotations

from specgw.compiler.portal import Portal
from specgw.xgateway.settings import PortalSettings


def test_a_portal_needs_nothing_beside_the_documents() -> None:
    portal = Portal(PortalSettings())
    assert (portal.guides, portal.logo, portal.files) == ((), None, ())
