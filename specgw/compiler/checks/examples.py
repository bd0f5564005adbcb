"""Examples that their own schema refuses: clients copy them, and the sandbox answers with them.

Values are judged as they stand in the document. What is text on the wire (a parameter, a header, text/plain) may be written as
that text, `"5"` for an integer; what is a whole message in its media type (XML, a form, a file) is not judged here: `specgw check
--examples` sends every example on its way, and knows the styles of parameters, too.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from typing import Any

import msgspec

from specgw.compiler.checks import samples
from specgw.compiler.declared import Declared
from specgw.compiler.draft import Draft
from specgw.compiler.stated import Example, stated
from specgw.diagnostics import Findings
from specgw.http import parse_media_type
from specgw.openapi.model import MediaTypeEntry, Node
from specgw.openapi.schemas import Schemas
from specgw.policies.validation.explain import explain
from specgw.policies.validation.validators import Validator, Validators
from specgw.problems import Violation

_TOLD = 3
"""Reasons that one finding lists."""
# What stands between values where styles write several of them (OpenAPI section "Style Examples").
_DELIMITERS = frozenset(",;|&= ")


def run(draft: Draft) -> None:
    """Report each example that its schema refuses, once, however many operations refer to it."""
    if not draft.inputs.examples:
        return
    # What is wrong with the schemas themselves is told where they are enforced.
    requests, answers = Schemas(draft.library, Findings(), annotate=True), draft.answers
    assert answers is not None, "examples are judged after the sandbox is prepared"
    judged: dict[tuple[str, str, str, bool], tuple[Example, bool]] = {}
    for declared in draft.declared:
        if declared.served:
            samples.lower(declared, requests)
            for example in stated(declared, draft.library.peek):
                entry = _entry(declared, example)
                schema, text = _judged_by(example, entry)
                if schema is not None:
                    version = declared.contract.version
                    lowered = requests.lower(schema, version, "request") if example.sent else answers.lower(schema, version, "response")
                    reference = lowered.reference
                    key = example.node.file, example.node.pointer, reference, declared.settings.validate.formats
                    judged.setdefault(key, (example, text))
    parts = [sample for declared in draft.declared if declared.served for sample in samples.of_parts(declared, draft, requests)]
    within = {
        (node.file, node.pointer, what): (reference, node, what)
        for reference, node, what in (*parts, *samples.inside(answers), *samples.inside(requests))
    }
    validators = Validators({**requests.resources(), **answers.resources()})
    # All are handed out before one is asked, so that they are compiled together.
    judges = [validators.get(reference, formats=formats) for _, _, reference, formats in judged]
    inner = [validators.get(reference, formats=True) for reference, _, _ in within.values()]
    validators.compile()
    _judge_samples(draft, zip(inner, within.values(), strict=True), {(file, pointer) for file, pointer, *_ in judged})
    for validator, (example, text) in zip(judges, judged.values(), strict=True):
        if any(validator.is_valid(value) for value in (_readings(example.value) if text else (example.value,))):
            continue
        if text and isinstance(example.value, str) and not _DELIMITERS.isdisjoint(example.value):
            continue  # several values as a style writes them
        reasons = _reasons(validator, example.value, example.excused)
        if reasons:
            message = f"this example of {example.what} breaks its schema: {reasons}"
            draft.findings.add("example-invalid", example.node, message, hint="mend the example, or the schema that it breaks")


def _judge_samples(draft: Draft, judged: Iterable[tuple[Validator, samples.Sample]], told: Container[tuple[str, str]]) -> None:
    """Report what schemas state for themselves, and what is stated for parts; `told`: where an operation's own examples stand."""
    for validator, (_, node, what) in judged:
        if (node.file, node.pointer) in told:
            continue
        text = "field" in what
        if any(validator.is_valid(value) for value in (_readings(node.value) if text else (node.value,))):
            continue
        # One of a schema has readOnly and writeOnly properties side by side, rightly.
        reasons = _reasons(validator, node.value, lambda violation: violation.keyword == "not" and bool(violation.pointer))
        if reasons and what == "default":
            message = f"this default breaks its own schema: {reasons}"
            draft.findings.add("default-invalid", node, message, hint="mend the default, or the schema that it breaks")
        elif reasons:
            message = f"this {what} breaks it: {reasons}" if what.endswith("schema") else f"this {what} breaks its schema: {reasons}"
            draft.findings.add("example-invalid", node, message, hint="mend the example, or the schema that it breaks")


def _reasons(validator: Validator, value: Any, excused: Callable[[Violation], bool]) -> str:
    """What is wrong with a value, in words; empty where nothing is."""
    found = [
        f"at {violation.pointer}: {violation.message}" if violation.pointer else violation.message
        for violation in explain(validator, value, "body")
        if not excused(violation)
    ]
    more = f"; and {len(found) - _TOLD} more" if len(found) > _TOLD else ""
    return "; ".join(found[:_TOLD]) + more


def _entry(declared: Declared, example: Example) -> MediaTypeEntry | None:
    """The entry of `content` that an example of a body belongs to."""
    operation = declared.operation
    if example.kind == "body":
        content = () if operation.request_body is None else operation.request_body.content
    else:
        content = next((response.content for response in operation.responses if response.status == example.status), ())
    return next((entry for entry in content if entry.media_range == example.media_range), None)


def _judged_by(example: Example, entry: MediaTypeEntry | None) -> tuple[Node | None, bool]:
    """The schema of an example, and whether it is text on the wire; no schema: it is not judged here."""
    parameter = example.parameter
    if parameter is not None and parameter.content is None:
        return parameter.schema, True
    entry = entry if parameter is None else parameter.content
    media = None if entry is None else parse_media_type(entry.media_range)
    if entry is None:
        return None, False
    if media is not None and media.type == "text" and not media.xml:
        return entry.schema, True
    # `application/*` and `*/*` are answered as JSON.
    json = entry.media_range in ("*/*", "application/*") or (media is not None and media.json)
    return (entry.schema if json or not isinstance(example.value, str) else None), False


def _readings(value: Any) -> Iterator[Any]:
    """What a text may stand for, and how a value may be written as text."""
    yield value
    if isinstance(value, str):
        yield _literal(value)
        yield [value]
        yield [_literal(value)]
    elif value is None or isinstance(value, bool | int | float):
        yield msgspec.json.encode(value).decode()
        yield [value]


def _literal(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return text
