"""Servers with their variables filled in (OpenAPI sections "Server Object" and "Server Variable Object")."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from specgw.diagnostics import did_you_mean
from specgw.openapi.model import Node, Server
from specgw.openapi.reading import Reading

_VARIABLE = re.compile(r"\{([^{}]*)\}")


class Servers:
    """Reads the `servers` of one contract; those of the root once for all operations."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._read: dict[tuple[str, str], tuple[Server, ...]] = {}

    def of(self, *levels: Node) -> tuple[Server, ...]:
        """The servers of the first level, from the operation outwards, that has some; empty where none has."""
        for level in levels:
            if level.value.get("servers"):
                mark = (level.file, level.pointer)
                if mark not in self._read:
                    self._read[mark] = tuple(
                        server for element in self._reading.elements(level, "servers") if (server := self._server(element)) is not None
                    )
                return self._read[mark]
        return ()

    def _server(self, element: Node) -> Server | None:
        add = self._reading.findings.add
        if isinstance(element.value, str):
            add("read-as-meant", element, f"a server is a mapping; this one is read as 'url: {element.value}'", hint="write '- url: …'")
            element = Node(element.document, element.pointer, {"url": element.value})
        node = self._reading.object(element, "Server")
        if node is None:
            return None
        url = self._reading.field(node, "url", str)
        if url is None:
            if "url" not in node.value:
                add("invalid-server", node, "this server has no `url`")
            return None
        variables = dict(self._reading.members(node, "variables"))
        filled = url
        for name in dict.fromkeys(_VARIABLE.findall(url)):
            value = self._default(node, variables, name)
            if value is None:
                return None
            filled = filled.replace(f"{{{name}}}", value)
        for name, variable in variables.items():
            if f"{{{name}}}" not in url:
                add(
                    "no-effect",
                    variable,
                    f"the variable '{name}' does not occur in '{url}'",
                    hint=did_you_mean(name, _VARIABLE.findall(url)),
                )
        problem = _problem(filled)
        if problem is not None:
            add("invalid-server", node.at("url"), f"'{url}' is no URL of a server: {problem}")
            return None
        return Server(node, filled)

    def _default(self, server: Node, variables: dict[str, Node], name: str) -> str | None:
        """The value that a variable has unless somebody chooses another."""
        add = self._reading.findings.add
        if name not in variables:
            add(
                "invalid-server",
                server.at("url"),
                f"the variable '{{{name}}}' is not declared under `variables`",
                hint=did_you_mean(name, variables),
            )
            return None
        variable = self._reading.object(variables[name], "Server Variable")
        if variable is None:
            return None
        default = _text(variable.value.get("default"))
        if default is None:
            add("invalid-server", variable, f"the variable '{name}' has no text as its `default`, which it needs")
            return None
        choices = self._reading.field(variable, "enum", list)
        if choices is not None:
            texts = [text for choice in choices if (text := _text(choice)) is not None]
            if default not in texts:
                add(
                    "invalid-server",
                    variable.at("default"),
                    f"the default '{default}' is not among the variable's `enum`",
                    hint=did_you_mean(default, texts),
                )
        return default


def _text(value: Any) -> str | None:
    """A scalar as its author wrote it: ports are often left without quotes."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _problem(url: str) -> str | None:
    if re.search(r"[\s{}\\]", url):
        return "it holds a space, a brace or a backslash"
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        return str(error).lower()
    if parts.scheme and parts.scheme not in ("http", "https"):
        return "it does not start with http:// or https://"
    if parts.query or parts.fragment:
        return "it has a query or a fragment"
    if parts.scheme and not parts.hostname:
        return "it names no host"
    return None
