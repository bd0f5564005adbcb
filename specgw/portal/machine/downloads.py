"""Documents to download: each merged one, and each service's part of it, as JSON and as YAML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from specgw.portal.catalogue import Document, Volume
from specgw.portal.excerpt import excerpt, written
from specgw.portal.machine.yaml_text import yaml_text
from specgw.portal.text import Names

FOLDER = "downloads"
YAML_MARK = b"# specgw portal\n"


class Downloads:
    """The documents of a site, and which of them is whose.

    A merged document that has one service alone is that service's; others stand beside those of their services.
    """

    def __init__(self, volumes: Sequence[Volume]) -> None:
        names = Names()
        count = Counter(volume.file for volume in volumes)
        self._documents: dict[str, Document] = {}
        self._services: dict[str, str] = {}
        self._merged: dict[str, str] = {}
        for volume in volumes:
            stem = names.unique(PurePosixPath(volume.page).stem, "service")
            alone = count[volume.file] == 1
            self._services[volume.page] = stem
            self._documents[stem] = _first(volume.document) if alone else excerpt(volume)
            if alone:
                self._merged[volume.file] = stem
        for volume in volumes:
            if volume.file not in self._merged:
                self._merged[volume.file] = stem = names.unique(PurePosixPath(volume.file).stem, "openapi")
                self._documents[stem] = _first(volume.document)

    def merged(self, volume: Volume) -> str:
        """The merged document that a service is in: its place from the folder of the site, without the suffix."""
        return f"{FOLDER}/{self._merged[volume.file]}"

    def service(self, volume: Volume) -> str:
        """The document of one service, likewise."""
        return f"{FOLDER}/{self._services[volume.page]}"

    def files(self) -> dict[str, bytes]:
        """All of them."""
        made = {}
        for stem, document in self._documents.items():
            made[f"{FOLDER}/{stem}.json"] = written(document)
            made[f"{FOLDER}/{stem}.yaml"] = YAML_MARK + yaml_text(document).encode("utf-8", "replace")
        return made


def _first(document: Document) -> Document:
    """The document with its version first, by which the file is known."""
    return {"openapi": document.get("openapi", "3.1.0"), **{key: value for key, value in document.items() if key != "openapi"}}
