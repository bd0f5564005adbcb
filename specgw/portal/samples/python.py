"""A call with Python and httpx."""

from __future__ import annotations

from typing import Any

from specgw.portal.json_text import json_text
from specgw.portal.samples.call import FILE, Call, Content
from specgw.portal.samples.words import Word, address, expression, fields, needs, quoted


def python(call: Call) -> str:
    """The call as a program; secrets are read from the environment."""
    lines = ["import os", *(["import ssl"] if needs(call, "certificate") else []), "", "import httpx", ""]
    options = [quoted(call.method), _written(address(call))]
    told = fields(call)
    if told:
        inside = "".join(f"        {quoted(name)}: {_written(words)},\n" for name, words in told)
        options.append(f"headers={{\n{inside}    }}")
    if needs(call, "basic"):
        options.append('auth=(os.environ["USERNAME"], os.environ["PASSWORD"])')
    if needs(call, "digest"):
        options.append('auth=httpx.DigestAuth(os.environ["USERNAME"], os.environ["PASSWORD"])')
    if needs(call, "certificate"):
        lines += ["context = ssl.create_default_context()", 'context.load_cert_chain(os.environ["CERTIFICATE"])']
        options.append("verify=context")
    if call.content is not None:
        options.append(_content(call.content))
    arguments = "".join(f"    {option},\n" for option in options)
    lines += [f"response = httpx.request(\n{arguments})", "print(response.status_code)", "print(response.text)"]
    return "\n".join(lines)


def _written(words: list[Word]) -> str:
    return expression(words, quoted, lambda name: f"os.environ[{quoted(name)}]")


def _content(content: Content) -> str:
    if content.media_type == "multipart/form-data":
        opened = [
            f"        ({quoted(name)}, " + (f'open("{FILE}", "rb")' if text is None else f"(None, {quoted(text)})") + "),\n"
            for name, text in content.parts
        ]
        return "files=[\n" + "".join(opened) + "    ]"
    if content.text is None:
        return f'content=open("{FILE}", "rb")'
    if content.value:
        return f"json={json_text(content.value[0], '    ', _scalar)}"
    return f"content={quoted(content.text)}.encode()"


def _scalar(value: Any) -> str:
    return quoted(value) if isinstance(value, str) else repr(value)
