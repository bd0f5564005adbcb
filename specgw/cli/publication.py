"""The portal of documents, rendered in a child process while the gateway serves already.

It reads the documents once more: so nothing that a reader might never ask for is done before the first answer, and nothing of
it stays in the memory of the server but the packed pages.
"""

from __future__ import annotations

import hashlib
import os
import sys

import msgspec

from specgw.compiler.inputs import Inputs
from specgw.compiler.messages import Request
from specgw.compiler.process import in_child

PATIENCE = 300.0
"""Seconds for a whole portal."""


class Publication(msgspec.Struct, frozen=True):
    """What the child gives back."""

    mark: str
    """That of the plan that the pages are about; empty where the documents have errors."""
    files: dict[str, bytes]
    """Packed, by path: portal/… and the merged documents."""


def mark(plan: bytes, folder: str) -> str:
    """The same for the same (encoded) plan in the same place."""
    return hashlib.sha256(plan + folder.encode()).hexdigest()


async def render_in_child(inputs: Inputs) -> Publication:
    """The portal of some documents. Raises ChildFailed."""
    output = await in_child("specgw.cli.publication", Request.of(inputs, strict=False), PATIENCE)
    return msgspec.msgpack.decode(output, type=Publication)


def answer(request: Request) -> Publication:
    """The child's side: compile what is named, and render it."""
    from specgw.cli.publishing import published
    from specgw.compiler.compile import compile_documents
    from specgw.compiler.generated import document_bytes
    from specgw.dataplane.site import packed
    from specgw.plan.codec import encode
    from specgw.portal import site

    build = compile_documents(request.inputs())
    if build.plan is None:
        return Publication("", {})
    files = {name: document_bytes(document) for name, document in build.merged.items()}
    files |= {f"portal/{name}": content for name, content in site.render(published(build)).items()}
    return Publication(mark(encode(build.plan), "" if build.folder is None else str(build.folder)), packed(files))


if __name__ == "__main__":
    os.nice(10)  # whoever calls the gateway comes first
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer(msgspec.json.decode(sys.stdin.buffer.read(), type=Request))))
    sys.stdout.buffer.flush()
    os._exit(os.EX_OK)
