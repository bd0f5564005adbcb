"""What the languages have in common: an expression is literals of the document and variables of the environment, joined."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from specgw.portal.samples.call import GATEWAY, Call


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the environment."""

    name: str


Word = str | Variable


def address(call: Call) -> list[Word]:
    """The address with its query."""
    secret = [credential.name for credential in call.credentials if credential.place == "query"]
    text = call.path + "".join(f"{'&' if number else '?'}{pair}" for number, pair in enumerate(call.query))
    words: list[Word] = [call.server + text] if call.server else [Variable(GATEWAY), text]
    for number, name in enumerate(secret, len(call.query)):
        words += [f"{'&' if number else '?'}{name}=", Variable("API_KEY")]
    return words


def fields(call: Call) -> list[tuple[str, list[Word]]]:
    """The header fields with those that carry credentials, and with the cookies; not user names with passwords."""
    told: list[tuple[str, list[Word]]] = [(name, [value]) for name, value in call.fields]
    cookie: list[Word] = ["; ".join(call.cookies)] if call.cookies else []
    for credential in call.credentials:
        if credential.place == "bearer":
            told.append(("Authorization", ["Bearer ", Variable("TOKEN")]))
        elif credential.place == "header":
            told.append((credential.name, [Variable("API_KEY")]))
        elif credential.place == "cookie":
            cookie += [f"{'; ' if cookie else ''}{credential.name}=", Variable("API_KEY")]
    if cookie:
        told.append(("Cookie", cookie))
    if call.content is not None and call.content.media_type != "multipart/form-data":
        told.append(("Content-Type", [call.content.media_type]))
    return told


def expression(words: list[Word], literal: Callable[[str], str], variable: Callable[[str], str]) -> str:
    """The words of an expression joined by `+`; neighbouring literals are one."""
    merged: list[Word] = []
    for word in words:
        if isinstance(word, str) and merged and isinstance(merged[-1], str):
            merged[-1] += word
        else:
            merged.append(word)
    return " + ".join(literal(word) if isinstance(word, str) else variable(word.name) for word in merged)


def needs(call: Call, *places: str) -> bool:
    """Whether a credential goes to one of these places."""
    return any(credential.place in places for credential in call.credentials)


def quoted(text: str) -> str:
    r"""Text in double quotes with the escapes that JSON, Python and JavaScript share: `\"`, `\\`, `\n`, `\uXXXX`.

    What could end a script or a line is escaped too (`<`, U+2028, U+2029), and so are control and format characters: what
    is pasted looks like what it does.
    """
    told = json.dumps(text.encode("utf-8", "replace").decode(), ensure_ascii=False)
    return "".join(f"\\u{ord(each):04x}" if each == "<" or (not each.isprintable() and ord(each) < 0x10000) else each for each in told)
