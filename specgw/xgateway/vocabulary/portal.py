"""The developer portal: whether it is served, what it is called, how it looks, and what is in it beside the operations."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from specgw.xgateway.vocabulary.part import Part, wrong
from specgw.xgateway.vocabulary.sign_in import OwnKeys, SignIn
from specgw.xgateway.vocabulary.values import Text, checked, patterned, text_of

Colour = Annotated[str, *patterned(r"#[0-9A-Fa-f]{6}", "a colour such as '#0b6b5d'", hint="six hexadecimal digits, in quotes")]


def read_file_name(value: object) -> str:
    """A path on the machine that builds: what is read from it becomes part of the pages."""
    phrase = "a path relative to gateway.yaml"
    text = text_of(value, phrase)
    if not text.strip() or "\0" in text or text.startswith("/") or "${" in text:
        raise wrong(phrase)
    return text


FileName = Annotated[str, *checked(read_file_name, {"type": "string", "pattern": r"^[^/]"})]


class Colors(Part):
    """The one colour that links, buttons and marks have. Text in it has to be readable (WCAG 2.2, 4.5:1)."""

    accent: Colour
    """On light pages."""
    accent_dark: Colour | None = None
    """On dark pages. Default: as much of `accent` as can be read there."""


class Portal(Part):
    """The developer portal."""

    astray: ClassVar[dict[str, str]] = {"colours": "it is called 'colors'", "title": "it is called 'name'", "theme": "see 'colors'"}

    enabled: bool | None = None
    """Whether the gateway serves it, at `/portal/`, and the merged documents. `specgw build` writes it in any case. Default: `true`."""
    name: Text | None = None
    """Its title. Default: that of the service, where there is only one."""
    logo: FileName | None = None
    """An SVG or PNG file of 32 KiB at most, shown before the name. SVG that runs or fetches something is refused."""
    colors: Colors | None = None
    """Colours instead of its own."""
    guides: list[FileName] | None = None
    """Markdown files, and folders of them, in the order in which they are shown; in a folder by `order` in their
    front matter, then by name. Default: the folder `guides` beside the documents."""
    renderer: Literal["swagger-ui", "none"] | None = None
    """Another view of each service for people who prefer one. Default: `none`."""
    sign_in: SignIn | None = None
    """Where people sign in to make keys for themselves. Default: nobody can, but for one click under the profile `dev` on this machine."""
    keys: OwnKeys | None = None
    """What these keys may be."""
