"""Where openapi-core's verdict on a request is another one than ours, and the sentence that decides it.

Every row has an example, which a test asks of both; every difference that a search finds has to belong to a row.
`python -m tests.conformance.differences` writes docs/differences.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from tests.conformance.asking import Gateway
from tests.conformance.generated import FORM, Contract
from tests.conformance.matrix import HEADER, NAME
from tests.conformance.others import openapi_core

PAGE = Path(__file__).parents[2] / "docs" / "differences.md"

Verdict = bool | str
"""Whether a request is admitted, or the name of what was raised."""


@dataclass(frozen=True)
class Asked:
    """A request about which the two do not agree."""

    contract: Contract
    text: str | None
    ours: bool
    theirs: Verdict

    @property
    def place(self) -> str:
        """Where it is said: the location of the parameter, `form`, or `body`."""
        if self.contract.parameter is not None:
            return str(self.contract.parameter["in"])
        return "form" if FORM in self.contract.part["content"] else "body"

    @property
    def style(self) -> str:
        """The style of the parameter; that of a form's fields."""
        return str(self.contract.part.get("style", "form"))

    @property
    def explode(self) -> bool:
        """Whether the parameter is exploded; a form's fields are."""
        return bool(self.contract.part.get("explode", True))

    @property
    def schema(self) -> dict[str, Any]:
        """The schema of the parameter or the body."""
        part = self.contract.part
        found: dict[str, Any] = part["schema"] if "schema" in part else next(iter(part["content"].values()))["schema"]
        return found

    @property
    def schemas(self) -> Iterator[dict[str, Any]]:
        """The schema and all that it holds."""
        waiting: list[Any] = [self.schema]
        while waiting:
            part = waiting.pop()
            if isinstance(part, dict):
                yield part
                waiting += part.values()
            elif isinstance(part, list):
                waiting += part

    def has(self, keyword: str, *values: Any) -> bool:
        """Whether a keyword stands anywhere in the schema, with one of the values where some are given."""
        return any(keyword in part and (not values or part[keyword] in values) for part in self.schemas)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The named values of a query, cookie or form; of a path or header the value under the parameter's name."""
        text = self.text or ""
        if self.place not in ("query", "cookie", "form"):
            return [(NAME, text)]
        pairs = [pair.partition("=") for pair in re.split("&|; ", text) if pair]
        return [(unquote_plus(name), value) for name, _, value in pairs]

    @property
    def pieces(self) -> list[str]:
        """The values between whatever delimiters there are."""
        return [piece for _, value in self.fields for piece in re.split(r",|;|\.|=|\||%7C|%20|\+", value)]

    @property
    def admitted(self) -> bool:
        """We admit it, and openapi-core refuses."""
        return self.ours and self.theirs is False

    @property
    def refused(self) -> bool:
        """We refuse it, and openapi-core admits."""
        return not self.ours and self.theirs is True


@dataclass(frozen=True)
class Difference:
    """One row: what is different, what decides it, when it applies, and an example."""

    name: str
    decides: str
    applies: Callable[[Asked], bool]
    example: tuple[str, dict[str, Any], str | None]
    """Version, Parameter or Request Body Object, and text."""

    @property
    def contract(self) -> Contract:
        """The operation of the example."""
        version, part, _ = self.example
        return Contract(version, parameter=part) if "in" in part else Contract(version, body=part)

    @property
    def text(self) -> str | None:
        """The text of the example."""
        return self.example[2]


def asked(contract: Contract, text: str | None) -> Asked:
    """The verdicts of both."""
    return ask_both(Gateway(contract.document), openapi_core(contract.document), contract, text)


def ask_both(gateway: Gateway, other: Callable[..., Verdict], contract: Contract, text: str | None) -> Asked:
    """The verdicts of two that are ready to be asked."""
    request = contract.request(text)
    return Asked(contract, text, gateway.ask(request) is None, other(request))


def explained(found: Asked) -> list[Difference]:
    """The rows that a difference belongs to."""
    return [row for row in DIFFERENCES if row.applies(found)]


