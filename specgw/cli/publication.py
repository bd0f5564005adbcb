"""The portal of documents, rendered by the child process that has compiled them, while the gateway serves already.

So the documents are read once, nothing that a reader might never ask for is done before the first answer, and nothing of it
stays in the memory of the server but the packed pages.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    # The child is to begin at once: it needs none of them to read this file.
    from specgw.compiler.build import Build
    from specgw.compiler.process import Compiling

MODULE = "specgw.cli.publication"
"""What the child runs."""
PATIENCE = 300.0
"""Seconds for a whole portal."""


def mark(plan: bytes, folder: str) -> str:
    """The same for the same (encoded) plan in the same place."""
    return hashlib.sha256(plan + folder.encode()).hexdigest()


async def rendered(child: Compiling) -> dict[str, bytes]:
    """The portal of what a child has compiled, packed, by path. Raises ChildFailed."""
    return msgspec.msgpack.decode(await child.further(limit=PATIENCE), type=dict[str, bytes])


def pages(build: Build) -> bytes:
    """The child's side: portal/… and the merged documents, packed, by path."""
    from specgw.cli.publishing import published
    from specgw.compiler.generated import document_bytes
    from specgw.dataplane.site import packed
    from specgw.portal import site

    files = {name: document_bytes(document) for name, document in build.merged.items()}
    files |= {f"portal/{name}": content for name, content in site.render(published(build)).items()}
    return msgspec.msgpack.encode(packed(files))


if __name__ == "__main__":
    from specgw.compiler.child import converse

    converse(pages)
