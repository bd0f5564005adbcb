"""The listening sockets of a gateway: bound once, and shared by all of its workers."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from specgw.plan.model import Edge

BACKLOG = 2048


class AddressInUse(OSError):
    """A listener's address is taken, or cannot be bound; the message names it."""


@dataclass(frozen=True, slots=True)
class Sockets:
    """That of the public listener, and that of the admin listener; None where it is off."""

    public: socket.socket
    admin: socket.socket | None = None
    moved_admin: bool = False
    """Whether the default admin port was occupied and a free one has been taken."""

    @classmethod
    def bound(cls, edge: Edge, *, host: str | None, port: int | None, admin: tuple[str, int] | None, admin_enabled: bool) -> Sockets:
        """Bind what a (prepared) plan says, unless the options say something else; raises AddressInUse.

        An occupied default admin port is replaced by a free one; one that was asked for is not.
        """
        public = bound(host or edge.listen.host, int(edge.listen.port) if port is None else port)
        if not admin_enabled:
            return cls(public)
        admin_host, admin_port = admin or (edge.admin.host, int(edge.admin.port))
        try:
            return cls(public, bound(admin_host, admin_port))
        except AddressInUse:
            if admin is not None:
                public.close()
                raise
            return cls(public, bound(admin_host, 0), moved_admin=True)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the public listener."""
        return _address(self.public)

    @property
    def admin_address(self) -> tuple[str, int] | None:
        """Host and port of the admin listener."""
        return None if self.admin is None else _address(self.admin)

    def close(self) -> None:
        """Let go of them; whoever else has them goes on listening."""
        self.public.close()
        if self.admin is not None:
            self.admin.close()


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens there; raises AddressInUse."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise AddressInUse(f"{host}:{port}: {error.strerror or error}") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise AddressInUse(f"{host}:{port}: {error.strerror}") from None
    return listener


def _address(listener: socket.socket) -> tuple[str, int]:
    host, port = listener.getsockname()[:2]
    return host, port
