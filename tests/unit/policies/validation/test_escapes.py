from __future__ import annotations

import pytest

from specgw.policies.validation.escapes import Malformed, cookie, escaped, form, percent, plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [("abc", "abc"), ("a%20b", "a b"), ("%C3%A9", "é"), ("%2C%2c", ",,"), ("a+b", "a+b"), ("%2B", "+"), ("", ""), ("%00", "\0")],
)
def test_percent_decodes_utf_8(text: str, expected: str) -> None:
    assert percent(text) == expected


@pytest.mark.parametrize(("text", "expected"), [("a+b", "a b"), ("a%2Bb", "a+b"), ("+%20+", "   "), ("x", "x")])
def test_form_reads_plus_as_space(text: str, expected: str) -> None:
    assert form(text) == expected


@pytest.mark.parametrize("text", ["%", "100%", "%2", "%zz", "%%20", "%u00e9", "%E9", "%C3", "%C3%28", "%ED%A0%80", "%F8%88%80%80%80"])
@pytest.mark.parametrize("decode", [percent, form])
def test_bad_escapes_are_refused(text: str, decode: object) -> None:
    assert callable(decode)
    with pytest.raises(Malformed) as caught:
        decode(text)
    assert caught.value.keyword == "encoding"


def test_header_text_keeps_its_percent_signs() -> None:
    assert plain(" 100%25\t") == "100%25"


def test_pointer_tokens_are_escaped() -> None:
    assert escaped("a/b~c") == "a~1b~0c"
    assert escaped(3) == "3"


@pytest.mark.parametrize(("text", "value"), [("a%20b", "a b"), ("100%", "100%"), ("%zz%20", "%zz%20"), ("a+b", "a+b")])
def test_a_cookie_is_decoded_where_it_is_encoded(text: str, value: str) -> None:
    assert cookie(text) == value
