"""Carries out the actions of an overlay on a document, in their order; what cannot be done is a finding at its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from specgw.diagnostics import Findings
from specgw.openapi.model import Node, kind_of
from specgw.openapi.overlays.grafting import Conflict, Grafted, Origin, Part
from specgw.openapi.overlays.overlay import Action, Overlay
from specgw.openapi.overlays.queries import Location, find, nearest, normalized


def apply(overlay: Overlay, document: Grafted, findings: Findings) -> dict[str, str | None]:
    """Carry out every action. Returns those that selected nothing, by their pointers, each with a hint where there is one."""
    idle: dict[str, str | None] = {}
    for action in overlay.actions:
        # Of the result of the actions before: "Actions are applied to the result of the previous action."
        found = find(action.target, document.value)
        if not found:
            idle[action.node.pointer] = nearest(action.target, document.value)
        elif action.verb == "remove":
            _remove(action, document, found, findings)
        else:
            _update(overlay, action, document, found, findings)
    for origin in document.empty:
        message = "there is no value here that could be merged into the mapping or list of that name; it stays as it is"
        hint = "an action with 'remove: true' takes it away"
        findings.add("empty-field", Node(origin.document, origin.pointer, None), message, hint=hint)
    document.empty.clear()
    return idle


def _remove(action: Action, document: Grafted, found: Sequence[Location], findings: Findings) -> None:
    if () in found:
        message = "the root of a document cannot be removed"
        findings.add("incompatible-update", action.place, message, hint="name what of it has to go")
        return
    # The last elements of a list first, so that the indexes of the others stay true.
    for location in sorted(found, key=_order, reverse=True):
        document.remove(location)


def _order(location: Location) -> tuple[tuple[int, str | int], ...]:
    return tuple((0, step) if isinstance(step, int) else (1, step) for step in location)


def _update(overlay: Overlay, action: Action, document: Grafted, found: Sequence[Location], findings: Findings) -> None:
    parts = [document.part(location).value for location in found]
    if len({_kind(value) for value in parts}) > 1:
        shown = " and ".join(sorted({f"{_kind(value)}s" for value in parts}))
        message = f"the target selects {shown}; one action changes nodes of one kind only"
        findings.add("incompatible-update", action.place, message, hint="make an action for each kind")
        return
    if overlay.version == "1.0" and _kind(parts[0]) == "primitive":
        message = f"Overlay 1.0 selects mappings and lists only, and this selects {kind_of(parts[0])}; it is applied as 1.1 has it"
        findings.add("overlay-of-another-version", action.place, message, hint="say 'overlay: 1.1.0'")
    new = _new(action, document, findings)
    if new is None:
        return
    for location in found:
        try:
            document.merge(location, document.clone(new) if action.verb == "copy" else new)
        except Conflict as conflict:
            _conflict(action, conflict, findings)
            return


def _new(action: Action, document: Grafted, findings: Findings) -> Part | None:
    """What is to be merged."""
    if action.source is None:
        place = action.node.at("update")
        return Part(place.value, Origin(place.document, place.pointer))
    sources = find(action.source, document.value)
    if len(sources) != 1:
        count = "nothing" if not sources else f"{len(sources)} nodes"
        message = f"`copy` selects {count}, and has to select a single node"
        hint = nearest(action.source, document.value) if not sources else None
        findings.add("incompatible-update", action.node.at("copy"), message, hint=hint)
        return None
    return document.clone(document.part(sources[0]))


def _conflict(action: Action, conflict: Conflict, findings: Findings) -> None:
    there, new = kind_of(conflict.there), kind_of(conflict.part.value)
    origin = conflict.part.origin
    place = Node(origin.document, origin.pointer, None) if action.verb == "update" else action.node.at("copy")
    message = f"{new} cannot be merged into '{normalized(conflict.location)}', which is {there}"
    hint = "to replace it, remove it by an action before this one"
    findings.add("incompatible-update", place, message, hint=hint)


def _kind(value: Any) -> str:
    return "mapping" if isinstance(value, dict) else "list" if isinstance(value, list) else "primitive"
