"""The pages as a browser gets them: every link leads somewhere, nothing runs, nothing is fetched from elsewhere."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specgw.compiler.compile import compile_documents
from specgw.compiler.generated import Part
from specgw.compiler.inputs import Inputs
from specgw.portal.assets import SHEETS
from specgw.portal.published import Guide, Published, Theme
from specgw.portal.site import MARKS
from specgw.portal.site import render as render_published

ROOT = Path(__file__).parents[3]
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> javascript:alert(1) {{ 7*7 }} \x00\ud800"
VOID = {"meta", "link", "wbr", "br", "img", "input", "hr"}
ELEMENTS = {
    *("html", "head", "meta", "title", "link", "body", "a", "nav", "main", "header", "section", "aside", "div", "p", "ul", "li"),
    *("button", "script", "article", "em", "ol", "blockquote", "hr", "br"),
    *("h1", "h2", "h3", "h4", "span", "strong", "code", "pre", "wbr", "table", "thead", "tbody", "tr", "th", "td", "details", "summary"),
    *("fieldset", "legend", "label", "input", "bdi", "b", "dl", "dt", "dd", "img", "dialog"),
}
ATTRIBUTES = {
    *("lang", "charset", "name", "content", "rel", "href", "class", "id"),
    *("start", "src", "type", "hidden", "aria-pressed", "aria-current", "aria-hidden", "aria-keyshortcuts"),
    *("data-index", "data-up", "data-session", "data-schemes", "data-path", "data-option"),
    *("aria-label", "aria-labelledby", "role", "tabindex", "scope", "open"),
    *("value", "checked", "for", "data-address", "alt", "height", "aria-haspopup", "aria-expanded"),
}
HOSTILE = (EVIL, "javascript:alert(1)", "//evil.example/x", "https://evil.example/" + "x" * 200_000, "..", "</pre></code>", "")


def render(documents: dict[str, Any]) -> dict[str, bytes]:
    return render_published(Published(documents=documents))


class Page(HTMLParser):
    """What is in a page. Fails on what is not well nested."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice: {attrs}"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def ids(self) -> list[str]:
        return [str(attributes["id"]) for _, attributes in self.elements if "id" in attributes]


def check(site: dict[str, bytes], documents: dict[str, Any]) -> dict[str, Page]:
    """Hold every page to the rules; returns the pages."""
    pages = {name: Page(content.decode()) for name, content in site.items() if name.endswith(".html")}
    for name, page in pages.items():
        assert {tag for tag, _ in page.elements} <= ELEMENTS, name
        assert {attribute for _, attributes in page.elements for attribute in attributes} <= ATTRIBUTES, name
        assert len(set(page.ids)) == len(page.ids), f"{name}: an id twice"
        for tag, attributes in page.elements:
            if tag == "script" and attributes.get("type") == "application/json":
                continue  # data: browsers run nothing of another type
            href = attributes.get("src" if tag == "script" else "href")
            if href is None:
                assert tag not in ("a", "link", "script"), "nothing runs that is not a file of the site"
                continue
            parts = urlsplit(href)
            if attributes.get("rel") == "noopener nofollow":
                assert (tag, parts.scheme in ("http", "https", "mailto")) == ("a", True)
                continue
            assert (parts.scheme, parts.netloc, parts.query, href[:1]) == ("", "", "", href[:1].strip("/")), f"{name}: {href}"
            target = normpath(str(PurePosixPath("portal", name).parent / unquote(parts.path))) if parts.path else f"portal/{name}"
            if target in documents:
                continue
            inside = target.removeprefix("portal/")
            assert inside in site, f"{name}: {href} leads nowhere"
            assert not parts.fragment or parts.fragment in pages[inside].ids, f"{name}: {href} leads nowhere"
        for label in (attributes["aria-labelledby"] for _, attributes in page.elements if "aria-labelledby" in attributes):
            assert label in page.ids
        assert [tag for tag, _ in page.elements].count("h1") >= 1 or not documents
    return pages


def sample() -> dict[str, Any]:
    return compile_documents(Inputs((ROOT / "specs",)), environ={}).merged


def document(**operation: Any) -> dict[str, Any]:
    return {"info": {"title": "T", "version": "1"}, "servers": [{"url": "/"}], "paths": {"/x": {"get": operation}}}


