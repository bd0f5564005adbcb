from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from specgw.plan.model import Edge, Limits, Listen, Target, Telemetry, Upstream
from specgw.xgateway.gateway_file import load_gateway
from specgw.xgateway.inheritance import Inheritance
from specgw.xgateway.settings import GatewayFile, PortalSettings


def load(folder: Any, text: str, *profiles: str, environ: dict[str, str] | None = None, **files: str) -> GatewayFile:
    for profile, content in files.items():
        folder.write(content, f"gateway.{profile}.yaml")
    return load_gateway(folder.write(text, "gateway.yaml"), profiles, environ or {}, folder.findings, folder.library)


@pytest.mark.parametrize("text", ["gateway: {}", "gateway:", "gateway: null"])
def test_everything_has_a_default(folder: Any, text: str) -> None:
    found = load(folder, text)
    assert found.edge == Edge()
    assert (dict(found.upstreams), found.defaults, found.specs) == ({}, None, ())
    assert list(folder.findings) == []


def test_what_the_file_says_becomes_the_edge(folder: Any) -> None:
    found = load(
        folder,
        """
        gateway:
          listen: {host: 0.0.0.0, port: 80, publicUrl: https://api.example.com}
          admin: {port: 0}
          trustedProxies: [10.0.0.0/8, '::1']
          limits: {requestLine: 4KiB, headers: 16KiB, headerCount: 50, headerTime: 5s}
          fallback: {upstream: users}
          upstreams: {users: http://h}
          telemetry: {accessLog: 'off'}
        """,
    )
    assert found.edge == Edge(
        listen=Listen(host="0.0.0.0", port=80, public_url="https://api.example.com"),
        admin=Listen(port=0),
        trusted_proxies=("10.0.0.0/8", "::1/128"),
        limits=Limits(request_line=4096, headers=16384, header_count=50, header_time=5),
        fallback="users",
        telemetry=Telemetry(access_log="off"),
    )
    assert list(folder.findings) == []


def test_the_portal(folder: Any) -> None:
    found = load(folder, "gateway: {portal: {enabled: false, name: Pets}}")
    assert (found.edge.portal.enabled, found.portal.name) == (False, "Pets")
    assert GatewayFile().portal == PortalSettings()


def test_the_other_limits(folder: Any) -> None:
    found = load(folder, "gateway: {limits: {idle: 1m, connections: 10, bufferedBytes: 1MiB, drain: 0s}}")
    assert found.edge.limits == Limits(idle=60, connections=10, buffered_bytes=1 << 20, drain=0)


def test_references_stay_references(folder: Any) -> None:
    found = load(
        folder,
        """
        gateway:
          listen: {host: '${HOST:-127.0.0.1}', port: '${PORT:-8080}', publicUrl: '${PUBLIC}'}
          upstreams: {users: '${USERS_URL}', next: {targets: [{url: 'http://${NEXT_HOST}:${NEXT_PORT:-81}/v2'}]}}
          telemetry: {accessLog: '/var/log/${NAME}.log'}
          defaults: {headers: {request: {set: {Authorization: 'Bearer ${TOKEN}'}}}}
        """,
        environ={"PORT": "1", "USERS_URL": "http://secret"},
    )
    assert found.edge.listen == Listen(host="${HOST:-127.0.0.1}", port="${PORT:-8080}", public_url="${PUBLIC}")
    assert found.upstreams["users"].targets == (Target(url="${USERS_URL}"),)
    assert found.upstreams["next"].targets == (Target(url="http://${NEXT_HOST}:${NEXT_PORT:-81}/v2"),)
    assert found.edge.telemetry.access_log == "/var/log/${NAME}.log"
    assert list(folder.findings) == []


def test_upstreams_in_both_forms(folder: Any) -> None:
    found = load(folder, "gateway: {upstreams: {b: {targets: [{url: http://x, weight: 2}, {url: http://y}]}, a: https://z/base}}")
    assert found.upstreams == {
        "a": Upstream(name="a", targets=(Target(url="https://z/base"),)),
        "b": Upstream(name="b", targets=(Target(url="http://x", weight=2), Target(url="http://y"))),
    }
    assert found.names == {"a", "b"}


def test_profiles_are_merged_in_order(folder: Any) -> None:
    found = load(
        folder,
        """
        gateway:
          listen: {host: 10.0.0.1, port: 1}
          trustedProxies: [10.0.0.0/8]
          upstreams: {a: http://a, b: http://b}
          telemetry: {accessLog: x}
        """,
        "dev",
        "local",
        dev="gateway: {listen: {port: 2}, trustedProxies: [127.0.0.1], upstreams: {b: {targets: [{url: http://dev}]}}}",
        local="gateway: {listen: {port: 3}, upstreams: {a: null}, telemetry: null}",
    )
    assert found.edge.listen == Listen(host="10.0.0.1", port=3)
    assert found.edge.trusted_proxies == ("127.0.0.1/32",)
    assert found.edge.telemetry == Telemetry()
    assert {name: upstream.targets[0].url for name, upstream in found.upstreams.items()} == {"b": "http://dev"}
    place = found.place("listen.port")
    assert place is not None
    assert place.file == "gateway.local.yaml"
    assert found.place("listen.publicUrl") is None


