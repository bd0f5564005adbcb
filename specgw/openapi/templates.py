"""Path templates: `/users/{id}.json` (OpenAPI section "Path Templating")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import unquote_plus

from specgw.diagnostics import Findings
from specgw.openapi.model import Node
from specgw.plan.template import TemplateError, parse

_EXPRESSION = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A key of `paths` as it is routed: the path, the names of its expressions, and conditions on the query."""

    path: str
    names: tuple[str, ...]
    query: tuple[tuple[str, str | None], ...] = ()
    repeated: Mapping[str, str] = field(default_factory=dict)
    """Of expressions that had the name of an earlier one and were given one of their own: that name."""


def read_template(key: str, place: Node, findings: Findings) -> Template:
    """Read a key of `paths`; where no route can be made of it, a path that no request reaches, with a finding."""
    path, mark, query = key.partition("?")
    problem = _problem(key, path)
    if problem is not None:
        findings.add("invalid-path", place, f"{problem[0]}; its operations are not served", hint=problem[1])
        return Template(path, ())
    path, repeated = _told_apart(path)
    for name, first in repeated.items():
        message = f"'{key}' has '{{{first}}}' twice, which OpenAPI forbids; the later one is called '{{{name}}}' and checked alike"
        findings.add("read-as-meant", place, message, hint="give each parameter a name of its own")
    conditions = _conditions(query)
    if mark:
        said = " and ".join(name if value is None else f"{name}={value}" for name, value in conditions) or "nothing"
        message = f"OpenAPI has no query in a path; '{key}' is taken as '{path}' on condition of {said}"
        findings.add("query-in-path", place, message, hint="`x-gateway: {match: {query: …}}` says the same")
    unreachable = _unreachable(path)
    if unreachable is not None:
        findings.add("unreachable-path", place, f"no request reaches '{path}': {unreachable[0]}", hint=unreachable[1])
    return Template(path, tuple(_EXPRESSION.findall(path)), conditions, repeated)


def _told_apart(path: str) -> tuple[str, dict[str, str]]:
    """A path whose expressions have different names, and of those that were given one the name that they had."""
    names = _EXPRESSION.findall(path)
    taken, renamed = set(names), {}
    seen: set[str] = set()

    def rename(expression: re.Match[str]) -> str:
        name = expression[1]
        if name in seen:
            own = next(own for number in count(2) if (own := f"{name}_{number}") not in taken)
            taken.add(own)
            renamed[own] = name
            return f"{{{own}}}"
        seen.add(name)
        return expression[0]

    return (_EXPRESSION.sub(rename, path), renamed) if len(taken) < len(names) else (path, {})


def _problem(key: str, path: str) -> tuple[str, str] | None:
    """Why a key is no path, and the way out."""
    if not key.startswith("/"):
        return f"the path '{key}' has to start with '/'", f"write '/{key}'"
    literal = _EXPRESSION.sub("", path)
    if "{" in literal or "}" in literal:
        return f"the braces of '{key}' do not match", "an expression is one name between '{' and '}'"
    names = _EXPRESSION.findall(path)
    for name in names:
        if not name.strip():
            return f"an expression of '{key}' has no name", "write a name between '{' and '}'"
        if "/" in name:
            return f"the expression '{{{name}}}' of '{key}' reaches over a '/'", "a parameter stands for a part of one segment"
    return None


def _conditions(query: str) -> tuple[tuple[str, str | None], ...]:
    found: dict[str, str | None] = {}
    for pair in filter(None, query.split("&")):
        name, equals, value = pair.partition("=")
        # Where an expression stands, any value does.
        found.setdefault(unquote_plus(name), unquote_plus(value) if equals and "{" not in value else None)
    return tuple(found.items())


def _unreachable(path: str) -> tuple[str, str] | None:
    """Why no request can have a path, and what becomes of those that are meant for it."""
    if "#" in _EXPRESSION.sub("", path):
        return "what follows '#' is never sent", f"such requests arrive at '{path.partition('#')[0]}'"
    try:
        parse(path)
    except TemplateError as error:
        return str(error), "such requests are answered with 400"
    return None
