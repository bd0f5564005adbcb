"""The folder that `specgw build` writes: the names of what is in it. Light on purpose: every command imports it."""

from __future__ import annotations

PLAN = "plan.json"
"""The Plan. Written last, so that whoever finds a new one finds what belongs to it."""
FINDINGS = "findings.json"
SECURITY = "security.json"
ORIGINS = "origins.json"
OVERLAYS = "overlays.json"
MOCKS = "mocks"
PORTAL = "portal"
CHANGES = "changes.json"
"""What clients noticed from build to build. The one file that a build continues instead of writing it anew."""

SIGNS = (PLAN, FINDINGS)
"""By these files a folder is known as one that a build wrote: nobody else writes both."""
