from __future__ import annotations

import subprocess
import sys
from typing import Any

from specgw.diagnostics import FilePlace
from specgw.plan.model import Route, Timeout, Upstream, Validate
from specgw.xgateway.settings import GatewayFile, Settings
from specgw.xgateway.tree import plant


def test_the_defaults_are_those_of_the_plan() -> None:
    nothing = Settings()
    route = {
        field: Route.__struct_defaults__[index] for index, field in enumerate(Route.__struct_fields__[-len(Route.__struct_defaults__) :])
    }
    assert nothing.max_body == route["max_body"]
    assert nothing.max_response == route["max_response"]
    assert nothing.max_depth == route["max_depth"]
    assert nothing.encoded_slash == route["encoded_slash"]
    assert nothing.path_match == route["path_match"]
    assert nothing.visibility == route["visibility"]
    assert nothing.validate == Validate()
    assert nothing.timeout == Timeout()


def test_places_lead_inside(folder: Any) -> None:
    said = Settings(said=plant(folder.read("timeout: {response: 5s}")))
    response = said.place("timeout.response")
    assert response is not None
    assert response.written() == FilePlace("api.yaml", 1, 11, "/timeout/response")
    assert said.place("timeout.connect") is None
    assert said.place("maxBody") is None
    assert Settings().place("maxBody") is None


def test_places_of_gateway_yaml_lead_inside(folder: Any) -> None:
    file = GatewayFile(said=plant(folder.read("gateway: {listen: {port: 1}}", "gateway.yaml")))
    port = file.place("listen.port")
    assert port is not None
    assert (port.file, port.pointer) == ("gateway.yaml", "/gateway/listen/port")
    assert file.place("listen.host") is None
    assert GatewayFile().place("listen.port") is None


def test_names_are_known_only_where_every_file_could_be_read() -> None:
    upstreams = {"users": Upstream(name="users")}
    assert GatewayFile(upstreams=upstreams).names == {"users"}
    assert GatewayFile(upstreams=upstreams, readable=False).names is None


def test_settings_need_no_models() -> None:
    code = "import sys, specgw.xgateway.settings; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
