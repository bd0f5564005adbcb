"""The certificates that a listener shows: chosen by name at each handshake, exchanged while it runs.

Connections keep the context in which they began, so that nobody notices a change. New files take effect only when all
of them are right together; until then the old ones stay, as they are in memory.
"""

from __future__ import annotations

import logging
import os
import ssl
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from specgw.dataplane.activation import ActivationError
from specgw.plan.model import Edge, Listen, Plan, Tls
from specgw.telemetry.metrics import Metrics
from specgw.tls.files import Stamp, Unusable, check_authorities, read_authorities, read_pair, server_context, stamp
from specgw.tls.x509 import covers

log = logging.getLogger("specgw.dataplane")

LOOK = 10.0
"""Seconds between two looks at the files."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Certificates as they were read at one moment."""

    tls: Tls
    folder: str
    stamps: tuple[Stamp, ...]
    context: ssl.SSLContext
    not_after: tuple[tuple[str, float], ...]
    """File of each certificate, and when it ends (seconds since 1970)."""


class Context(ssl.SSLContext):
    """What uvicorn and the loop hold: each handshake happens in the context that is current when it begins."""

    current: ssl.SSLContext

    def wrap_bio(
        self,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        server_side: bool = False,
        server_hostname: str | bytes | None = None,
        session: ssl.SSLSession | None = None,
    ) -> ssl.SSLObject:
        """The one call by which asyncio and uvloop begin a handshake."""
        return self.current.wrap_bio(incoming, outgoing, server_side=server_side)


class Certificates:
    """Those of one listener. `name` is its key in gateway.yaml. Raises ActivationError where a file is not usable."""

    def __init__(self, name: str, tls: Tls, folder: str, metrics: Metrics, clock: Callable[[], float] = time.time) -> None:
        self.name = name
        self._metrics = metrics
        self._clock = clock
        self._fault = ""
        self.loaded = self._read(tls, folder)
        self.context = Context(ssl.PROTOCOL_TLS_SERVER)
        self.context.current = self.loaded.context

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that matters."""
        return _files(self.loaded.tls, self.loaded.folder)

    def load(self, tls: Tls, folder: str) -> Loaded:
        """What another Plan says, read but not in use. Files that are in use already, unchanged, need not be right any more."""
        loaded = self.loaded
        if (tls, folder) == (loaded.tls, loaded.folder) and loaded.stamps == _stamps(tls, folder):
            return loaded
        return self._read(tls, folder)

    def use(self, loaded: Loaded) -> None:
        """Show these from the next handshake on."""
        self._fault = ""
        if loaded is not self.loaded:
            self.loaded = loaded
            self.context.current = loaded.context
            self._metrics.certificate_reload("reloaded")
            log.info("gateway.%s.tls: certificates reloaded", self.name)

    def refresh(self) -> None:
        """Look whether files have changed, and take them over if all are right; otherwise say so once, and keep the old ones."""
        try:
            self.use(self.load(self.loaded.tls, self.loaded.folder))
        except ActivationError as error:
            if str(error) != self._fault:
                self._fault = str(error)
                self._metrics.certificate_reload("refused")
                log.warning("%s; the certificates read before stay in use", error)

    def _read(self, tls: Tls, folder: str) -> Loaded:
        # Before the files: what changes while they are read is seen as changed the next time.
        stamps = _stamps(tls, folder)
        now = self._clock()
        authorities = [place(folder, name) for name in tls.authorities]
        try:
            for path in authorities:
                check_authorities(path, str(path))
            contexts: list[tuple[tuple[str, ...], ssl.SSLContext]] = []
            ends = []
            for pair in tls.certificates:
                cert, key = place(folder, pair.cert), place(folder, pair.key)
                certificate = read_pair(cert, key, now, str(cert), str(key))
                contexts.append((certificate.names, server_context(cert, key, authorities, required=tls.client_ca is not None)))
                ends.append((pair.cert, certificate.not_after))
        except Unusable as error:
            raise ActivationError(f"gateway.{self.name}.tls: {error}") from None
        except OSError:
            raise ActivationError(f"gateway.{self.name}.tls: the files changed while they were read") from None
        default = contexts[0][1]
        if len(contexts) > 1:
            default.sni_callback = _chooser(contexts)
        return Loaded(tls, folder, stamps, default, tuple(ends))


class Doors:
    """The certificates of all listeners of a gateway that speak TLS."""

    def __init__(self, edge: Edge, metrics: Metrics, *, admin: bool) -> None:
        self._admin = admin
        self._looked = time.monotonic()
        self._of = {name: Certificates(name, tls, edge.folder, metrics) for name, tls in self._said(edge).items()}
        metrics.certificates = self.not_after

    def __getitem__(self, name: str) -> ssl.SSLContext | None:
        """The context of a listener; None where it speaks plain HTTP."""
        found = self._of.get(name)
        return None if found is None else found.context

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that matters."""
        return tuple(file for certificates in self._of.values() for file in certificates.files)

    def prepare(self, edge: Edge) -> Callable[[], None]:
        """Read what another Plan says; what is returned puts it to use. Raises ActivationError, and then nothing has changed."""
        said = self._said(edge)
        if said.keys() != self._of.keys():
            name = min(said.keys() ^ self._of.keys())
            raise ActivationError(f"gateway.{name}.tls: a listener changes between HTTP and HTTPS only with a restart")
        ready = [(certificates, certificates.load(said[name], edge.folder)) for name, certificates in self._of.items()]

        def use() -> None:
            for certificates, loaded in ready:
                certificates.use(loaded)

        return use

    def refresh(self) -> None:
        """Take over files that have changed."""
        self._looked = time.monotonic()
        for certificates in self._of.values():
            certificates.refresh()

    def look(self) -> None:
        """The same, once every LOOK seconds; called often."""
        if self._of and time.monotonic() - self._looked >= LOOK:
            self.refresh()

    def not_after(self) -> Iterator[tuple[str, float]]:
        """File of each certificate in use, as gateway.yaml names it, and when it ends."""
        yield from dict(pair for certificates in self._of.values() for pair in certificates.loaded.not_after).items()

    def _said(self, edge: Edge) -> dict[str, Tls]:
        listeners: list[tuple[str, Listen]] = [("listen", edge.listen)]
        if self._admin:
            listeners.append(("admin", edge.admin))
        return {name: listen.tls for name, listen in listeners if listen.tls is not None}


