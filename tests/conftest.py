"""What holds for every test: how examples are sought, and the option by which expectations are rewritten."""

from __future__ import annotations

import os

import hypothesis
import pytest

# A busy machine is no failure. In CI every run tries the same examples, `nox -s fuzz` looks for new ones.
hypothesis.settings.register_profile(
    "specgw",
    hypothesis.settings.get_profile("ci" if "CI" in os.environ else "default"),
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("specgw")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the text cases and of the generated pages."""
    parser.addoption("--update-golden", action="store_true", help="rewrite what golden/*.case and wire/*.http expect with what came")
