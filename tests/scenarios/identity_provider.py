"""The certified provider of tests/package.json as a process, and what clients do there."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest

from tests.scenarios.process import free_port
from tests.unit.tls.authority import Files

SCRIPT = Path(__file__).with_name("oidc_provider.mjs")
MODULES = Path(__file__).parents[1] / "node_modules" / "oidc-provider"
API, OPAQUE = "https://api.example", "https://opaque.example"
CALLBACK = "http://127.0.0.1:9/callback"


class Provider:
    """A provider on a port of its own, which may go away and come back."""

    def __init__(self, redirects: tuple[str, ...] = (), secure: Files | None = None) -> None:
        self.redirects = redirects
        self.port = free_port()
        self.secure = secure
        self.issuer = f"http://127.0.0.1:{self.port}" if secure is None else f"https://localhost:{self.port}"
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        node = shutil.which("node")
        if node is None or not MODULES.is_dir():
            pytest.skip("needs Node.js 20 or later and `npm ci --prefix tests`: `nox -s tests` sees to both where npm is installed")
        arguments = [node, str(SCRIPT), str(self.port), *self.redirects]
        files = {} if self.secure is None else {"OIDC_CERT": str(self.secure.cert), "OIDC_KEY": str(self.secure.key)}
        self.process = subprocess.Popen(
            arguments, env={**os.environ, **files}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert json.loads(self._line()) == {"issuer": self.issuer}

    def stop(self) -> None:
        """End it at once, as a machine that fails does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            assert self.process.stdin is not None
            assert self.process.stdout is not None
            self.process.stdin.close()
            self.process.stdout.close()
            self.process = None

    def rotate(self) -> None:
        """Other keys; those of before are dropped."""
        assert self._say("rotate") == {}

    def requests(self) -> dict[str, int]:
        """How often each path was asked for since the last time."""
        return self._say("requests")

    def machine(self, scope: str = "read", *, resource: str = API, algorithm: str = "RS256") -> str:
        """A token by client credentials."""
        form = {"grant_type": "client_credentials", "scope": scope, "resource": resource}
        return self._token(form, "machine", {"x-test-alg": algorithm})["access_token"]

    def person(self, login: str, scope: str = "openid read") -> dict[str, str]:
        """What a person's client gets by the authorization code, with PKCE: signing in and agreeing as a browser would."""
        verifier = "v" * 64
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "client_id": "web", "response_type": "code", "redirect_uri": CALLBACK, "scope": scope, "resource": API,
            "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        with httpx.Client(trust_env=False) as browser:
            answer = browser.get(f"{self.issuer}/auth", params=asked)
            while not answer.headers.get("location", "").startswith(CALLBACK):
                if answer.is_redirect:
                    answer = browser.get(urljoin(str(answer.url), answer.headers["location"]))
                    continue
                assert answer.status_code == 200, answer.text
                prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
                action = re.search(r'action="([^"]+)"', answer.text)
                assert prompt is not None
                assert action is not None
                answer = browser.post(urljoin(str(answer.url), action[1]), data={"prompt": prompt[1], "login": login, "password": "x"})
            code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": verifier}
        return self._token(form, "web", {})

    def revoke(self, token: str) -> None:
        answer = httpx.post(f"{self.issuer}/token/revocation", data={"token": token}, auth=("machine", "machine-secret"), trust_env=False)
        assert answer.status_code == 200, answer.text

    def _token(self, form: dict[str, str], client: str, headers: dict[str, str]) -> dict[str, str]:
        answer = httpx.post(f"{self.issuer}/token", data=form, auth=(client, f"{client}-secret"), headers=headers, trust_env=False)
        assert answer.status_code == 200, answer.text
        tokens: dict[str, str] = answer.json()
        return tokens

    def _say(self, command: str) -> dict[str, int]:
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        said: dict[str, int] = json.loads(self._line())
        return said

    def _line(self) -> str:
        assert self.process is not None
        assert self.process.stdout is not None
        return self.process.stdout.readline()


@contextlib.contextmanager
def provider(*redirects: str, started: bool = True, secure: Files | None = None) -> Iterator[Provider]:
    """A provider; the client `portal` may come back to `redirects`. `secure`: with which certificate it speaks HTTPS."""
    made = Provider(redirects, secure)
    try:
        if started:
            made.start()
        yield made
    finally:
        made.stop()
