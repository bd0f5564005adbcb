"""A service that shows one caller what belongs to another, found behind a gateway that cannot know whose it is."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.scenarios.process import environment, running, specgw

DOCUMENT = """\
openapi: 3.1.0
info: {title: Notes, version: "1"}
servers: [{url: "URL"}]
security: [{key: []}]
paths:
  /notes:
    get:
      operationId: listNotes
      responses:
        "200": {description: Mine., content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Note"}}}}}
    post:
      operationId: addNote
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/Draft"}}}
      responses:
        "201": {description: Written., content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}
  /notes/{noteId}:
    get:
      operationId: getNote
      parameters: [{name: noteId, in: path, required: true, schema: {type: integer, minimum: 1, maximum: 100000}}]
      responses:
        "200": {description: One of mine., content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}
        "404": {description: None of mine.}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key, x-gateway: {verify: upstream}}}
  schemas:
    Draft: {type: object, required: [text], properties: {text: {type: string, maxLength: 40}}, additionalProperties: false}
    Note:
      type: object
      required: [id, text]
      properties: {id: {type: integer}, text: {type: string}}
"""
KEYS = ("of-ada", "of-bob")


@contextlib.contextmanager
def notes(*, leaks: bool) -> Iterator[str]:
    """The service, which knows its callers by key; with `leaks` it gives any note to any of them."""
    kept: dict[int, tuple[str, str]] = {}

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            draft = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.known():
                number = len(kept) + 1
                kept[number] = (self.headers["X-Key"], draft["text"])
                self.answer(201, {"id": number, "text": draft["text"]})

        def do_GET(self) -> None:
            if self.known():
                mine = {number: text for number, (owner, text) in kept.items() if owner == self.headers["X-Key"]}
                shown = {number: text for number, (_, text) in kept.items()} if leaks else mine
                number = self.path.removeprefix("/notes").removeprefix("/")
                if not number:
                    self.answer(200, [{"id": each, "text": text} for each, text in mine.items()])
                elif int(number) in shown:
                    self.answer(200, {"id": int(number), "text": shown[int(number)]})
                else:
                    self.answer(404, None)

        def known(self) -> bool:
            if self.headers["X-Key"] in KEYS:
                return True
            self.answer(401, None)
            return False

        def answer(self, status: int, value: object) -> None:
            body = b"" if value is None else json.dumps(value).encode()
            self.send_response(status)
            if value is not None:
                self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.daemon_threads = True
        server.block_on_close = False
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.slow
@pytest.mark.parametrize(("leaks", "code"), [(False, 0), (True, 1)])
def test_what_belongs_to_one_identity_is_not_shown_to_the_other(tmp_path: Path, *, leaks: bool, code: int) -> None:
    with notes(leaks=leaks) as url:
        document = tmp_path / "notes.yaml"
        document.write_text(DOCUMENT.replace("URL", url))
        with running("serve", document, "--port", "0", "--admin", "off", cwd=tmp_path) as gateway:
            credentials = [word for key in KEYS for word in ("--credential", f"key={key}")]
            asked = "--phases", "fuzzing,stateful", "--examples", "8", "--seed", "7"
            run = specgw("test", document, "--url", gateway.address(), *asked, *credentials, cwd=tmp_path, environ=environment())
    assert run.returncode == code, run.stdout + run.stderr
    assert ("`identity 2` received the `Note` that `identity 1` owns" in run.stdout) == leaks, run.stdout
