"""`websocket` where no WebSocket can be opened: RFC 6455 section 4.1 knows only GET."""

from __future__ import annotations

from specgw.compiler.draft import Draft
from specgw.openapi.model import Node


def run(draft: Draft) -> None:
    """Report each place that speaks of no GET; in a path item it speaks of the one that is there, and of nothing else."""
    methods: dict[tuple[str, str], set[str]] = {}
    places: dict[tuple[str, str], Node] = {}
    for declared in draft.declared:
        place = declared.settings.place("websocket")
        if place is not None:
            key = place.file, place.pointer
            places[key] = place
            methods.setdefault(key, set()).add(declared.operation.method)
    for key, place in places.items():
        if "GET" not in methods[key]:
            message = f"'websocket' speaks of {', '.join(sorted(methods[key]))} here, and a WebSocket is opened by GET"
            draft.findings.add("websocket-without-get", place, message, hint="move it to the GET operation of the path")
