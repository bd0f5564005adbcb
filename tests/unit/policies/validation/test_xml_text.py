from __future__ import annotations

import pytest

from specgw.policies.validation.escapes import Malformed
from specgw.policies.validation.xml_text import MAX_NODES, SCHEMA_INSTANCE, Element, charset_of, read


def test_elements_attributes_and_text() -> None:
    root = read(b'<a xmlns="urn:x" b="1" n:c="2" xmlns:n="urn:n">x<n:d/>y<![CDATA[<&]]><!-- z --><?p i?></a>', None, 8)
    assert (root.namespace, root.name, root.text) == ("urn:x", "a", "xy<&")
    assert root.attributes == {("", "b"): "1", ("urn:n", "c"): "2"}
    assert [(child.namespace, child.name) for child in root.children] == [("urn:n", "d")]


@pytest.mark.parametrize(
    ("body", "keyword", "said"),
    [
        (b"", "syntax", "no element found"),
        (b"<a>", "syntax", "no element found at line 1 column 4"),
        (b"<a/><b/>", "syntax", "junk after document element"),
        (b'<a b="1" b="2"/>', "syntax", "duplicate attribute"),
        (b"<p:a/>", "syntax", "unbound prefix"),
        (b"<a>&x;</a>", "syntax", "undefined entity"),
        (b"<a>\xff</a>", "syntax", "not well-formed"),
        (b"<!DOCTYPE a><a/>", "syntax", "document type declaration"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "syntax", "document type declaration"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "syntax", "document type declaration"),
        (b'<?xml version="1.1"?><a/>', "syntax", "XML 1.0"),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', "encoding", "not read here"),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', "encoding", "not read here"),
        (b"<a>" * 9, "syntax", "deeper than 8"),
        (b"<a>" + b"<b/>" * MAX_NODES + b"</a>", "syntax", "more than"),
    ],
)
def test_what_is_not_read(body: bytes, keyword: str, said: str) -> None:
    with pytest.raises(Malformed, match=said) as refused:
        read(body, None, 8)
    assert refused.value.keyword == keyword


def test_the_content_type_and_the_declaration_have_to_agree() -> None:
    body = "<?xml version='1.0' encoding='iso-8859-1'?><a>\xe9</a>".encode("latin-1")
    assert read(body, None, 8).text == read(body, "ISO-8859-1", 8).text == "\xe9"
    with pytest.raises(Malformed, match="another encoding than its Content-Type"):
        read(body, "us-ascii", 8)
    assert read("<a>\xe9</a>".encode("utf-16"), "utf-16", 8).text == "\xe9"


def test_charsets() -> None:
    assert (charset_of(None), charset_of("UTF8"), charset_of("utf-7")) == ("utf-8", "utf-8", None)


def test_text_between_many_elements_is_joined_once() -> None:
    element = Element("", "a", {})
    for _ in range(3):
        element.add("x")
    assert element.text == "xxx"
    assert SCHEMA_INSTANCE.startswith("http:")
