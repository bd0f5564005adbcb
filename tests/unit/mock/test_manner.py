from __future__ import annotations

from pathlib import Path
from typing import Any

from specgw.mock.generation import Generator
from specgw.mock.manner import USUAL, Manner
from specgw.mock.preferences import Preferences
from specgw.mock.responder import Asked, Chosen, Responder
from specgw.policies.validation.validators import Validators
from tests.unit.mock.conftest import planned

SCHEMA = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string", "format": "uuid"}}}


def body(folder: Path, manner: Manner, asked: Asked | None = None) -> bytes:
    content: dict[str, Any] = {"application/json": {"schema": SCHEMA, "examples": {"a": {"value": {"id": "documented"}}}}}
    operation = {"operationId": "a", "responses": {"200": {"description": "", "content": content}}}
    sandbox = planned(folder, {"/a": {"get": operation}}).sandbox
    generator = Generator(sandbox.schemas, Validators(sandbox.schemas))
    responder = Responder(sandbox.operations["a"], sandbox.responses, generator, name="a", manner=manner)
    chosen = responder.answer(asked or Asked())
    assert isinstance(chosen, Chosen)
    return chosen.reply.body


def test_examples_are_given_unless_something_else_is_said(tmp_path: Path) -> None:
    assert b"documented" in body(tmp_path, USUAL)
    assert b"documented" not in body(tmp_path, Manner(dynamic=True))
    assert b"documented" not in body(tmp_path, Manner(examples=False))


def test_a_request_can_ask_for_the_example_all_the_same(tmp_path: Path) -> None:
    asked = Asked(Preferences(dynamic=False))
    assert b"documented" in body(tmp_path, Manner(dynamic=True), asked)


def test_another_seed_leads_to_another_value_and_the_same_one_to_the_same(tmp_path: Path) -> None:
    found = [body(tmp_path, Manner(dynamic=True, seed=seed)) for seed in ("a", "b", "a")]
    assert found[0] == found[2] != found[1]
