"""Bearer tokens of a real, certified provider, before a gateway that runs as a process of its own."""

from __future__ import annotations

import contextlib
import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.scenarios.identity_provider import API, OPAQUE, Provider, provider
from tests.scenarios.process import Running, environment, running, service
from tests.unit.policies.auth import issuing
from tests.unit.policies.auth.attacks import ATTACKS
from tests.unit.policies.auth.issuing import AUDIENCE, ISSUER, published, set_of

DOCUMENT = """
openapi: 3.1.0
info: {{title: Things, version: "1"}}
servers: [{{url: "{service}"}}]
paths:
  /things:
    get: {{security: [{{login: [read]}}], responses: {{"200": {{description: ok}}}}}}
    post: {{security: [{{login: [read, write]}}], responses: {{"200": {{description: ok}}}}}}
  /opaque:
    get: {{security: [{{asked: [read]}}], responses: {{"200": {{description: ok}}}}}}
  /keyed:
    get: {{security: [{{key: []}}], responses: {{"200": {{description: ok}}}}}}
components:
  securitySchemes:
    key: {{type: apiKey, in: query, name: api_key}}
    login:
      type: openIdConnect
      openIdConnectUrl: {issuer}/.well-known/openid-configuration
      x-gateway: {{audience: {api}}}
    asked:
      type: oauth2
      flows: {{clientCredentials: {{tokenUrl: {issuer}/token, scopes: {{read: r, write: w}}}}}}
      x-gateway:
        audience: {opaque}
        introspection: {{url: "{issuer}/token/introspection", clientId: gateway, clientSecret: "${{ASKING}}"}}
"""


class Gate:
    """A gateway that serves, and its clients."""

    def __init__(self, address: str, running: Running) -> None:
        self.running = running
        self.client = httpx.Client(base_url=address, trust_env=False, timeout=30)

    def get(self, path: str = "/things", token: str | None = None, method: str = "GET") -> httpx.Response:
        return self.client.request(method, path, headers={} if token is None else {"Authorization": f"Bearer {token}"})

    def status(self, token: str | None = None, path: str = "/things", method: str = "GET") -> int:
        return self.get(path, token, method).status_code


@contextlib.contextmanager
def gate(folder: Path, issuer: str, document: str = DOCUMENT) -> Iterator[Gate]:
    with service({}) as address:
        # Many wrong tokens come from this one address, on purpose.
        (folder / "gateway.yaml").write_text("gateway: {limits: {failedLogins: off}}\n")
        (folder / "api.yaml").write_text(document.format(service=address, issuer=issuer, api=API, opaque=OPAQUE))
        environ = environment(ASKING="gateway-secret")
        with running("serve", "api.yaml", "--port", "0", "--admin", "off", cwd=folder, environ=environ) as started:
            made = Gate(started.address(), started)
            with made.client:
                yield made


@pytest.fixture(scope="module")
def issuer() -> Iterator[Provider]:
    with provider() as started:
        yield started


@pytest.fixture(scope="module")
def serving(issuer: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    with gate(tmp_path_factory.mktemp("serving"), issuer.issuer) as started:
        yield started


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA"])
def test_client_credentials(issuer: Provider, serving: Gate, algorithm: str) -> None:
    token = issuer.machine(algorithm=algorithm)
    assert serving.status(token) == 200
    assert serving.status(token, method="POST") == 403
    assert serving.status(issuer.machine("read write", algorithm=algorithm), method="POST") == 200


def test_authorization_code(issuer: Provider, serving: Gate) -> None:
    tokens = issuer.person("ada")
    assert serving.status(tokens["access_token"]) == 200
    refused = serving.get(token=tokens["id_token"])
    assert refused.status_code == 401, "an ID token is for the client, not for the API"
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]


def test_no_token_and_one_for_somebody_else(issuer: Provider, serving: Gate) -> None:
    missing = serving.get()
    assert missing.status_code == 401
    assert "error=" not in missing.headers["WWW-Authenticate"]
    assert serving.status(issuer.machine(resource="https://other.example")) == 401


def test_a_client_finds_its_way_from_the_challenge_to_a_token(issuer: Provider, serving: Gate) -> None:
    assert serving.status(issuer.machine()) == 200  # discovery has told the issuer
    led = re.search(r'resource_metadata="([^"]+)"', serving.get().headers["WWW-Authenticate"])
    assert led is not None
    metadata = serving.client.get(led[1]).json()
    assert metadata["resource"] == str(serving.client.base_url).rstrip("/")
    assert metadata["authorization_servers"] == [issuer.issuer]
    assert metadata["scopes_supported"] == ["read", "write"]


def test_nothing_that_was_sent_is_logged(issuer: Provider, serving: Gate) -> None:
    token, key = issuer.machine(), "a-key-that-nobody-issued"
    assert serving.status(token) == 200
    assert serving.status(token + "AAAA") == 401
    refused = serving.client.get("/keyed", params={"api_key": key})
    assert (refused.status_code, key in refused.text) == (401, False)
    serving.running.expect(r'"path":\s*"/keyed"')
    said = "\n".join(serving.running.said)
    assert token not in said
    assert key not in said
    assert '"/things"' in said


