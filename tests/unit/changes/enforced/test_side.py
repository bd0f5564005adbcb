from __future__ import annotations

import pytest
from msgspec.structs import replace

from specgw.changes.enforced.side import Enforced
from tests.unit.changes.plans import ORIGIN, plan, route


def said(line: int) -> dict[str, object]:
    return {"file": "users.yaml", "line": line, "value": "any"}


SETTINGS = {"timeout.total": said(2), "mock": said(3), "headers.response.remove": said(4), "damaged": {"file": 1}}
ORIGINS = {
    "routes": {"GET /users": {"settings": SETTINGS}},
    "gateway": {"limits.headers": said(5), "listen.port": said(6)},
    "webhooks": {"paid": said(7)},
}


@pytest.mark.parametrize(
    ("setting", "line"),
    [("timeout.total", 2), ("timeout", 2), ("mock.mode", 3), ("headers.response", 4), ("maxBody", ORIGIN.line), ("damaged", ORIGIN.line)],
)
def test_a_setting_stands_where_the_nearest_part_of_it_does(setting: str, line: int) -> None:
    assert Enforced(plan(), ORIGINS).place(route(), setting).line == line


def test_a_setting_that_nobody_gave_is_told_at_the_operation() -> None:
    assert Enforced(plan()).place(route(), "timeout.total") == ORIGIN


def test_schemes_are_known_by_their_names_in_the_merged_documents() -> None:
    known = Enforced(replace(plan(), scheme_origins={"users/key": ORIGIN}))
    assert [known.shared("securitySchemes", name) for name in ("key", "users.key", "oauth")] == [ORIGIN, ORIGIN, None]


def test_gateway_yaml_and_webhooks() -> None:
    known = Enforced(plan(), ORIGINS)
    found = [
        known.gateway("limits.headers"),
        known.gateway("listen"),
        known.gateway("fallback"),
        known.shared("webhooks", "paid"),
        known.shared("webhooks", "no"),
    ]
    assert [place and place.line for place in found] == [5, 6, None, 7, None]
