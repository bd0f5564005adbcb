"""An explanation as a person reads it: the answer first, then the way to it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from rich.text import Text

from specgw.cli.report import printable

_LEVELS = {"title": "info.title", "default": "built-in default"}


def as_text(explanation: Mapping[str, Any]) -> Text:
    """All of it."""
    request, answer, route = explanation["request"], explanation["answer"], explanation["route"]
    target = request["path"] + ("" if request["query"] is None else f"?{request['query']}")
    text = Text()
    text.append(f"{request['method']} {printable(target)}", style="bold")
    text.append(f"  (host {printable(request['host'])})\n" if request["host"] else "\n")
    status = answer["status"]
    text.append("  → ", style="blue")
    if status is not None:
        text.append(f"{status} ", style="bold green" if status < 400 else "bold red")
    text.append(f"{printable(answer['reason'])}\n", style="bold green" if route is not None else "")
    for hint in answer.get("hints", ()):
        text.append("  = ", style="blue").append("help", style="bold cyan").append(f": {printable(hint)}\n")
    if route is not None:
        _route(text, explanation)
    if explanation["rejected"] or explanation["notServed"]:
        _heading(text, "not taken")
        for other in explanation["rejected"]:
            text.append(f"  {other['method']} {other['path']}  ").append(f"{_place(other)}", style="dim")
            text.append(f"\n    {printable(other['reason'])}\n")
        for entry in explanation["notServed"]:
            text.append(f"  {entry['method']} {entry['path']}  ").append(f"{_place(entry)}", style="dim")
            reason = "`enabled: false`" if entry["enforcement"] == "disabled" else "its path is none that a request can have"
            text.append(f"\n    not served: {reason}\n")
    return text


def _route(text: Text, explanation: Mapping[str, Any]) -> None:
    route = explanation["route"]
    _heading(text, "route")
    _rows(text, [("declared", f"{route['method']} {route['path']}", _place(route)), ("service", route["service"], "")])
    _rows(text, [(f"{{{name}}}", value, "") for name, value in route["pathParameters"].items()])
    _upstream(text, explanation["upstream"])
    _security(text, explanation["security"])
    _validation(text, explanation["validation"])
    _heading(text, "settings")
    _rows(text, [(said["name"], _value(said["value"]), _origin(said)) for said in explanation["settings"]])


def _upstream(text: Text, upstream: Mapping[str, Any] | None) -> None:
    _heading(text, "upstream")
    if upstream is None:
        text.append("  none is known for this request: 503\n", style="yellow")
        return
    query = "" if upstream["query"] is None else f"?{upstream['query']}"
    weights = [target["weight"] for target in upstream["targets"]]
    rows = [
        (upstream["name"], f"{target['origin']}{target['path']}{query}", f"weight {target['weight']}" if len(set(weights)) > 1 else "")
        for target in upstream["targets"]
    ]
    _rows(text, rows)
    if upstream["because"]:
        text.append(f"  because {' and '.join(upstream['because'])} holds\n")


def _security(text: Text, security: Mapping[str, Any]) -> None:
    _heading(text, "security")
    alternatives = [
        " and ".join(_scheme(scheme) for scheme in alternative) or "nothing (anonymous)" for alternative in security["alternatives"]
    ]
    rows = [("" if number else "one of" if len(alternatives) > 1 else "asks for", said, "") for number, said in enumerate(alternatives)]
    rows = rows or [("public", "no credentials are asked for", "")]
    rows[0] = (*rows[0][:2], _origin(security))
    _rows(text, rows)


def _scheme(scheme: Mapping[str, Any]) -> str:
    scopes = f" with {' '.join(scheme['scopes'])}" if scheme["scopes"] else ""
    return f"{scheme['scheme']} ({scheme['type'] or 'unknown'}){scopes}"


def _validation(text: Text, validation: Mapping[str, Any]) -> None:
    _heading(text, "validation")
    rows = [("request", validation["request"], ""), ("response", validation["response"], "")]
    for parameter in validation["parameters"]:
        words = [parameter["mediaType"] or f"{parameter['style']}{', explode' if parameter['explode'] else ''}"]
        words += [" or ".join(parameter["types"])] if parameter["types"] else []
        words += ["required"] if parameter["required"] else []
        words += [] if parameter["checked"] else ["not checked"]
        rows.append((f"{parameter['in']} {parameter['name']}", ", ".join(words), ""))
    body = validation["body"]
    for content in body["content"] if body is not None else ():
        words = [content["readAs"], *(["required"] if body["required"] else []), *([] if content["checked"] else ["not checked"])]
        rows.append((f"body {content['mediaType']}", ", ".join(words), ""))
    _rows(text, rows)
    if validation["undeclaredQuery"]:
        done = {"reject": "refused with 400", "report": "reported"}.get(validation["unknownQuery"], "passed on")
        text.append("  not declared: ", style="yellow")
        text.append(f"{printable(', '.join(validation['undeclaredQuery']))}; query parameters that are not are {done}\n")
    for said in validation["notEnforced"]:
        text.append("  not enforced: ", style="yellow").append(f"{printable(said)}\n")


def _heading(text: Text, name: str) -> None:
    text.append(f"\n{name}\n", style="bold")


def _rows(text: Text, rows: Iterable[tuple[str, str, str]]) -> None:
    shown = [tuple(map(printable, row)) for row in rows]
    first = max((len(row[0]) for row in shown), default=0)
    second = min(max((len(row[1]) for row in shown), default=0), 60)
    for name, value, place in shown:
        line = f"  {name:<{first}}  {value}"
        text.append(line.rstrip() if not place else f"{line:<{first + second + 4}}")
        text.append(f"  {place}\n" if place else "\n", style="dim")


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _origin(said: Mapping[str, Any]) -> str:
    level = _LEVELS.get(said["from"], said["from"])
    return level if said["file"] is None else f"{level}, {_place(said)}"


def _place(said: Mapping[str, Any]) -> str:
    return f"{said['file']}:{said['line']}"
