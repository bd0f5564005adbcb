from __future__ import annotations

import ast

import pytest

from specgw.portal.samples.call import Call, Content, Credential
from specgw.portal.samples.python import python

EVIL = ('"', "'", "\\", "\n", '"""', "{x}", "#", "\u2028", "</script>", "\x00")


def test_a_call() -> None:
    assert python(Call(method="GET", path="/x")) == (
        'import os\n\nimport httpx\n\nresponse = httpx.request(\n    "GET",\n    os.environ["GATEWAY"] + "/x",\n)\n'
        "print(response.status_code)\nprint(response.text)"
    )


def test_values_are_literals() -> None:
    text = python(Call(method="POST", path="/x", content=Content("application/json", "…", ({"a": [True, None, 1.5, "ü"]},))))
    assert 'json={"a": [True, None, 1.5, "ü"]}' in text


def test_what_it_takes() -> None:
    text = python(Call(method="POST", path="/", credentials=(Credential("basic"), Credential("certificate")), content=Content("image/png")))
    assert 'auth=(os.environ["USERNAME"], os.environ["PASSWORD"])' in text
    assert 'context.load_cert_chain(os.environ["CERTIFICATE"])' in text
    assert 'content=open("FILE", "rb")' in text
    digest = python(Call(method="GET", path="/", credentials=(Credential("digest"),)))
    assert 'auth=httpx.DigestAuth(os.environ["USERNAME"], os.environ["PASSWORD"])' in digest
    form = python(Call(method="POST", path="/", content=Content("multipart/form-data", parts=(("a", "b"), ("f", None)))))
    assert '("a", (None, "b")),\n        ("f", open("FILE", "rb")),' in form


@pytest.mark.parametrize("evil", EVIL)
def test_whatever_a_document_says_is_a_literal(evil: str) -> None:
    call = Call(method="POST", path=f"/{evil}", query=(evil,), fields=((evil, evil),), cookies=(evil,), content=Content(evil, evil))
    tree = ast.parse(python(call))
    assert len(tree.body) == 5
    literals = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert [text for text in literals if text == evil] == [evil] * 5
