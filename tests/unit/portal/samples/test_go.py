from __future__ import annotations

import re

import pytest

from specgw.portal.samples.call import Call, Content, Credential
from specgw.portal.samples.go import go

EVIL = ('"', "\\", "\n", "`", "*/", "\u2028", "</script>", "\x00")


def imports(text: str) -> set[str]:
    return set(re.findall(r'^\t"(.*)"$', text, re.MULTILINE))


def test_a_call() -> None:
    text = go(Call(method="GET", path="/x", fields=(("A", "b"),)))
    assert '\trequest, err := http.NewRequest("GET", os.Getenv("GATEWAY") + "/x", nil)\n' in text
    assert '\trequest.Header.Set("A", "b")\n' in text
    assert imports(text) == {"fmt", "io", "net/http", "os"}


def test_only_what_is_used_is_imported() -> None:
    assert imports(go(Call(method="GET", server="https://a.example", path="/x"))) == {"fmt", "io", "net/http"}
    form = go(Call(method="POST", server="https://a.example", path="/x", content=Content("multipart/form-data", parts=(("a", "b"),))))
    assert imports(form) == {"bytes", "fmt", "io", "mime/multipart", "net/http"}
    assert 'request.Header.Set("Content-Type", form.FormDataContentType())' in form
    file = go(Call(method="POST", path="/x", content=Content("image/png"), credentials=(Credential("basic"), Credential("certificate"))))
    assert imports(file) == {"crypto/tls", "fmt", "io", "net/http", "os"}
    assert 'body, err := os.Open("FILE")' in file


def test_digest_is_not_for_net_http() -> None:
    assert go(Call(method="GET", path="/x", credentials=(Credential("digest"),))) == ""


def test_a_raw_literal_is_sent_as_it_stands() -> None:
    text = go(Call(method="POST", path="/x", content=Content("application/json", '{\n  "a": 1\n}')))
    assert 'strings.NewReader(`{\n  "a": 1\n}`)' in text


@pytest.mark.parametrize("evil", EVIL)
def test_whatever_a_document_says_is_a_literal(evil: str) -> None:
    text = go(Call(method="POST", path=evil, fields=((evil, evil),), content=Content("text/plain", f"a\n{evil}")))
    plain = go(Call(method="POST", path="x", fields=(("x", "x"),), content=Content("text/plain", "x")))
    shape = re.compile(r'"(?:[^"\\\n]|\\.)*"|`[^`]*`')
    assert shape.sub("L", text) == shape.sub("L", plain)
    assert "</script>" not in text
