"""What openapi-core and Prism make of the matrix: run by `nox -s conformance`, kept in others.json, shown in docs/conformance.md.

`python -m tests.conformance.others [--prism FOLDER] [--write]`; FOLDER is where Prism is installed.
"""

from __future__ import annotations

import argparse
import http.client
import io
import json
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from jsonschema_path import SchemaPath
from openapi_core import V30RequestValidator, V31RequestValidator, V32RequestValidator
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request as WerkzeugRequest

from tests.conformance import page
from tests.conformance.asking import Request
from tests.conformance.matrix import VERSIONS, document

Ask = Callable[[Request], bool | str]
"""Whether a request is admitted, or the name of what was raised."""

PATIENCE = 60.0
PRISM_VERSIONS = ("3.0", "3.1")


def openapi_core(document: Mapping[str, Any]) -> Ask:
    """openapi-core's validator of requests to one document, behind its own adapter for werkzeug."""
    spec = SchemaPath.from_dict(dict(document))
    validators: Any = {"3.0": V30RequestValidator, "3.1": V31RequestValidator, "3.2": V32RequestValidator}
    validator = validators[document["openapi"][:3]](spec)

    def ask(request: Request) -> bool | str:
        path, _, query = request.target.partition("?")
        environ = EnvironBuilder(
            path="/", method=request.method, headers=list(request.headers), base_url="http://127.0.0.1:9"
        ).get_environ()
        environ["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1")
        environ["QUERY_STRING"] = query
        if request.body is not None:
            environ |= {"wsgi.input": io.BytesIO(request.body), "CONTENT_LENGTH": str(len(request.body))}
        try:
            return not list(validator.iter_errors(WerkzeugOpenAPIRequest(WerkzeugRequest(environ))))
        except Exception as error:
            return type(error).__name__

    return ask


class Prism:
    """A Prism mock server of one document."""

    def __init__(self, folder: Path, file: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self._command = [str(folder / "node_modules" / ".bin" / "prism"), "mock", str(file), "-p", str(self.port)]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Prism:
        """Start it, and wait until it listens."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return self
        self.__exit__()
        raise RuntimeError("Prism does not listen")

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    def ask(self, request: Request) -> bool | str:
        """Send a request as it is; where Prism breaks down on it, start Prism again."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.putrequest(request.method, request.target, skip_accept_encoding=True)
            for name, value in request.headers:
                connection.putheader(name, value)
            connection.endheaders(request.body)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            self.__exit__()
            self.__enter__()
            return "breaks down"
        finally:
            connection.close()
        return f"answers {status}" if status >= 500 else status < 400


def main() -> None:
    """Ask both, and print or keep what they say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prism", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    found: dict[str, dict[str, str]] = {"openapi-core": {}, "Prism": {}}
    for version in VERSIONS:
        found["openapi-core"] |= page.verdicts(version, openapi_core(document(version)))
        if options.prism is not None and version.startswith(PRISM_VERSIONS):
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder, "matrix.json")
                file.write_text(json.dumps(document(version)))
                with Prism(options.prism, file) as prism:
                    found["Prism"] |= page.verdicts(version, prism.ask)
    versions = {"openapi-core": metadata.version("openapi-core")}
    if options.prism is not None:
        installed = options.prism / "node_modules" / "@stoplight" / "prism-cli" / "package.json"
        versions["Prism"] = json.loads(installed.read_text())["version"]
    for name, verdicts in found.items():
        right = sum(verdict == "ok" for verdict in verdicts.values())
        print(f"{name} {versions.get(name, 'not asked')}: {right} of {len(verdicts)} cells right")
    if options.write:
        page.OTHERS.write_text(json.dumps({"versions": versions, "verdicts": found}, indent=1, sort_keys=True) + "\n")
        page.PAGE.write_text(page.written())


if __name__ == "__main__":
    main()
