from __future__ import annotations

import pytest

from specgw.policies.validation.escapes import Malformed
from specgw.policies.validation.multipart import MAX_PARTS, split_parts

FIELD = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
END = b"--x--\r\n"


def test_parts_in_their_order() -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
        b'--x\r\ncontent-disposition: Form-Data; name=file; filename="a;b.png"\r\n'
        b"Content-Type: image/png\r\nX-Id: 7 \r\n\r\n\r\n\x00\r\n--y\r\n"
        b'--x\r\nContent-Disposition: form-data; name=""\r\n\r\n\r\n'
        b"--x--"
    )
    first, second, third = split_parts(body, "x")
    assert (first.name, first.filename, first.content_type, first.data) == ("a", None, None, b"1")
    assert (second.name, second.filename, second.data) == ("file", "a;b.png", b"\r\n\x00\r\n--y")
    assert second.content_type is not None
    assert second.content_type.essence == "image/png"
    assert second.headers[b"x-id"] == b"7"
    assert (third.name, third.data) == ("", b"")


@pytest.mark.parametrize(
    "body", [FIELD + END, b"\r\n" + FIELD + END, FIELD + b"--x--", FIELD + b"--x-- \r\n", FIELD.replace(b"--x\r\n", b"--x \t\r\n") + END]
)
def test_framing_that_is_allowed(body: bytes) -> None:
    [part] = split_parts(body, "x")
    assert part.data == b"1"


def test_a_form_without_fields() -> None:
    assert split_parts(b"--x--\r\n", "x") == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"text",
        FIELD,
        FIELD + b"--x",
        FIELD + b"--x-",
        FIELD + b"--x--\r\nepilogue",
        FIELD + END + END,
        b"preamble\r\n" + FIELD + END,
        (FIELD + END).replace(b"\r\n", b"\n"),
        FIELD.replace(b"1\r\n", b"1\r\n--xy\r\n") + END,
        FIELD.replace(b"1\r\n", b"1\r\n--x") + END,
        b"--x\r\n\r\n1\r\n" + END,
        b"--x\r\nContent-Type: text/plain\r\n\r\n1\r\n" + END,
        b"--x\r\nContent-Disposition: form-data; name=a\r\n" + END,
        FIELD.replace(b"form-data;", b"attachment;") + END,
        FIELD.replace(b'name="a"', b"") + END,
        FIELD.replace(b'name="a"', b'filename="a"') + END,
        FIELD.replace(b'name="a"', b'name="a"; name="b"') + END,
        FIELD.replace(b'name="a"', b"name*=utf-8''a; name=a") + END,
        FIELD.replace(b'name="a"', b'name="a\\"b"') + END,
        FIELD.replace(b'name="a"', b'name="a') + END,
        FIELD.replace(b'name="a"', b'name="\xff"') + END,
        FIELD.replace(b"\r\n\r\n", b"\r\nContent-Disposition: form-data; name=b\r\n\r\n") + END,
        FIELD.replace(b"\r\n\r\n", b"\r\n folded: yes\r\n\r\n") + END,
        FIELD.replace(b"\r\n\r\n", b"\r\nno colon\r\n\r\n") + END,
        FIELD.replace(b"\r\n\r\n", b"\r\nX : 1\r\n\r\n") + END,
        FIELD.replace(b"\r\n\r\n", b"\r\nX: a\rb\r\n\r\n") + END,
        FIELD.replace(b"\r\n\r\n", b"\r\nX: a\x00\r\n\r\n") + END,
        FIELD.replace(b"\r\n\r\n", b"\r\nX: " + b"a" * 9000 + b"\r\n\r\n") + END,
        FIELD.replace(b"\r\n\r\n", b"".join(b"\r\nX%d: a" % index for index in range(20)) + b"\r\n\r\n") + END,
        FIELD.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n") + END,
        FIELD.replace(b"\r\n\r\n", b"\r\nContent-Type: what\r\n\r\n") + END,
        FIELD * (MAX_PARTS + 1) + END,
    ],
)
def test_framing_that_readers_could_take_differently(body: bytes) -> None:
    with pytest.raises(Malformed):
        split_parts(body, "x")


def test_as_many_parts_as_are_allowed() -> None:
    assert len(split_parts(FIELD * MAX_PARTS + END, "x")) == MAX_PARTS


@pytest.mark.parametrize("encoding", [b"7bit", b"8BIT", b"binary"])
def test_transfer_encodings_that_change_nothing(encoding: bytes) -> None:
    [part] = split_parts(FIELD.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n") + END, "x")
    assert part.data == b"1"


@pytest.mark.parametrize("boundary", [None, "", "a" * 71, "x ", "x\r\n", "é", 'x"'])
def test_boundaries_that_are_none(boundary: str | None) -> None:
    with pytest.raises(Malformed, match="boundary"):
        split_parts(FIELD + END, boundary)


def test_the_longest_boundary() -> None:
    boundary = "a b" + "'()+_,-./:=?" + "9" * 55
    assert len(boundary) == 70
    assert len(split_parts((FIELD + END).replace(b"--x", b"--" + boundary.encode()), boundary)) == 1