def _parameter(location: str, schema: dict[str, Any], style: str, *, explode: bool, required: bool = True) -> dict[str, Any]:
    name = HEADER if location == "header" else NAME
    return {"name": name, "in": location, "required": required, "style": style, "explode": explode, "schema": schema}


def _form(schema: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {FORM: {"schema": schema}}}


INTEGERS = {"type": "array", "items": {"type": "integer"}}
R = {"type": "object", "properties": {"R": {"type": "integer"}}, "required": ["R"]}

DIFFERENCES: tuple[Difference, ...] = (
    Difference(
        "`style: label` and `style: matrix`",
        'OpenAPI 3.1.1, "Style Values": matrix is "Path-style parameters defined by RFC6570", label "Label style parameters '
        'defined by RFC6570". openapi-core reads neither the prefix nor the delimiters.',
        lambda found: found.style in ("label", "matrix"),
        ("3.1.1", _parameter("path", {"type": "integer"}, "label", explode=False), ".7"),
    ),
    Difference(
        "a list of types",
        'JSON Schema 2020-12 Validation section 6.1.1: "The value of this keyword MUST be either a string or an array." '
        "openapi-core raises TypeError where a text has to be read by such a schema, and refuses items of such a schema.",
        lambda found: found.theirs in ("TypeError", False) and any(isinstance(part.get("type"), list) for part in found.schemas),
        ("3.1.1", _parameter("query", {"type": ["integer", "null"]}, "form", explode=True), "color=7"),
    ),
    Difference(
        "booleans are `true` and `false`",
        'OpenAPI 3.1.1 section "Data Types": types are those of JSON Schema; JSON has these two words (RFC 8259 section 3). '
        "openapi-core takes `1`, `0`, `yes`, `t` … too.",
        lambda found: found.refused and found.has("type", "boolean") and any(_boolean_elsewhere(piece) for piece in found.pieces),
        ("3.0.4", _parameter("query", {"type": "boolean"}, "form", explode=True), "color=1"),
    ),
    Difference(
        "a value that is not an array, sent twice",
        'OpenAPI 3.1.1, "Parameter Object": "A unique parameter is defined by a combination of a name and location." One program takes the '
        "first and another the last; openapi-core judges one of them.",
        lambda found: (found.refused or found.admitted) and len({name for name, _ in found.fields}) < len(found.fields),
        ("3.0.4", _parameter("query", {"type": "integer"}, "form", explode=True), "color=7&color=x"),
    ),
    Difference(
        "the empty value",
        'OpenAPI 3.1.1, "Style Examples": `color=` is the empty string in `style: form`. openapi-core refuses an empty value of a query '
        "parameter without `allowEmptyValue`, whatever its schema says, and reads other empty values as absent or as one empty item.",
        lambda found: any(not value for _, value in found.fields) and found.theirs in (True, False),
        ("3.0.4", _parameter("query", {"type": "string"}, "form", explode=True), "color="),
    ),
    Difference(
        "exploded objects",
        'OpenAPI 3.1.1, "Style Examples": with `form` and `explode: true` an object is `R=100&G=200&B=150`: its properties are fields of '
        "their own. openapi-core looks for a field with the parameter's name.",
        lambda found: found.place in ("query", "cookie") and found.style == "form" and found.explode and found.has("type", "object"),
        ("3.0.4", _parameter("query", R, "form", explode=True), "R=7"),
    ),
    Difference(
        "`style: spaceDelimited`",
        'OpenAPI 3.1.1, "Style Examples": `color=blue%20black%20brown`, which a form-decoder reads as spaces. openapi-core splits at `%20` '
        "when the value has been decoded already, and finds one item.",
        lambda found: found.style == "spaceDelimited",
        ("3.0.4", _parameter("query", INTEGERS, "spaceDelimited", explode=False), "color=1%202"),
    ),
    Difference(
        "delimiters inside of data",
        "OpenAPI 3.1.1 appendix E and RFC 6570 section 3.2.1: what is data is percent-encoded, so that values are split by "
        "delimiters before decoding. openapi-core splits afterwards.",
        lambda found: (
            re.search("%2C|%7C|%3D|%20|\\+", found.text or "") is not None and (found.has("type", "array") or found.has("type", "object"))
        ),
        ("3.0.4", _parameter("query", {**INTEGERS, "items": {"type": "string"}, "maxItems": 1}, "form", explode=False), "color=a%2Cb"),
    ),
    Difference(
        "null as text",
        'OpenAPI 3.1.1 appendix B: "Serializing typed data to plain text […] involves significant implementation- or application-defined '
        'behavior." Where null is admitted and no string is, the texts `null` and nothing are null here ([semantics.md](semantics.md)); '
        "openapi-core knows no text for it.",
        lambda found: found.admitted and found.has("nullable", True) and any(piece in ("", "null") for piece in found.pieces),
        ("3.0.4", _parameter("query", {"type": "integer", "nullable": True}, "form", explode=True), "color=null"),
    ),
    Difference(
        "alternatives of several types",
        'JSON Schema 2020-12 Core section 10.2.1.2: an instance is valid "if it validates successfully against at least one schema" of '
        "`anyOf`. A text may be the value of any of the types there; openapi-core settles on one type before it asks.",
        lambda found: found.admitted and any(_types(part) > 1 for part in found.schemas),
        ("3.0.4", _parameter("query", {"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "number"}]}, "form", explode=True), "color=7"),
    ),
    Difference(
        "properties of a form that the schema does not declare",
        'OpenAPI 3.1.1, "Media Type Object": the schema defines the content, and JSON Schema 2020-12 Core section 10.3.2.3 has '
        "`additionalProperties` speak of every property without an entry in `properties`, `required` of any. openapi-core reads "
        "declared ones only.",
        lambda found: found.place == "form" and any(name not in found.schema["properties"] for name, _ in found.fields),
        ("3.0.4", _form({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False}), "b=1"),
    ),
    Difference(
        "names and values of an object that do not come in pairs",
        'OpenAPI 3.1.1, "Style Examples": `R,100,G,200,B,150`, exploded `R=100,G=200,B=150`. openapi-core drops what has no partner.',
        lambda found: found.refused and not found.explode and found.has("type", "object") and len(_whole(found)) % 2 == 1,
        ("3.0.4", _parameter("query", {"type": "object", "properties": {"R": {"type": "integer"}}}, "form", explode=False), "color=R"),
    ),
)


def _types(schema: dict[str, Any]) -> int:
    branches = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    return len({branch["type"] for branch in branches if isinstance(branch.get("type"), str)})


def _boolean_elsewhere(piece: str) -> bool:
    return piece.lower() in ("0", "1", "t", "f", "y", "n", "on", "off", "yes", "no", "true", "false") and piece not in ("true", "false")


def _whole(found: Asked) -> list[str]:
    delimiter = r"\||%7C" if found.style == "pipeDelimited" else ","
    return re.split(delimiter, next((value for name, value in found.fields if name == NAME), ""))


def written() -> str:
    """The page."""
    lines = [_HEAD.format(version=metadata.version("openapi-core"))]
    for row in DIFFERENCES:
        found = asked(row.contract, row.text)
        theirs = f"raises {found.theirs}" if isinstance(found.theirs, str) else "admits" if found.theirs else "refuses"
        part = json.dumps(row.contract.part)
        said = "nothing sent" if row.text is None else f"`{row.text}`"
        lines += [f"## {row.name[0].upper()}{row.name[1:]}", "", row.decides, "", f"Under {row.example[0]}, `{part}`", ""]
        lines += [f"{said}: specgw {'admits' if found.ours else 'refuses'}, openapi-core {theirs}.", ""]
    return "\n".join(lines)


_HEAD = """# Where openapi-core judges otherwise

The same documents and requests, generated at random, are asked of specgw and of openapi-core {version}. The verdict is the same, or the
difference belongs to one of the rows below, each with the sentence that decides it and an example which a test asks of both:
[tests/properties/test_differential.py](../tests/properties/test_differential.py), a short search with every change, a long one with
`nox -s fuzz`. JSON bodies have no row: there the two agree on everything that the search finds. Schemas alone are compared in
[tests/properties/test_schemas.py](../tests/properties/test_schemas.py), and every cell of [conformance.md](conformance.md) has
openapi-core's verdict.
"""

if __name__ == "__main__":
    PAGE.write_text(written())
