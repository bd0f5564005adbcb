"""Which service answers each operation: named in gateway.yaml, written inline, or the first of `servers`.

Stands after the settings. Only upstreams that something uses come into the Plan, so that no reference to the
environment has to be resolved in vain.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from msgspec.structs import replace

from specgw.compiler.declared import Declared
from specgw.compiler.draft import Draft
from specgw.compiler.names import unused
from specgw.diagnostics import FilePlace
from specgw.openapi.model import Contract, Node, Server
from specgw.plan.model import Target, Upstream, UpstreamChoice
from specgw.xgateway.settings import UpstreamLine

OVERRIDE = "upstream"
"""Name of the upstream that stands in for all others."""


def run(draft: Draft) -> None:
    """Fill in `upstreams`, and of each operation `upstreams` and `rewrite`."""
    if draft.inputs.upstream is not None:
        _override(draft, draft.inputs.upstream)
        return
    book = _Book(draft)
    for declared in draft.declared:
        declared.rewrite = declared.settings.rewrite
        lines = declared.settings.upstream
        if lines:
            declared.upstreams = tuple(
                UpstreamChoice(upstream=name, conditions=line.conditions)
                for line in lines
                if (name := book.line(declared, line)) is not None
            )
        else:
            name = book.server(declared)
            declared.upstreams = () if name is None else (UpstreamChoice(upstream=name),)
    fallback = draft.edge.fallback
    if fallback is not None and fallback in draft.gateway.upstreams:
        book.used(fallback)
    book.report()


def _override(draft: Draft, url: str) -> None:
    target = usable_url(url)
    if target is None:
        message = f"'{url}' cannot stand in for every upstream: it is no http or https URL"
        draft.findings.add("invalid-upstream-url", FilePlace("--upstream"), message, hint="such as http://127.0.0.1:8081")
        return
    draft.upstreams[OVERRIDE] = Upstream(name=OVERRIDE, targets=(Target(url=target),))
    for declared in draft.declared:
        declared.upstreams = (UpstreamChoice(upstream=OVERRIDE),)
    if draft.edge.fallback is not None:
        draft.edge = replace(draft.edge, fallback=OVERRIDE)


class _Book:
    """Gives every distinct upstream one name."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._named = draft.gateway.upstreams
        self._unnamed: dict[tuple[str, tuple[Target, ...]], str] = {}
        self._lacking: dict[tuple[str, str], tuple[Node, str, int]] = {}

    def used(self, name: str) -> str:
        """A named upstream, which comes into the Plan."""
        self._draft.upstreams.setdefault(name, self._named[name])
        return name

    def line(self, declared: Declared, line: UpstreamLine) -> str | None:
        """The name for one line of `upstream`; None for a name that nobody has, which was found before."""
        if line.name is None:
            return self._unnamed_one(declared.service, line.targets)
        return self.used(line.name) if line.name in self._named else None

    def server(self, declared: Declared) -> str | None:
        """The name for the first of an operation's `servers`; None where it says nothing about where the service is."""
        servers = declared.operation.servers
        url = usable_url(servers[0].url) if servers else None
        if url is None:
            self._lacks(declared, servers[0] if servers else None)
            return None
        return self._unnamed_one(declared.service, (Target(url=url),))

    def report(self) -> None:
        """Say once for each document or server, and not for each operation, that there is no upstream."""
        for place, reason, count in self._lacking.values():
            operations = "1 operation answers" if count == 1 else f"{count} operations answer"
            hint = "say it with 'x-gateway: {upstream: http://…}', or start with --upstream URL"
            self._draft.findings.add("no-upstream", place, f"{reason}: {operations} 503", hint=hint)

    def _unnamed_one(self, service: str, targets: tuple[Target, ...]) -> str:
        """An upstream without a name gets that of its service, with a number where a service has several."""
        known = self._unnamed.get((service, targets))
        if known is None:
            known = unused(service, lambda name: name in self._named or name in self._draft.upstreams)
            self._unnamed[service, targets] = known
            self._draft.upstreams[known] = Upstream(name=known, targets=targets)
        return known

    def _lacks(self, declared: Declared, server: Server | None) -> None:
        if not declared.settings.enabled:
            return
        contract: Contract = declared.contract
        if server is None:
            place, reason = contract.root, "the document has no `servers` that could be used, and no upstream is named"
        else:
            place = server.node.at("url")
            if not urlsplit(server.url).scheme:
                reason = f"the server '{server.url}' is relative, so that it names no upstream"
            else:  # not shown: it may hold a password
                reason = "the URL of this server has a user name, or a host or port that cannot be"
        known = self._lacking.get((place.file, place.pointer))
        self._lacking[place.file, place.pointer] = (place, reason, known[2] + 1 if known else 1)


def usable_url(url: str) -> str | None:
    """A server's URL as a target: absolute, http or https, in ASCII, without a slash at its end; None for any other."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
        port = parts.port
        name = host.encode("idna").decode("ascii") if host and not host.isascii() else host
    except ValueError:  # UnicodeError is one
        return None
    if parts.scheme not in ("http", "https") or not name or port == 0 or parts.username is not None:
        return None
    path = quote(parts.path, safe="/%!$&'()*+,;=:@-._~").rstrip("/")
    authority = f"[{name}]" if ":" in name else name
    # A `${` in a document is no reference: only gateway.yaml and x-gateway speak of the environment.
    return f"{parts.scheme}://{authority}{'' if port is None else f':{port}'}{path}".replace("${", "$${")
