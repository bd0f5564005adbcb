"""The listening sockets."""

from __future__ import annotations

import socket

import pytest

from specgw.dataplane.sockets import AddressInUse, Sockets
from specgw.plan.model import Edge, Listen


def test_an_admin_port_that_was_asked_for_is_not_replaced_and_nothing_stays_bound() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        edge = Edge(listen=Listen(port=0), admin=Listen(port=taken))
        with pytest.raises(AddressInUse, match=f"^127.0.0.1:{taken}: "):
            Sockets.bound(edge, host=None, port=None, admin=("127.0.0.1", taken), admin_enabled=True)
        sockets = Sockets.bound(edge, host=None, port=0, admin=None, admin_enabled=True)
        assert sockets.moved_admin
        assert sockets.admin_address is not None
        assert sockets.admin_address[1] != taken
        sockets.close()
        assert sockets.public.fileno() == -1


def test_without_an_admin_listener_there_is_one_socket() -> None:
    sockets = Sockets.bound(Edge(), host="127.0.0.1", port=0, admin=None, admin_enabled=False)
    assert (sockets.address[0], sockets.admin_address) == ("127.0.0.1", None)
    with socket.create_connection(sockets.address):
        sockets.close()
