"""`schemes`, `host` and `basePath` of Swagger 2.0 as Server Objects."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from specgw.openapi.model import Node
from specgw.openapi.swagger.parts import Upgrade, elements


def servers(upgrade: Upgrade, root: Node, operation: Node | None = None) -> list[dict[str, Any]]:
    """The servers of the document, or of an operation with `schemes` of its own; https first."""
    host, base = _text(root, "host"), _text(root, "basePath")
    if not host and not base:
        return []
    holder = operation or root
    schemes = _schemes(upgrade, holder)
    place = holder.get("schemes") or root.get("host") or root.get("basePath") or root
    if base and not base.startswith("/"):
        upgrade.lose(root.get("basePath") or root, f"`basePath` starts with '/'; it is read as '/{base}'")
        base = "/" + base
    if "://" in host:
        at = root.get("host") or root
        message = "`host` is a name and a port; the scheme and the path in it are taken as such"
        upgrade.lose(at, message, "they belong into `schemes` and `basePath`")
        parts = urlsplit(host)
        schemes, host, base = [parts.scheme], parts.netloc, parts.path.rstrip("/") + base
    if not host:
        urls = [base]
    else:
        if not schemes:
            message = "without `schemes`, where a document was found says which one is meant; a gateway cannot know it and takes https"
            upgrade.lose(root.get("host") or root, message, "add 'schemes: [https]'")
        urls = [f"{scheme}://{host.rstrip('/')}{base}" for scheme in schemes or ["https"]]
    made: list[dict[str, Any]] = []
    for url in urls:
        server: dict[str, Any] = {}
        upgrade.put(server, "url", url, place)
        upgrade.append(made, server, place)
    return made


def _schemes(upgrade: Upgrade, holder: Node) -> list[str]:
    known = []
    for part in elements(holder, "schemes"):
        scheme = part.value.lower() if isinstance(part.value, str) else ""
        if scheme in ("http", "https"):
            known.append(scheme)
        elif scheme in ("ws", "wss"):
            upgrade.lose(part, f"the scheme '{scheme}' is not carried over", "WebSockets are opened with `x-gateway: {websocket: {}}`")
        else:
            upgrade.lose(part, "a scheme is one of http, https, ws and wss; this one is left out")
    return sorted(set(known), reverse=True)


def _text(root: Node, key: str) -> str:
    value = root.value.get(key)
    return value.strip() if isinstance(value, str) else ""