def test_the_sample_system() -> None:
    documents = sample()
    pages = check(render(documents), documents)
    assert len([name for name in pages if not name.startswith("schemas/")]) == 14
    assert "no other members" in pages["schemas/ProductRequest.html"].text
    assert "Replace a product" in pages["schemas/ProductRequest.html"].text
    assert "2 services" not in pages["index.html"].text, "without a plan all are one"
    [service] = [page for name, page in pages.items() if name.startswith("services/")]
    assert "/api/users/{id}" in service.text
    assert "Read one user" in service.text
    page = pages["operations/createUser.html"]
    assert "Idempotency-Key" in page.text
    assert "string (uuid)" in page.text
    assert "curl --request POST" in page.text
    assert "What the gateway does" not in page.text, "without a plan nothing is said"
    assert "generated" not in page.text, "nor made"
    made = compile_documents(Inputs((ROOT / "specs",)), environ={})
    assert made.plan is not None
    site = check(render_published(Published(documents=made.merged, plan=made.plan, services=made.services)), made.merged)
    planned = site["operations/createUser.html"]
    assert "2 services behind one address, with 10 operations" in site["index.html"].text
    assert "http://127.0.0.1:8080/sandbox/api/users" in site["index.html"].text
    users = site["services/users.html"]
    assert "/api/users/{id}" in users.text
    assert "/api/products" not in users.text
    assert "API key in header X-API-Key key" in " ".join(users.text.split())
    assert "Body\nAt most 16 KiB; JSON at most 8 levels deep." in planned.text
    assert "After 20 wrong credentials within 60 s an address is answered 429." in planned.text
    assert "generated" in planned.text
    assert "504 Gateway Timeout" in " ".join(page.text.split())


def test_the_same_documents_give_the_same_bytes() -> None:
    assert list(render(sample()).items()) == list(render(sample()).items())


def test_every_file_says_whose_it_is(tmp_path: Path) -> None:
    def written(name: str, content: bytes) -> Path:
        path = tmp_path / PurePosixPath(name).name
        path.write_bytes(content)
        return path

    theme = Theme(accent="#102030", logo=b"<svg/>", logo_suffix="svg")
    site = render_published(Published(documents=sample(), theme=theme, guides={"a": Guide("# A")}))
    for name, content in site.items():
        assert Part("", {}, MARKS).wrote(written(name, content)), name


def test_a_style_sheet_is_named_by_what_is_in_it() -> None:
    [sheet] = [name for name in render({}) if name.endswith(".css")]
    assert re.fullmatch(r"assets/style\.[0-9a-f]{16}\.css", sheet)


def test_nothing_to_show_is_a_page_too() -> None:
    assert list(check(render({}), {})) == ["index.html", "404.html", "errors.html"]
    empty = {"openapi.json": {"info": {"title": "Empty", "version": "1"}, "paths": {}}}
    assert "0 operations" in check(render(empty), empty)["index.html"].text


def test_internal_operations_are_absent(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "openapi: 3.1.0\ninfo: {title: A, version: '1'}\nservers: [{url: 'http://127.0.0.1:9'}]\npaths:\n"
        "  /shown: {get: {operationId: shown, responses: {default: {description: ok}}}}\n"
        "  /secretive: {x-gateway: {visibility: internal}, get: {operationId: secretive, responses: {default: {description: ok}}}}\n"
    )
    site = render(compile_documents(Inputs((tmp_path,)), environ={}).merged)
    assert "operations/shown.html" in site
    assert not any(b"secretive" in content for name, content in site.items() if name.endswith(".html"))


def test_deprecation_credentials_and_gaps_are_said() -> None:
    made = document(summary="Old", deprecated=True, security=[{"key": ["read"]}, {"basic": []}], **{"x-specgw-unenforced": ["a pattern"]})
    made["components"] = {"securitySchemes": {"key": {"type": "oauth2"}, "basic": {"type": "http", "scheme": "basic"}}}
    pages = check(render({"openapi.json": made}), {"openapi.json": made})
    assert "Old deprecated" in pages["services/t.html"].text
    told = " ".join(pages["operations/get-x.html"].text.split())
    assert "This operation is deprecated" in told
    assert "One of these is enough: OAuth 2.0 access token key Authorization: Bearer TOKEN Scopes, all of them: read or User name" in told
    assert "Not checked exactly by the gateway: a pattern." in told


def test_the_end_of_an_operation_is_told() -> None:
    old = document(deprecated=True, **{"x-sunset": "2030-01-31", "x-successor": "/y"})
    old["paths"]["/y"] = {"get": {}}
    pages = check(render({"openapi.json": old}), {"openapi.json": old})
    page = pages["operations/get-x.html"]
    assert "It ends on 2030-01-31. Use /y instead." in page.text
    assert ("a", {"href": "get-y.html"}) in page.elements


