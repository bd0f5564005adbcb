"""A call with JavaScript and fetch, as a module for Node.js 18 or later; in a page, secrets come from somewhere else."""

from __future__ import annotations

import json
import re
from typing import Any

from specgw.portal.json_text import json_text
from specgw.portal.samples.call import FILE, Call, Content
from specgw.portal.samples.words import Word, address, expression, fields, needs, quoted

_FORBIDDEN = ("CONNECT", "TRACE", "TRACK")
_LONG = re.compile(r"\d{16}")


def javascript(call: Call) -> str:
    """The call as a module; secrets are read from the environment. Empty: fetch cannot do it.

    That are methods that the Fetch standard forbids, a body of GET or HEAD, certificates of clients, and Digest.
    """
    if call.method in _FORBIDDEN or (call.method in ("GET", "HEAD") and call.content is not None) or needs(call, "certificate", "digest"):
        return ""
    lines: list[str] = []
    told = [(name, _written(words)) for name, words in fields(call)]
    if needs(call, "basic"):
        told.append(("Authorization", '"Basic " + btoa(process.env.USERNAME + ":" + process.env.PASSWORD)'))
    options = [] if call.method == "GET" else [f"method: {quoted(call.method)}"]
    if told:
        options.append("headers: {\n" + "".join(f"    {quoted(name)}: {value},\n" for name, value in told) + "  }")
    if call.content is not None:
        before, body = _content(call.content)
        lines += before
        options.append(f"body: {body}" if body != "body" else "body")
    where = _written(address(call))
    if options:
        lines.append(f"const response = await fetch({where}, {{\n" + "".join(f"  {option},\n" for option in options) + "});")
    else:
        lines.append(f"const response = await fetch({where});")
    return "\n".join([*lines, "console.log(response.status);", "console.log(await response.text());"])


def _written(words: list[Word]) -> str:
    return expression(words, quoted, lambda name: f"process.env.{name}")


def _content(content: Content) -> tuple[list[str], str]:
    """What has to be there before, and the body."""
    opening = 'import { openAsBlob } from "node:fs";\n'
    if content.media_type == "multipart/form-data":
        lines = ["const body = new FormData();"]
        for name, text in content.parts:
            lines.append(f"body.append({quoted(name)}, " + (f'await openAsBlob("{FILE}")' if text is None else quoted(text)) + ");")
        return ([opening] if any(text is None for _, text in content.parts) else []) + lines, "body"
    if content.text is None:
        return [opening], f'await openAsBlob("{FILE}")'
    # A literal is not what JSON is for `__proto__`, nor for integers that a double cannot hold.
    if content.value and "__proto__" not in content.text and not _LONG.search(content.text):
        return [], f"JSON.stringify({json_text(content.value[0], '  ', _scalar)})"
    return [], quoted(content.text)


def _scalar(value: Any) -> str:
    return quoted(value) if isinstance(value, str) else json.dumps(value)
