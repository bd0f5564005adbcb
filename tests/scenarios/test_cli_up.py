"""`specgw up`: the whole sample system, from one command to the last process."""

from __future__ import annotations

import os
import re
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.scenarios.process import PATIENCE, ROOT, Running, free_port, running, specgw

KEY = {"X-API-Key": "DEV_KEY_12345"}


def ports() -> tuple[str, ...]:
    return "--port", str(free_port()), "--users-port", str(free_port()), "--products-port", str(free_port())


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, str, list[str]]]:
    """The sample system, its gateway's address, and the commands that it proposes."""
    with running("up", *ports(), cwd=tmp_path_factory.mktemp("up")) as up:
        base = up.expect(r"^specgw is up on (http://127\.0\.0\.1:\d+)\. Try:$")[1]
        up.expect("^The portal is on http://127.0.0.1:[0-9]+/portal/, the sandbox on http://127.0.0.1:[0-9]+/sandbox/.$")
        up.expect("^Ctrl-C stops everything")
        yield up, base, [line.strip() for line in up.said if line.strip().startswith("curl ")]


def test_both_services_answer_through_the_gateway(system: tuple[Running, str, list[str]]) -> None:
    _, base, _ = system
    users = httpx.get(f"{base}/api/users", headers=KEY, timeout=PATIENCE).json()
    products = httpx.get(f"{base}/api/products", headers=KEY, timeout=PATIENCE).json()
    assert users["items"][0].keys() >= {"id", "name", "email"}
    assert products["items"][0].keys() >= {"id", "sku", "price"}


def test_without_a_key_nobody_gets_in(system: tuple[Running, str, list[str]]) -> None:
    _, base, _ = system
    for headers in ({}, {"X-API-Key": "DEV_KEY_1234"}):
        refused = httpx.get(f"{base}/api/users", headers=headers, timeout=PATIENCE)
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"] == 'ApiKey realm="users", in="header", name="X-API-Key"'


def test_an_entry_is_created_read_replaced_and_deleted(system: tuple[Running, str, list[str]]) -> None:
    _, base, _ = system
    with httpx.Client(base_url=base, headers=KEY, timeout=PATIENCE) as client:
        created = client.post("/api/users", json={"name": "Barbara", "email": "barbara@example.org"})
        assert created.status_code == 201
        place = f"/api/users/{created.json()['id']}"
        assert client.get(place).json()["name"] == "Barbara"
        assert client.put(place, json={"name": "B.", "email": "barbara@example.org"}).json()["name"] == "B."
        assert client.delete(place).status_code == 204
        assert client.get(place).status_code == 404


def test_what_breaks_the_contract_is_refused_with_every_reason(system: tuple[Running, str, list[str]]) -> None:
    _, base, _ = system
    refused = httpx.post(f"{base}/api/users", json={"name": "", "email": "no", "shoe": 42}, headers=KEY, timeout=PATIENCE)
    assert refused.status_code == 400
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert len(refused.json()["violations"]) >= 3


def test_every_proposed_command_works_as_it_stands(system: tuple[Running, str, list[str]]) -> None:
    _, base, proposed = system
    key = "-H 'X-API-Key: DEV_KEY_12345'"
    assert {f"curl {key} {base}/api/users", f"curl {key} {base}/api/products", f"curl {base}/metrics"} <= set(proposed)
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("there is no curl here")
    for line in proposed:
        done = subprocess.run([curl, "-sS", *shlex.split(line)[1:]], capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr
        assert done.stdout


def test_output_is_readable_and_says_whose_it_is(system: tuple[Running, str, list[str]]) -> None:
    up, base, _ = system
    httpx.get(f"{base}/api/products/1", headers=KEY, timeout=PATIENCE)
    up.expect(r"^(gateway  \| GET    /api/products/1 → 200  [\d.]+ ms  getProduct|products \| .*/products/1.*200)")
    assert "\x1b" not in "".join(up.said)


def pids(of: int) -> list[int]:
    """The processes below one, from /proc."""
    below = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == of:
                below += [int(entry.name), *pids(int(entry.name))]
    return below


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_signal_stops_everything(tmp_path: Path, number: signal.Signals, code: int) -> None:
    with running("up", *ports(), cwd=tmp_path) as up:
        up.expect("^Ctrl-C stops everything")
        members = pids(up.process.pid)
        assert len(members) >= 3
        assert up.stop(number) == code
        assert [pid for pid in members if not gone(pid)] == []
        assert "Traceback" not in "\n".join(up.said)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_service_that_dies_ends_all(tmp_path: Path) -> None:
    with running("up", *ports(), cwd=tmp_path) as up:
        up.expect("^Ctrl-C stops everything")
        members = pids(up.process.pid)
        users = next(pid for pid in members if b"sample_services.users" in Path(f"/proc/{pid}/cmdline").read_bytes())
        os.kill(users, signal.SIGKILL)
        assert up.end() == 1
        assert "specgw: users was ended by SIGKILL; everything is stopped" in up.said
        assert [pid for pid in members if not gone(pid)] == []


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help against orphans is Linux's")
def test_nothing_is_left_when_it_is_killed(tmp_path: Path) -> None:
    with running("up", *ports(), cwd=tmp_path) as up:
        up.expect("^Ctrl-C stops everything")
        watched = [os.pidfd_open(pid) for pid in pids(up.process.pid)]
        assert len(watched) >= 3
        os.kill(up.process.pid, signal.SIGKILL)
        for descriptor in watched:
            # Readable once the process has ended (pidfd_open(2)).
            assert select.select([descriptor], [], [], PATIENCE)[0]
            os.close(descriptor)


def test_a_taken_port_is_named_with_the_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = specgw("up", "--port", str(free_port()), "--users-port", port, "--products-port", str(free_port()), cwd=tmp_path)
    assert ended.returncode == 2
    assert ended.stderr == f"error: port {port} is in use: stop what listens there, or choose another with --users-port\n"


def test_specs_of_the_current_folder_are_served_and_followed(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    products = tmp_path / "specs" / "products.yaml"
    with running("up", *ports(), cwd=tmp_path) as up:
        base = up.expect("^specgw is up on (.*)[.] Try:$")[1]
        text = products.read_text(encoding="utf-8")
        products.write_text(re.sub(r"^  mount: /api$", "  mount: /shop", text, flags=re.MULTILINE), encoding="utf-8")
        up.expect(r"^gateway  \| generation 2: ")
        assert httpx.get(f"{base}/shop/products", headers=KEY, timeout=PATIENCE).status_code == 200
        assert httpx.get(f"{base}/api/products", timeout=PATIENCE).status_code == 404


def test_documents_with_an_error_start_nothing(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    users = tmp_path / "specs" / "users.yaml"
    users.write_text(users.read_text(encoding="utf-8").replace("mount: /api", "muont: /api"), encoding="utf-8")
    ended = specgw("up", *ports(), cwd=tmp_path)
    assert ended.returncode == 1
    assert "did you mean 'mount'?" in ended.stderr
    assert ended.stdout == ""
