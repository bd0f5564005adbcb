"""What the sandbox needs of a Plan: for every operation its answers, as prepared text or as the schema to make them from.

Bodies are kept as the text that is sent. Schemas are resources of their own, since those of the routes hold only what is
validated; beside what is enforced they have the annotations that make a value plausible, under `x-sandbox`.
"""

from __future__ import annotations

from typing import Any, Literal

from specgw.plan.part import Part
from specgw.plan.xml import Xml

MockKind = Literal["json", "xml", "urlencoded", "multipart", "text", "lines", "sequence", "events", "binary"]
Mode = Literal["off", "always", "fallback"]


class MockExample(Part, frozen=True, kw_only=True):
    """One documented example: its name, `default` for one that has none, and the body in the form of its media type."""

    name: str
    body: str


class MockContent(Part, frozen=True, kw_only=True):
    """One entry of a response's `content`: what is sent as Content-Type, its examples, and the schema where there are none."""

    media_range: str
    media_type: str
    kind: MockKind = "json"
    examples: tuple[MockExample, ...] = ()
    schema: str | None = None
    """A reference into `Sandbox.schemas`; None: nothing is said, or what is said is not JSON."""
    items: bool = False
    """Whether the schema speaks of one item of a sequence."""
    xml: Xml | None = None


class MockHeader(Part, frozen=True, kw_only=True):
    """A documented field of a response: its text, or the schema that a value is made from; `explode` as for the style simple."""

    name: str
    text: str | None = None
    examples: dict[str, str] = {}
    """The texts of named examples: they go with the example of the same name."""
    schema: str | None = None
    explode: bool = False


class MockResponse(Part, frozen=True, kw_only=True):
    """A declared response."""

    headers: tuple[MockHeader, ...] = ()
    content: tuple[MockContent, ...] = ()
    names: tuple[str, ...] = ()
    """Names of examples that belong to it, though it has no content: of its fields, or from `x-microcks-refs`."""


class Pairing(Part, frozen=True, kw_only=True):
    """A name that examples of the request share with one of a response: what the request has to hold for it to be meant.

    `parameters` are (location, name, value) and `bodies` values by media range; values are JSON texts. A text in the place of
    a structure is the body as it is sent.
    """

    name: str
    parameters: tuple[tuple[str, str, str], ...] = ()
    bodies: dict[str, str] = {}


class Latency(Part, frozen=True, kw_only=True):
    """How long an answer takes, in seconds: even between `low` and `high`, or lognormal by `median` and `p99`."""

    low: float = 0.0
    high: float = 0.0
    median: float | None = None
    p99: float | None = None


class Faults(Part, frozen=True, kw_only=True):
    """Answers that go wrong on purpose: a share from 0 to 1, and how."""

    rate: float = 0.0
    kind: Literal["status", "reset", "slow", "malformed"] = "status"
    status: int = 503


class Behaviour(Part, frozen=True, kw_only=True):
    """What `mock` of x-gateway says."""

    mode: Mode = "off"
    state: Literal["none", "crud"] = "none"
    latency: Latency | None = None
    faults: Faults | None = None


class Resource(Part, frozen=True, kw_only=True):
    """What an operation does with a collection that is kept (`mock.state: crud`)."""

    action: Literal["list", "create", "read", "replace", "merge", "delete"]
    collection: str
    """The same for all operations of a collection: service and path."""
    parents: tuple[str, ...] = ()
    """Path parameters in front of it: each of their values has a collection of its own."""
    parameter: str = ""
    """The path parameter that names one object."""
    id: str | None = None
    """The property that holds its value; None where objects do not show it."""
    generated: tuple[str, ...] = ()
    """Properties that are made when an object is created: the readOnly ones."""
    schema: str | None = None
    """A reference into `Sandbox.schemas`: what an object looks like."""


class Mock(Part, frozen=True, kw_only=True):
    """How one operation is answered without its service."""

    responses: dict[str, str] = {}
    """Keys of `Sandbox.responses` by status: "200", "2XX" or "default"."""
    pairings: tuple[Pairing, ...] = ()
    bases: tuple[str, ...] = ()
    """Paths of the servers: clients of the real service put one in front."""
    behaviour: Behaviour = Behaviour()
    resource: Resource | None = None
    """With `state: crud`, for an operation of a collection."""


class Sandbox(Part, frozen=True, kw_only=True):
    """All of it, by the ids of routes."""

    operations: dict[str, Mock] = {}
    responses: dict[str, MockResponse] = {}
    schemas: dict[str, Any] = {}
