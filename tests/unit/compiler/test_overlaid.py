"""What is told and kept of the changes by overlays."""

from __future__ import annotations

from specgw.compiler.overlaid import SHOWN, overlays_document, told
from specgw.diagnostics import FilePlace
from specgw.openapi.overlays.changes import Change
from specgw.openapi.overlays.stack import Applied

PLACE = FilePlace("o.overlay.yaml", 7)
POLICY = Applied("o.overlay.yaml", "api.yaml", ((Change("added", "/x-gateway"), PLACE),))
CONTRACT = Applied(
    "o.overlay.yaml",
    "api.yaml",
    ((Change("removed", "/tags/0"), None), (Change("added", "/x-gateway"), PLACE), (Change("added", "/paths/~1a"), PLACE)),
)


def test_a_policy_is_told_as_one() -> None:
    assert list(told([POLICY])) == ["o.overlay.yaml over api.yaml: 1 change, in x-gateway only; the contract is as it was"]


def test_what_is_done_to_a_contract_is_told_one_by_one() -> None:
    assert list(told([CONTRACT])) == [
        "o.overlay.yaml over api.yaml: 3 changes; of the contract 1 added, 1 removed:",
        "  removed /tags/0",
        "  added /paths/~1a (o.overlay.yaml:7)",
    ]


def test_many_changes_are_counted() -> None:
    many = Applied("o.overlay.yaml", "api.yaml", tuple((Change("added", f"/tags/{number}"), PLACE) for number in range(SHOWN + 3)))
    assert list(told([many]))[-1] == "  and 3 more: overlays.json lists them"


def test_all_of_it_is_kept() -> None:
    [kept] = overlays_document([CONTRACT])["overlays"]
    assert (kept["policyOnly"], len(kept["changes"])) == (False, 3)
    assert kept["changes"][0] == {"kind": "removed", "pointer": "/tags/0", "file": None, "line": None}
    assert kept["changes"][2] == {"kind": "added", "pointer": "/paths/~1a", "file": "o.overlay.yaml", "line": 7}