def test_several_documents_are_told_apart() -> None:
    two = {"openapi.json": document(operationId="a"), "openapi.v2.json": document(operationId="A")}
    pages = check(render(two), two)
    assert {"operations/a.html", "operations/A-2.html", "services/t.html", "services/t-2.html"} < pages.keys()


def test_a_shortened_schema_says_where_the_whole_is() -> None:
    wide = {"properties": {f"p{number}": {"type": "string"} for number in range(1000)}}
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Wide"}}}}
    made = {"openapi.json": {**document(requestBody=body), "components": {"schemas": {"Wide": wide}}}}
    site = render(made)
    pages = check(site, made)
    assert "Shortened: the whole schema is in openapi.json" in pages["schemas/Wide.html"].text
    assert "850 more" in pages["operations/get-x.html"].text
    assert max(len(site[name]) for name in pages) < 32_000


def hostile(text: str) -> dict[str, Any]:
    """A document that says `text` wherever it can."""
    schema = {"type": "string", "pattern": text, "enum": [text]}
    parameter = {"name": text, "in": "query", "required": True, "description": text, "schema": schema}
    content = {text: {"schema": {"title": text, "properties": {text: {"$ref": text}}}, "example": text}}
    operation = {
        "operationId": text,
        "summary": text,
        "description": text,
        "tags": [text],
        "parameters": [parameter, {**parameter, "in": "path"}, {**parameter, "in": "header"}, {**parameter, "in": "cookie"}],
        "requestBody": {"description": text, "content": content},
        "responses": {"200": {"description": text, "content": content, "headers": {text: {"description": text}}}, text: {}},
        "security": [{text: [text], "key": []}],
        "x-specgw-unenforced": [text],
    }
    return {
        "info": {"title": text, "version": text, "description": text},
        "servers": [{"url": text}],
        "tags": [{"name": text, "description": text}],
        "paths": {f"/{text}/{{{text}}}": {"get": operation, "post": operation}},
        "components": {"securitySchemes": {text: {"type": text}, "key": {"type": "apiKey", "in": text, "name": text}}},
    }


@pytest.mark.parametrize("text", HOSTILE, ids=["script", "url", "host", "long", "dots", "tags", "nothing"])
def test_whatever_a_document_says_is_text(text: str) -> None:
    made = {"openapi.json": hostile(text)}
    site = render(made)
    pages = check(site, made)
    assert len(pages) == 6
    for name, page in pages.items():
        assert "49" not in page.text
        assert len(site[name]) < 3_000_000
    if text == EVIL:
        [service] = [page for name, page in pages.items() if name.startswith("services/")]
        assert "<script>alert(1)</script>" in service.text


WORDS = ("#/components/schemas/A", "query", "object", "array", "apiKey")
KEYS = (
    *("$ref", "name", "in", "schema", "content", "type", "items", "properties", "required", "allOf", "oneOf", "enum", "example", "A"),
    *("examples", "headers", "minimum", "exclusiveMinimum", "default", "200", "application/json", "style", "explode", "format"),
)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=25,
)


@given(
    st.fixed_dictionaries(
        {}, optional={key: JUNK for key in ("tags", "summary", "parameters", "requestBody", "responses", "security", "x-specgw-unenforced")}
    ),
    JUNK,
)
@settings(max_examples=150, deadline=None)
def test_junk_makes_pages_too(operation: dict[str, Any], schemas: Any) -> None:
    made = {"openapi.json": {**document(**operation), "components": {"schemas": {"A": schemas}, "securitySchemes": schemas}}}
    check(render(made), made)


# The style sheet

STATIC = ROOT / "specgw" / "portal" / "static"
BASE = (STATIC / "base.css").read_text()
STYLE = "".join((STATIC / name).read_text() for name in SHEETS if (STATIC / name).is_file())
SYSTEM = BASE.index("@media (prefers-color-scheme: dark)")
CHOSEN = BASE.index(':root[data-theme="dark"]')


