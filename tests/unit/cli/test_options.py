from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from specgw.cli.options import SPECS, Address, ServiceUrl, allowed_hosts


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


def test_hosts_that_may_be_asked_reach_the_compiler_from_every_command_that_takes_documents(tmp_path: Path) -> None:
    @click.command()
    @SPECS
    def tried(specs: tuple[Path, ...]) -> None:
        click.echo(f"{[path.name for path in specs]} {allowed_hosts()}")

    run = CliRunner()
    given = [str(tmp_path / "api.yaml"), "--allow-remote", "a.example", "--allow-remote", "[::1]:80"]
    assert run.invoke(tried, given).output == "['api.yaml'] ('a.example', '[::1]:80')\n"
    assert run.invoke(tried).output == "[] ()\n"
    wrong = run.invoke(tried, ["--allow-remote", "https://a.example"])
    assert (wrong.exit_code, "is neither NAME nor NAME:PORT" in wrong.output) == (2, True)
    assert allowed_hosts() == ()
