from __future__ import annotations

from typing import Any

import pytest

from specgw.xgateway.vocabulary.portal import Portal

COLOUR = "a colour such as '#0b6b5d'"
FILE = "a path relative to gateway.yaml"


def test_the_whole_portal(read: Any) -> None:
    text = """
    enabled: false
    name: Pets
    logo: brand/logo.svg
    colors: {accent: '#0B6b5d', accentDark: '#6fd0bd'}
    guides: [start.md, ../more]
    renderer: swagger-ui
    signIn: {issuer: https://id.example.com, clientId: portal}
    keys: {most: 5}
    """
    assert isinstance(read(Portal, text), Portal)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{enabled: 'no'}", ["enabled: bool_type"]),
        ("{colors: {accent: red}}", [f"colors.accent: {COLOUR}"]),
        ("{colors: {accent: '#123'}}", [f"colors.accent: {COLOUR}"]),
        ("{colors: {accentDark: '#123456'}}", ["colors.accent: missing"]),
        ("{logo: /etc/passwd}", [f"logo: {FILE}"]),
        ("{logo: ' '}", [f"logo: {FILE}"]),
        ("{guides: ['${HOME}/a.md']}", [f"guides.0: {FILE}"]),
        ("{renderer: redoc}", ["renderer: literal_error"]),
        ("{name: ''}", ["name: text that is not empty"]),
    ],
)
def test_what_is_wrong(read: Any, text: str, wrong: list[str]) -> None:
    assert read(Portal, text) == wrong


def test_keys_that_people_look_for_lead_to_those_that_are_there() -> None:
    assert set(Portal.astray) == {"colours", "title", "theme"}
