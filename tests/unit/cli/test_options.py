from __future__ import annotations

import click
import pytest

from specgw.cli.options import Address, ServiceUrl


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:9901", ("127.0.0.1", 9901)),
        ("localhost:0", ("localhost", 0)),
        ("[::1]:9901", ("::1", 9901)),
        ("off", "off"),
    ],
)
def test_an_address_is_host_and_port_or_off(text: str, address: object) -> None:
    assert Address().convert(text, None, None) == address


@pytest.mark.parametrize("text", ["", "9901", ":9901", "host:", "host:port", "host:65536", "host:-1", "::1:9901", "[::1:9901", "host:٣"])
def test_anything_else_is_no_address(text: str) -> None:
    with pytest.raises(click.BadParameter, match=r"HOST:PORT|in brackets"):
        Address().convert(text, None, None)


@pytest.mark.parametrize("text", ["http://127.0.0.1:9000", "https://api.example.com/v1", "http://[::1]:8080/", "HTTP://example.com"])
def test_a_service_url_is_kept_as_written(text: str) -> None:
    assert ServiceUrl().convert(text, None, None) == text


@pytest.mark.parametrize(
    "text",
    ["", "example.com", "ftp://example.com", "http://", "http:///path", "http://host:port", "http://host:0", "http://host:70000",
     "http://[::1", "http://host/?a=b", "http://host/#f", "http://host/?"],
)  # fmt: skip
def test_anything_else_is_no_service_url(text: str) -> None:
    with pytest.raises(click.BadParameter):
        ServiceUrl().convert(text, None, None)
