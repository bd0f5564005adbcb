"""What both services share: an application made from a document and functions, its request log, and `main`."""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import socket
import time
import warnings
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

import uvicorn
import yaml

from sample_services import specs
from sample_services.store import Entry

with warnings.catch_warnings():
    # connexion 3.3 imports Starlette's test client, which deprecates httpx; there is nothing to change here.
    warnings.filterwarnings("ignore", message=".*starlette.testclient.*")
    from connexion import AsyncApp as AsyncApp
    from connexion import problem, request
    from connexion.datastructures import MediaTypeDict
    from connexion.lifecycle import ConnexionResponse
    from connexion.middleware import MiddlewarePosition
    from connexion.resolver import Resolver
    from connexion.validators import JSONRequestBodyValidator

Answer: TypeAlias = ConnexionResponse
Operation = Callable[..., Awaitable[Answer]]
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class RequestLog:
    """ASGI middleware: one readable line for each request, with the request id that the gateway gave it."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]], *, service: str) -> None:
        self._app = app
        self._log = logging.getLogger(service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass an exchange on and log it when it ends."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            target = scope["path"] + ("?" + scope["query_string"].decode("latin-1") if scope["query_string"] else "")
            request_id = dict(scope["headers"]).get(b"x-request-id", b"-").decode("latin-1")
            taken = (time.perf_counter() - started) * 1000
            self._log.info("%-6s %s → %d  %.1f ms  request %s", scope["method"], target, status, taken, request_id)


class RequestBody(JSONRequestBodyValidator):  # type: ignore[misc] # connexion has no types
    """JSON request bodies as OpenAPI 3.0 means them: a required readOnly property is required of answers only, 12.0 is an integer."""

    def __init__(self, *, schema: dict[str, Any], **options: Any) -> None:
        super().__init__(schema=without_read_only(schema), **options)

    async def _parse(self, stream: AsyncGenerator[bytes, None], scope: Scope) -> Any:
        return whole(await super()._parse(stream, scope))


def whole(value: Any) -> Any:
    """A JSON value with its numbers that have no fraction as int: clients write 12.0 where their language knows floats only."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: whole(member) for name, member in value.items()}
    return [whole(item) for item in value] if isinstance(value, list) else value


def without_read_only(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of an object without the demand for its readOnly properties."""
    properties = schema.get("properties", {})
    required = [name for name in schema.get("required", []) if not properties.get(name, {}).get("readOnly")]
    return {**{key: value for key, value in schema.items() if key != "required"}, **({"required": required} if required else {})}


def build(service: str, operations: dict[str, Operation]) -> AsyncApp:
    """The application of specs/SERVICE.yaml; `operations` has one function for each operationId."""
    app = AsyncApp(
        service,
        specification_dir=specs(),
        resolver=Resolver(operations.__getitem__),
        strict_validation=True,
        pythonic_params=True,
        validator_map={"body": MediaTypeDict({"*/*json": RequestBody})},
    )
    app.add_api(contract(service))
    # Outermost, so that the log has the status that leaves: connexion makes refusals of exceptions further out than its default.
    app.add_middleware(RequestLog, MiddlewarePosition.BEFORE_EXCEPTION, service=service)
    return app


def contract(service: str) -> dict[str, Any]:
    """specs/SERVICE.yaml without its `security`: who calls is verified by the gateway, which keeps the keys to itself."""
    document: dict[str, Any] = yaml.safe_load((specs() / f"{service}.yaml").read_text(encoding="utf-8"))
    return {key: value for key, value in document.items() if key != "security"}


def header(name: str) -> str | None:
    """A header field of the request under way; connexion hands over every other parameter as an argument."""
    value: str | None = request.headers.get(name)
    return value


def now() -> str:
    """This instant as `date-time`, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def writable(body: Entry, *never: str) -> Entry:
    """What is kept of a request body: all but the properties that only the service itself sets, or that are never stored."""
    return {name: value for name, value in body.items() if name not in never}


def answer(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """A JSON answer."""
    return ConnexionResponse(status, "application/json", "application/json", json.dumps(body, ensure_ascii=False), headers)


def gone() -> Answer:
    """The answer to a removal."""
    return ConnexionResponse(204)


def refuse(status: int, title: str, detail: str) -> Answer:
    """A problem (RFC 9457) as answer."""
    return problem(status, title, detail)


def page(entries: list[Entry], number: int, size: int) -> Answer:
    """One page of a list; pages count from 1, one beyond the end is empty."""
    shown = entries[(number - 1) * size : number * size]
    body = {"items": shown, "page": number, "pageSize": size, "total": len(entries)}
    return answer(body, headers={"X-Total-Count": str(len(entries))})


class Server(uvicorn.Server):
    """uvicorn's server, which says where it serves once connections are accepted, and not before."""

    def __init__(self, config: uvicorn.Config, service: str) -> None:
        super().__init__(config)
        self._log = logging.getLogger(service)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then log the address: with `--port 0` the log is where to learn the port."""
        await super().startup(sockets)
        for listening in (listening for server in self.servers for listening in server.sockets):
            host, port = listening.getsockname()[:2]
            self._log.info("serving on http://%s:%d", host, port)


def main(service: str, port: int, make: Callable[[], AsyncApp]) -> None:
    """Serve until SIGTERM or Ctrl-C; both finish what is in flight."""
    parser = argparse.ArgumentParser(prog=f"python -m sample_services.{service}", description=f"The sample {service} service.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=port, help="0: any free port")
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    # These repeat what the request log says.
    for repeating in ("connexion", "uvicorn.error"):
        logging.getLogger(repeating).setLevel(logging.ERROR)
    config = uvicorn.Config(make(), host=chosen.host, port=chosen.port, log_config=None, access_log=False, timeout_graceful_shutdown=5)
    # uvicorn has stopped in order by then, and raises the signal once more for those who want to know.
    with contextlib.suppress(KeyboardInterrupt):
        Server(config, service).run()
