"""`specgw mock` as people start it: who may call is printed, and what is printed works."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path

import httpx

from tests.scenarios.process import ROOT, running, specgw

ADDRESS = r"the sandbox answers (\d+) operations? on (http://\S+)"


def test_the_printed_credentials_work_and_nothing_else_does(tmp_path: Path) -> None:
    with running("mock", ROOT / "specs", "--port", "0", cwd=tmp_path) as sandbox:
        count, url = sandbox.expect(ADDRESS).groups()
        field, key = sandbox.expect(r"^    (X-[\w-]+): (\S+)$").groups()
        assert int(count) >= 10
        answer = httpx.get(f"{url}/api/users", headers={field: key})
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("application/json")
        assert httpx.get(f"{url}/api/users", headers={field: key}).content == answer.content
        assert httpx.get(f"{url}/api/users", headers={field: "DEV_KEY_12345"}).status_code == 401
        assert httpx.get(f"{url}/api/users").status_code == 401
        assert httpx.get(f"{url}/api/users", headers={field: key, "Accept": ";;;"}).status_code == 200
        assert httpx.get(f"{url}/healthz").status_code == 200


def test_a_built_folder_is_enough_and_no_environment_is_needed(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    assert specgw("build", "specs", "-o", "built", cwd=tmp_path).returncode == 0
    with running("mock", "built", "--port", "0", cwd=tmp_path) as sandbox:
        url = sandbox.expect(ADDRESS)[2]
        assert httpx.get(f"{url}/api/users").status_code == 401
        sandbox.process.send_signal(signal.SIGTERM)
        assert sandbox.process.wait(timeout=30) == 0


DOCUMENT = """\
openapi: 3.1.0
info: {title: pets, version: "1"}
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-API-Key}}}
paths:
  /pets:
    put:
      security: [{key: []}]
      responses: {"200": {description: all, content: {application/json: {schema: {type: integer}, example: 1}}}}
"""


def test_pages_of_other_origins_may_ask_unless_they_shall_not(tmp_path: Path) -> None:
    (tmp_path / "pets.yaml").write_text(DOCUMENT)
    page = {"Origin": "http://localhost:3000"}
    asks = {**page, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "x-api-key"}
    key = {"X-API-Key": "SANDBOX_KEY_1"}
    with running("mock", "pets.yaml", "--port", "0", cwd=tmp_path) as sandbox:
        url = sandbox.expect(ADDRESS)[2]
        asked = httpx.options(f"{url}/pets", headers=asks)
        assert (asked.status_code, asked.headers["access-control-allow-methods"]) == (204, "PUT")
        answers = [httpx.put(f"{url}/pets", headers=page | key), httpx.put(f"{url}/pets", headers=page)]
        answers += [httpx.get(f"{url}/pets", headers=page), httpx.get(f"{url}/other", headers=page)]
        assert [answer.status_code for answer in answers] == [200, 401, 405, 404]
        assert {answer.headers["access-control-allow-origin"] for answer in [asked, *answers]} == {"http://localhost:3000"}
        assert httpx.options(f"{url}/pets", headers=page).headers["allow"] == "PUT"
        assert "vary" not in httpx.put(f"{url}/pets", headers=key).headers
    with running("mock", "pets.yaml", "--port", "0", "--no-cors", "--dynamic", cwd=tmp_path) as sandbox:
        url = sandbox.expect(ADDRESS)[2]
        answer = httpx.put(f"{url}/pets", headers=page | key)
        assert "access-control-allow-origin" not in answer.headers
        assert answer.json() != 1
        assert "access-control-allow-methods" not in httpx.options(f"{url}/pets", headers=asks).headers


SCHEMES = """\
openapi: 3.1.0
info: {title: pets, version: "1"}
components:
  securitySchemes:
    key: {type: apiKey, in: query, name: key}
    login: {type: http, scheme: basic}
    digest: {type: http, scheme: digest}
    hoba: {type: http, scheme: hoba}
    certificate: {type: mutualTLS}
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: "https://id.example/t", scopes: {read: ""}}}}
    oidc: {type: openIdConnect, openIdConnectUrl: "https://id.example/.well-known/openid-configuration"}
paths:
"""


def test_two_identities_of_each_scheme_work_as_they_are_printed(tmp_path: Path) -> None:
    names = [line.split(":")[0].strip() for line in SCHEMES.splitlines() if line.startswith("    ")]
    paths = [f"  /{name}: {{get: {{security: [{{{name}: []}}], responses: {{'200': {{description: x}}}}}}}}" for name in names]
    (tmp_path / "pets.yaml").write_text(SCHEMES + "\n".join(paths))
    with running("mock", "pets.yaml", "--port", "0", cwd=tmp_path) as sandbox:
        url = sandbox.expect(ADDRESS)[2]
        for name in sorted(names):
            sandbox.expect(rf"^  pets/{name} \(")
            for _ in range(2):
                line = sandbox.expect(r"^    (\S.*)$")[1]
                field, _, value = line.partition(": ")
                if line.startswith("curl"):
                    curl = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", *line.split()[1:], f"{url}/{name}?a=b"]
                    assert subprocess.run(curl, capture_output=True, text=True, check=True).stdout == "200"
                    user, _, password = line.split()[-1].partition(":")
                    assert httpx.get(f"{url}/{name}", auth=httpx.DigestAuth(user, password)).status_code == 200
                elif line.startswith("?"):
                    assert httpx.get(f"{url}/{name}{line}").status_code == 200
                else:
                    assert httpx.get(f"{url}/{name}", headers={field: value}).status_code == 200, line
                    assert httpx.get(f"{url}/{name}", headers={field: value[:-3] + "xxx"}).status_code == 401, line
            assert httpx.get(f"{url}/{name}").status_code == 401