def colours(part: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", part))


def luminance(colour: str) -> float:
    """WCAG 2.2, "relative luminance"."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio"."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


SCHEMES = [colours(BASE[:SYSTEM]), colours(BASE[SYSTEM:CHOSEN]), colours(BASE[CHOSEN : BASE.index("* { box-sizing")])]


def test_dark_is_the_same_by_the_system_and_by_choice() -> None:
    assert SCHEMES[1] == SCHEMES[2] != SCHEMES[0]
    assert SCHEMES[0].keys() == SCHEMES[1].keys()


@pytest.mark.parametrize("scheme", SCHEMES[:2], ids=["light", "dark"])
def test_text_can_be_read(scheme: dict[str, str]) -> None:
    """WCAG 2.2 success criterion 1.4.3: at least 4.5 to 1."""
    texts = scheme.keys() - {"surface", "code-surface", "card", "line", "warn-surface", "accent-text"}
    assert len(texts) == 11
    for text in texts:
        for ground in ("surface", "code-surface", "card") if text != "warn" else ("surface", "warn-surface"):
            assert contrast(scheme[text], scheme[ground]) >= 4.5, f"{text} on {ground}"
    assert contrast(scheme["accent-text"], scheme["accent"]) >= 4.5


def test_the_style_sheet_asks_nobody_for_anything() -> None:
    assert not re.search(r"url\(|@import|https?:|expression", STYLE)


def test_every_class_has_a_style() -> None:
    templates = "".join(path.read_text() for path in (ROOT / "specgw" / "portal" / "templates").iterdir())
    templates = re.sub(r"\{[{%].*?[%}]\}", " ", templates)
    used = {name for names in re.findall(r'class="([a-z -]+)', templates) for name in names.split()}
    used |= {"get", "put", "post", "delete", "options", "head", "patch", "trace", "query", "s1", "s2", "s3", "s4", "s5"}
    used |= {"curl", "python", "javascript", "go"}
    style = STYLE + (ROOT / "specgw" / "portal" / "static" / "renderer.css").read_text()
    styled = set(re.findall(r"\.([a-z][a-z0-9-]*)", re.sub(r"\{[^{}]*\}", "{}", re.sub(r"/\*.*?\*/", "", style))))
    assert used - styled - {"s", "summary"} == set()


def test_the_name_of_the_portal_is_gateway_yamls() -> None:
    named = render_published(Published(documents=sample(), theme=Theme(name="Acme <APIs>")))
    assert b"Acme &lt;APIs&gt;</bdi></a>" in named["operations/createUser.html"]
    assert b"Acme" not in render(sample())["index.html"]


def test_files_say_that_nobody_can_sign_in() -> None:
    assert json.loads(render({})["session.json"]) == {"live": False}


def test_guides_are_pages_that_lead_to_each_other() -> None:
    made = compile_documents(Inputs((ROOT / "specs",)), environ={})
    documents = made.merged
    texts = {guide.name: Guide(guide.text) for guide in made.portal.guides}
    assert list(texts) == ["getting-started", "errors-and-limits"]
    site = render_published(Published(documents=documents, guides=texts))
    pages = check(site, documents)
    assert "Getting started" in pages["index.html"].text
    assert "misspelt-parameters" in pages["guides/errors-and-limits.html"].ids
    assert [tag for tag, _ in pages["guides/getting-started.html"].elements].count("h1") == 1


def test_hostile_guides_are_text() -> None:
    site = render_published(Published(documents={}, guides={"evil": Guide(f"# {EVIL}\n\n{EVIL}\n\n[x](javascript:alert(1)) {HOSTILE[3]}")}))
    page = check(site, {})["guides/evil.html"]
    assert "<script>alert(1)</script>" in page.text


def test_descriptions_are_markdown() -> None:
    made = {"openapi.json": document(summary="S", description="See [RFC](https://example.org/rfc) and\n\n| a |\n|---|\n| b |")}
    page = check(render(made), made)["operations/get-x.html"]
    assert ("a", {"href": "https://example.org/rfc", "rel": "noopener nofollow"}) in page.elements
    assert "td" in [tag for tag, _ in page.elements]


def test_where_keys_are_taken_there_is_a_page_of_them() -> None:
    build = compile_documents(Inputs((ROOT / "specs",)), environ={})
    assert build.plan is not None
    site = render_published(Published(documents=build.merged, plan=build.plan))
    pages = check(site, build.merged)
    assert "X-API-Key: KEY" in pages["keys.html"].text
    assert b'href="../keys.html">Get a key</a>' in site["operations/createUser.html"]
    assert b'href="keys.html">Keys</a>' in site["index.html"]
    keyless = render_published(Published(documents=build.merged))
    assert "keys.html" not in keyless
    assert b"keys.html" not in keyless["index.html"]
