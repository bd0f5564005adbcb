"""llms.txt: what there is and where, for language models (llmstxt.org)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from specgw.portal.catalogue import Volume
from specgw.portal.errors import PAGE
from specgw.portal.machine.downloads import Downloads
from specgw.portal.machine.writing import harmless, plain
from specgw.portal.text import clipped

FILE = "llms.txt"
_LONGEST = 300


def llms(brand: str, volumes: Sequence[Volume], guides: Mapping[str, str], downloads: Downloads, *, changelog: bool) -> bytes:
    """A title, a summary, and a section of links for each service, for guides and for documents. `guides`: titles by name."""
    count = sum(volume.count for volume in volumes)
    services = f"{len(volumes)} service{'' if len(volumes) == 1 else 's'}"
    lines = [
        f"# {plain(brand)}",
        "",
        f"> The HTTP API of {services} behind one gateway, with {count} operation{'' if count == 1 else 's'}. Each operation has a "
        "Markdown file that says all about it: parameters, bodies, answers, credentials, limits.",
        "",
        "Requests that break the contract are answered with problems (RFC 9457), whose `type` is stable.",
        "",
    ]
    for volume in volumes:
        lines += [f"## {plain(volume.title)}{f' {plain(volume.version)}' if volume.version else ''}", ""]
        for group in volume.groups:
            for entry in group.entries:
                note = f"{entry.method} {entry.path}" + (f": {entry.summary}" if entry.summary not in (entry.title, "") else "")
                gone = " (deprecated)" if entry.deprecated else ""
                lines.append(f"- [{plain(entry.title)}](operations/{entry.sheet}): {plain(clipped(note, _LONGEST))}{gone}")
        lines.append("")
    if guides:
        lines += ["## Guides", "", *(f"- [{plain(title)}](guides/{name}.html)" for name, title in guides.items()), ""]
    lines += ["## Documents", ""]
    for volume in volumes:
        stem = downloads.service(volume)
        lines.append(f"- [{plain(volume.title)} (JSON)]({stem}.json): OpenAPI 3.1, also as [YAML]({stem}.yaml)")
    for stem in dict.fromkeys(downloads.merged(volume) for volume in volumes):
        if all(downloads.service(volume) != stem for volume in volumes):
            lines.append(f"- [All services (JSON)]({stem}.json): OpenAPI 3.1, also as [YAML]({stem}.yaml)")
    lines += ["", "## Optional", "", f"- [Problems]({PAGE}): what the gateway itself answers, by status"]
    lines += ["- [Changelog](changes.html): what clients noticed from build to build"] if changelog else []
    return ("\n".join(map(harmless, lines)) + "\n").encode("utf-8", "replace")
