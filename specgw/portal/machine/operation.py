"""One operation as a Markdown file: everything that its page says, for programs and for people who read files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from specgw.portal.cases import Case
from specgw.portal.catalogue import Entry, Volume
from specgw.portal.enforced import Told
from specgw.portal.errors import PAGE, place
from specgw.portal.examples import media_kind
from specgw.portal.machine.schemas import Lists, below, line, reference
from specgw.portal.machine.writing import MARK, code, fence, plain, quote, sentence
from specgw.portal.operation import Answer, Described, Field, Media
from specgw.portal.retirement import Retirement
from specgw.portal.schema_tree import Members

_LANGUAGES = {"json": "json", "xml": "xml", "urlencoded": "", "multipart": "", "lines": "json", "sequence": "json"}
_HEADINGS = {"path": "In the path", "query": "In the query", "querystring": "The query", "header": "Header fields", "cookie": "Cookies"}


def written(
    entry: Entry,
    volume: Volume,
    said: Described,
    lists: Lists,
    *,
    retired: Retirement | None,
    access: Sequence[Told],
    enforced: Sequence[Told],
    download: str,
) -> bytes:
    """The file. `download`: where the whole document is, from the folder of operations."""
    named: dict[Members, None] = {}
    pieces = [
        *_head(entry, volume, said, retired),
        *_authentication(said, access),
        *_parameters(said, named),
        *_body(said, named),
        *_responses(said, named),
        *_told("What the gateway does", enforced),
        "## Call\n\n",
        *(f"{sample.language}:\n\n{fence(sample.text, 'sh' if sample.slug == 'curl' else sample.slug)}\n" for sample in said.samples),
    ]
    sections, missing = lists.sections(named)
    if sections or missing:
        pieces += ["## Schemas\n\n", sections]
    if missing:
        pieces.append(f"There are {missing} more, and those that they lead to: see the [document]({download}).\n")
    return f"{MARK}{''.join(pieces).rstrip()}\n".encode("utf-8", "replace")


def _head(entry: Entry, volume: Volume, said: Described, retired: Retirement | None) -> Iterator[str]:
    yield f"# {plain(entry.title)}\n\n{code(f'{entry.method} {entry.path}')}\n\n"
    version = f" {plain(volume.version)}" if volume.version else ""
    yield f"- Service: {plain(volume.title)}{version}\n"
    if entry.route is not None and entry.route.version is not None:
        yield f"- Version: {plain(entry.route.version)}\n"
    name = entry.operation.get("operationId")
    if isinstance(name, str):
        yield f"- Operation: {code(name[:200])}\n"
    for server in said.servers:
        yield "- Server: this gateway\n" if server == "/" else f"- Server: {code(server)}\n"
    if retired is not None:
        ends = f", ends on {plain(retired.sunset)}" if retired.sunset else ""
        instead = f", use {code(retired.successor)} instead" if retired.successor else ""
        yield f"- {'Deprecated: do not begin to use it' if entry.deprecated else 'Retires'}{ends}{instead}\n"
    for words in said.unenforced:
        yield f"- Not checked exactly by the gateway: {plain(words)}\n"
    yield "\n"
    yield quote(said.description)


def _authentication(said: Described, access: Sequence[Told]) -> Iterator[str]:
    yield "## Authentication\n\n"
    if said.public:
        yield "None needed.\n\n"
    elif len(said.alternatives) > 1:
        yield "One of these is enough:\n\n"
    for alternative in said.alternatives:
        schemes = []
        for scheme in alternative.schemes:
            sent = f": {code(scheme.sent)}" if scheme.sent else ""
            scopes = f", with {'roles or scopes' if scheme.roles else 'scopes'} {', '.join(code(scope.name) for scope in scheme.scopes)}"
            schemes.append(f"{plain(scheme.words)}{sent}{scopes if scheme.scopes else ''}")
        yield f"- {'; together with '.join(schemes)}\n"
    for each in access:
        yield f"- {each.heading}: {plain(each.sentence)}{f' {code(each.code)}' if each.code else ''}\n"
    yield "\n" if said.alternatives or access else ""


def _parameters(said: Described, named: dict[Members, None]) -> Iterator[str]:
    if said.parameters:
        yield "## Parameters\n\n"
    for where, fields in said.parameters.items():
        yield f"### {_HEADINGS[where]}\n\n"
        yield from _fields(fields, named)
        yield "\n"


def _fields(fields: Sequence[Field], named: dict[Members, None]) -> Iterator[str]:
    for field in fields:
        told = [line(field.row), *([plain(field.manner)] if field.manner else [])]
        if field.examples:
            told.append(f"Example: {', '.join(code(value) for _, value in field.examples)}")
        yield f"- {'. '.join(words.removesuffix('.') for words in told)}{reference(field.row.members, named)}\n"
        yield below(field.row.members, "  ", named)


def _body(said: Described, named: dict[Members, None]) -> Iterator[str]:
    if said.body is None:
        return
    yield f"## Request body\n\n{'Required.' if said.body.required else 'Optional.'}\n\n"
    yield quote(said.body.description)
    yield from _content(said.body.content, said.requested, named)


def _content(content: Sequence[Media], cases: Sequence[Case], named: dict[Members, None]) -> Iterator[str]:
    for media in content:
        yield f"Media type {code(media.name)}"
        if media.row is not None:
            yield f": {plain(media.row.kind)}{reference(media.row.members, named)}\n\n"
            listed = below(media.row.members, "", named)
            yield f"{listed}\n" if listed else ""
        else:
            yield "\n\n"
        for case in cases:
            if case.media == media.name:
                yield from _example(case)


def _example(case: Case) -> Iterator[str]:
    example = case.example
    yield f"Example{' (generated)' if example.generated else ''}{f': {plain(example.name)}' if example.name else ''}\n\n"
    yield quote(example.description)
    if example.elsewhere:
        yield f"It is at {code(example.elsewhere)}.\n\n"
    if example.text or not example.elsewhere:
        yield f"{fence(example.text, _LANGUAGES.get(media_kind(case.media), ''))}\n"
    if not example.whole:
        yield "The example is shortened.\n\n"


def _responses(said: Described, named: dict[Members, None]) -> Iterator[str]:
    yield "## Responses\n\n"
    for answer in said.answers:
        if not answer.own:
            yield f"### {' '.join(filter(None, (plain(answer.status), answer.reason)))}\n\n"
            yield quote(answer.description)
            yield from _answer(answer, said, named)
    own = [answer for answer in said.answers if answer.own]
    if own:
        yield "### From the gateway\n\nBefore or instead of the service, with `application/problem+json` (RFC 9457):\n\n"
    for answer in own:
        at = place(answer.status) or "content"
        yield f"- [{plain(answer.status)} {answer.reason}](../{PAGE}#{at}): {sentence(answer.description)}\n"
    yield "\n" if own else ""


def _answer(answer: Answer, said: Described, named: dict[Members, None]) -> Iterator[str]:
    at = place(answer.status)
    if at is not None:
        yield f"The gateway itself may answer so, too: [problems](../{PAGE}#{at}).\n\n"
    if answer.headers:
        yield "Header fields:\n\n"
        yield from _fields(answer.headers, named)
        yield "\n"
    yield from _content(answer.content, [case for case in said.answered if case.status == answer.status], named)


def _told(heading: str, lines: Sequence[Told]) -> Iterator[str]:
    if lines:
        yield f"## {heading}\n\n"
        yield from (f"- {each.heading}: {plain(each.sentence)}{f' {code(each.code)}' if each.code else ''}\n" for each in lines)
        yield "\n"
