"""A service that answers as a page would rather not have it: with too much, bit by bit, or never."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

BIG = 6 * 1024 * 1024


@contextlib.contextmanager
def service() -> Iterator[tuple[str, Event]]:
    """Its address, and an event: a stream ends when it is set."""
    end = Event()

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            if self.path == "/live/big":
                self.answer("text/plain", "big " * (BIG // 4))
            elif self.path == "/live/stream":
                self.stream()
            else:
                end.wait(60)
                self.close_connection = True

        def answer(self, kind: str, text: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            with contextlib.suppress(OSError):  # who has had enough goes away
                self.wfile.write(text.encode())

        def stream(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"d\r\ndata: first\n\n\r\n")
            end.wait(60)
            with contextlib.suppress(OSError):
                self.wfile.write(b"c\r\ndata: last\n\n\r\n0\r\n\r\n")

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.daemon_threads = True
        server.block_on_close = False
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", end
        finally:
            end.set()
            server.shutdown()
            thread.join()
