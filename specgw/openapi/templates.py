"""Path templates: `/users/{id}.json` (OpenAPI section "Path Templating")."""

from __future__ import annotations

import re
from dataclasses import dataclass
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


def read_template(key: str, place: Node, findings: Findings) -> Template | None:
    """Read a key of `paths`; None, with a finding, where no route can be made of it."""
    path, mark, query = key.partition("?")
    problem = _problem(key, path, query)
    if problem is not None:
        findings.add("invalid-path", place, problem[0], hint=problem[1])
        return None
    conditions = _conditions(query)
    if mark:
        said = " and ".join(name if value is None else f"{name}={value}" for name, value in conditions) or "nothing"
        message = f"OpenAPI has no query in a path; '{key}' is taken as '{path}' on condition of {said}"
        findings.add("query-in-path", place, message, hint="`x-gateway: {match: {query: …}}` says the same")
    unreachable = _unreachable(path)
    if unreachable is not None:
        findings.add("unreachable-path", place, f"no request reaches '{path}': {unreachable[0]}", hint=unreachable[1])
    return Template(path, tuple(_EXPRESSION.findall(path)), conditions)


def _problem(key: str, path: str, query: str) -> tuple[str, str] | None:
    """Why a key is no path, and the way out."""
    if not key.startswith("/"):
        return f"the path '{key}' has to start with '/'", f"write '/{key}'"
    if "{" in query:
        return f"the path '{key}' holds a query", "query parameters are declared under `parameters` with 'in: query'"
    literal = _EXPRESSION.sub("", path)
    if "{" in literal or "}" in literal:
        return f"the braces of '{key}' do not match", "an expression is one name between '{' and '}'"
    names = _EXPRESSION.findall(path)
    for name in names:
        if not name.strip():
            return f"an expression of '{key}' has no name", "write a name between '{' and '}'"
        if "/" in name:
            return f"the expression '{{{name}}}' of '{key}' reaches over a '/'", "a parameter stands for a part of one segment"
        if names.count(name) > 1:
            return f"'{key}' has '{{{name}}}' twice", "give each parameter a name of its own"
    return None


def _conditions(query: str) -> tuple[tuple[str, str | None], ...]:
    found: dict[str, str | None] = {}
    for pair in filter(None, query.split("&")):
        name, equals, value = pair.partition("=")
        found.setdefault(unquote_plus(name), unquote_plus(value) if equals else None)
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