def client_authorities(plan: Plan) -> dict[str, tuple[bytes, ...]]:
    """The authorities of `mutualTLS` schemes, in DER, by the file that a scheme names. Raises ActivationError."""
    found = {}
    for scheme in plan.schemes.values():
        if scheme.ca is not None:
            path = place(plan.edge.folder, scheme.ca)
            try:
                found[scheme.ca] = read_authorities(path, str(path))
            except Unusable as error:
                raise ActivationError(f"security scheme {scheme.service}/{scheme.name}: {error}") from None
    return found


def place(folder: str, name: str) -> Path:
    """Where a file lies. By name alone, as `specgw build` has written the folder: links in between do not count."""
    return Path(os.path.normpath(os.path.join(folder, name)))


def _chooser(contexts: list[tuple[tuple[str, ...], ssl.SSLContext]]) -> Callable[[ssl.SSLObject, str, ssl.SSLContext], None]:
    """Chooses by the name that the client asks for (RFC 6066 section 3); an exact name stands before a wildcard."""
    default = contexts[0][1]
    exact: dict[str, ssl.SSLContext] = {}
    wild: list[tuple[str, ssl.SSLContext]] = []
    for names, context in contexts:
        for name in names:
            if name.startswith("*."):
                wild.append((name, context))
            else:
                exact.setdefault(name, context)

    def choose(connection: ssl.SSLObject, asked: str | None, _: ssl.SSLContext) -> None:
        if asked is None:
            return
        asked = asked.lower()
        chosen = exact.get(asked) or next((context for name, context in wild if covers(name, asked)), default)
        if chosen is not default:
            connection.context = chosen

    return choose


def overlook_bad_names() -> None:
    """Keep quiet about names that no client means: for SNI beyond ASCII `ssl` prints a traceback, as often as somebody sends it.

    The handshake fails with an alert either way. For the whole process: to be called where the process is one's own.
    """
    others = sys.unraisablehook

    def hook(unraisable: sys.UnraisableHookArgs) -> None:
        if not (unraisable.exc_type is UnicodeDecodeError and isinstance(unraisable.object, bytes)):
            others(unraisable)

    sys.unraisablehook = hook


def _files(tls: Tls, folder: str) -> tuple[Path, ...]:
    names = [name for pair in tls.certificates for name in (pair.cert, pair.key)]
    return tuple(place(folder, name) for name in (*names, *tls.authorities))


def _stamps(tls: Tls, folder: str) -> tuple[Stamp, ...]:
    return tuple(map(stamp, _files(tls, folder)))