def test_discovery_and_keys_are_fetched_once_for_all_requests(issuer: Provider, serving: Gate) -> None:
    token = issuer.machine()
    assert serving.status(token) == 200
    issuer.requests()
    assert [serving.status(issuer.machine()) for _ in range(5)] == [200] * 5
    assert set(issuer.requests()) == {"/token"}


def test_opaque_tokens_are_asked_about_once(issuer: Provider, serving: Gate) -> None:
    token = issuer.machine(resource=OPAQUE)
    issuer.requests()
    assert [serving.status(token, "/opaque") for _ in range(5)] == [200] * 5
    assert issuer.requests() == {"/token/introspection": 1}
    revoked = issuer.machine(resource=OPAQUE)
    issuer.revoke(revoked)
    assert [serving.status(revoked, "/opaque") for _ in range(2)] == [401] * 2
    assert serving.status(issuer.machine("write", resource=OPAQUE), "/opaque") == 403
    assert serving.status("invented", "/opaque") == 401
    assert issuer.requests()["/token/introspection"] == 3


def test_keys_change_while_requests_run(tmp_path: Path) -> None:
    with provider() as issuer, gate(tmp_path, issuer.issuer) as serving:
        old = issuer.machine()
        assert serving.status(old) == 200
        over = threading.Event()
        seen: list[int] = []
        tokens = [old]

        def ask() -> None:
            with httpx.Client(base_url=serving.client.base_url, trust_env=False, timeout=30) as client:
                while not over.is_set():
                    token = tokens[-1]
                    answer = client.get("/things", headers={"Authorization": f"Bearer {token}"})
                    if token == tokens[-1] or answer.status_code != 401:
                        seen.append(answer.status_code)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            issuer.rotate()
            new = issuer.machine()
            tokens.append(new)
            # The first request with a token of the new key fetches the keys, and all others wait for that fetch.
            assert serving.status(new) == 200
        finally:
            over.set()
            for thread in threads:
                thread.join()
        assert set(seen) == {200}
        assert serving.status(old) == 401, "its key is not among those of the issuer any longer"
        issuer.requests()
        assert {serving.status(token) for token in [old] * 20} == {401}
        assert issuer.requests().get("/jwks", 0) <= 1


def test_the_provider_goes_away_and_comes_back(tmp_path: Path) -> None:
    with provider() as issuer, gate(tmp_path, issuer.issuer) as serving:
        before = issuer.machine()
        other = issuer.machine()
        opaque = issuer.machine(resource=OPAQUE)
        assert serving.status(before) == 200
        assert serving.status(opaque, "/opaque") == 200
        issuer.stop()
        assert serving.status(before) == 200, "remembered"
        assert serving.status(other) == 200, "verified with the keys of before"
        assert serving.status(opaque, "/opaque") == 200, "remembered"
        away = serving.get("/opaque", "another")
        assert (away.status_code, away.json()["type"]) == (503, "urn:specgw:problem:identity-unavailable")
        issuer.start()
        assert serving.status(issuer.machine(resource=OPAQUE), "/opaque") == 200
        # New keys, and so an unknown key id: what waits for the fetch gets in.
        assert serving.status(issuer.machine()) == 200
        assert serving.status(before) == 401


def test_a_gateway_starts_without_its_provider(tmp_path: Path) -> None:
    with provider(started=False) as issuer, gate(tmp_path, issuer.issuer) as serving:
        serving.running.expect(r"could not be fetched, tokens cannot be verified")
        token = b".".join((b"e30", b"e30", b"e30")).decode()
        assert serving.status(token) == 401, "what is no token is refused, whoever is away"
        assert serving.status(next(iter(ATTACKS.values()))().decode()) == 401
        good = "eyJhbGciOiJSUzI1NiJ9.e30.AAAA"
        assert serving.status(good) == 503
        issuer.start()
        serving.running.expect(r"can be fetched again")
        assert serving.status(issuer.machine()) == 200


FILE = """
openapi: 3.1.0
info: {{title: Things, version: "1"}}
servers: [{{url: "{service}"}}]
security: [{{login: [read]}}]
paths: {{/things: {{get: {{responses: {{"200": {{description: ok}}}}}}}}}}
components:
  securitySchemes:
    login: {{type: http, scheme: bearer, x-gateway: {{issuer: "{issuer}", audience: "{api}", jwks: keys.json}}}}
"""


def test_attacks_on_a_running_gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "keys.json").write_bytes(set_of(*published()))
    with gate(tmp_path, ISSUER, FILE.replace("{api}", AUDIENCE)) as serving:
        monkeypatch.setattr(issuing, "NOW", int(time.time()))
        assert serving.status(issuing.token().decode()) == 200
        for name, attack in ATTACKS.items():
            # Whatever time a busy machine takes: what begins too early has an hour to go.
            early = 3600 if name in ("nbf one second beyond leeway", "iat one second beyond leeway") else 0
            monkeypatch.setattr(issuing, "NOW", int(time.time()) + early)
            token = attack()
            answer = serving.client.get("/things", headers={b"Authorization": b"Bearer " + token})
            assert answer.status_code == 401, name
            assert answer.headers["WWW-Authenticate"].startswith("Bearer "), name
            assert json.loads(answer.content)["status"] == 401
            assert all(part.decode("latin-1") not in answer.text for part in token.split(b".") if len(part) > 16), name