def test_an_empty_profile_changes_nothing(folder: Any) -> None:
    found = load(folder, "gateway: {listen: {port: 1}}", "dev", dev="gateway:\n")
    assert found.edge.listen.port == 1


def test_a_finding_about_a_profile_names_its_file_and_line(folder: Any) -> None:
    load(folder, "gateway: {listen: {port: 1}}", "dev", dev="gateway:\n  listen:\n    prot: 2\n    port: http\n")
    assert [(found.code, found.file, found.line) for found in folder.findings] == [
        ("unknown-key", "gateway.dev.yaml", 3),
        ("wrong-value", "gateway.dev.yaml", 4),
    ]


def test_findings_in_defaults_of_a_profile_name_its_file(folder: Any) -> None:
    found = load(
        folder,
        "gateway: {defaults: {timeout: {total: 5s}, maxBody: 1KiB}}",
        "dev",
        dev="gateway: {defaults: {timeout: {totl: 6s}, maxBody: 2KiB}}",
    )
    settings = Inheritance(found.defaults, folder.findings, folder.library, found.names).effective(None, None, None)
    assert settings.max_body == 2048
    body = settings.place("maxBody")
    assert body is not None
    assert body.file == "gateway.dev.yaml"
    assert [(said.code, said.file, said.pointer) for said in folder.findings] == [
        ("unknown-key", "gateway.dev.yaml", "/gateway/defaults/timeout/totl")
    ]


@pytest.mark.parametrize("name", ["../evil", "a.b", "", "a b"])
def test_a_profile_has_a_plain_name(folder: Any, name: str) -> None:
    load(folder, "gateway: {}", name)
    assert [found.code for found in folder.findings] == ["invalid-profile"]


def test_a_profile_without_file_is_no_mistake(folder: Any) -> None:
    load(folder, "gateway: {}", "dev")
    assert list(folder.findings) == []


def test_a_profile_that_is_nearly_another_is_warned_of(folder: Any) -> None:
    load(folder, "gateway: {}", "prodd", prod="gateway: {listen: {port: 1}}")
    assert folder.said() == ["misspelt-profile : there is no file gateway.prodd.yaml for the profile 'prodd' (did you mean 'prod'?)"]


def test_specs_are_beside_the_file_and_resolved_at_once(folder: Any, tmp_path: Path) -> None:
    found = load(folder, "gateway: {specs: [users.yaml, '${DIR:-more}', '${ABS}/x']}", environ={"ABS": "/abs"})
    assert found.specs == (tmp_path / "users.yaml", tmp_path / "more", Path("/abs/x"))


def test_specs_that_name_an_unknown_variable(folder: Any) -> None:
    found = load(folder, "gateway: {specs: ['a.yaml', '${NOT_SET}/b']}")
    assert len(found.specs) == 1
    assert folder.said() == [
        "variable-not-set /gateway/specs/1: 'specs[1]' refers to NOT_SET, which the environment does not have"
        " (set it, or give a default: '${NAME:-default}')"
    ]


WRONG = yaml.safe_load((Path(__file__).parent / "cases" / "gateway-wrong.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", WRONG, ids=[case["file"] for case in WRONG])
def test_what_is_wrong_is_said_at_its_place(folder: Any, case: dict[str, Any]) -> None:
    load(folder, case["file"])
    assert folder.said() == case["found"]


def test_the_name_of_a_wrong_upstream_is_known_all_the_same(folder: Any) -> None:
    found = load(folder, "gateway: {upstreams: {users: {targts: []}, other: http://h}, fallback: {upstream: users}}")
    assert found.names == {"users", "other"}
    assert "unknown-upstream" not in {finding.code for finding in folder.findings}


@pytest.mark.parametrize("text", ["gateway: [", "gateway: 5"])
def test_a_file_that_cannot_be_read_leaves_names_open(folder: Any, text: str) -> None:
    found = load(folder, text)
    assert folder.findings.errors
    assert found.names is None


def test_a_profile_that_cannot_be_read_leaves_names_open(folder: Any) -> None:
    assert load(folder, "gateway: {}", "dev", dev="gateway: [").names is None


def test_a_missing_file_is_a_finding(folder: Any, tmp_path: Path) -> None:
    found = load_gateway(tmp_path / "gateway.yaml", (), {}, folder.findings, folder.library)
    assert found.edge == Edge()
    assert [finding.code for finding in folder.findings] == ["file-not-found"]
