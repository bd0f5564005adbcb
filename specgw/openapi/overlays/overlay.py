"""One overlay as read: what it extends, and its actions with their places (Overlay Specification, section "Schema")."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from jsonpath_rfc9535 import JSONPathQuery

from specgw.diagnostics import Findings, closest, did_you_mean
from specgw.openapi.model import Document, Node, kind_of
from specgw.openapi.overlays.queries import NotAQuery, read_query

_VERSION = re.compile(r"1\.([01])(?:\.[0-9]+)?(?:-.*)?")
_FIELDS = {
    "Overlay": ("overlay", "info", "extends", "actions"),
    "Info": ("title", "version", "description"),
    "Action": ("target", "description", "update", "remove", "copy"),
}

Verb = Literal["update", "remove", "copy"]


@dataclass(frozen=True, slots=True)
class Action:
    """One Action Object that can be carried out."""

    node: Node
    target: JSONPathQuery
    verb: Verb
    source: JSONPathQuery | None = None
    """What `copy` selects."""

    @property
    def place(self) -> Node:
        """Where it says what it selects."""
        return self.node.at("target")


@dataclass(frozen=True, slots=True)
class Overlay:
    """One overlay. `extends`: the file that it is meant for; None: every document of the compile."""

    root: Node
    version: str
    """"1.0" or "1.1"."""
    actions: tuple[Action, ...]
    extends: Path | None = None


def read_overlay(document: Document, path: Path, findings: Findings) -> Overlay | None:
    """Read a parsed file as an overlay; None, with an error among the findings, where nothing of it can be applied."""
    root = Node(document, "", document.value)
    add = findings.add
    if not isinstance(root.value, dict) or "overlay" not in root.value:
        hint = "it begins with 'overlay: 1.1.0'"
        close = closest("overlay", root.value) if isinstance(root.value, dict) else None
        if close is not None:
            hint = f"write 'overlay' instead of '{close}'"
        add("not-an-overlay", root, "by its name this file is an overlay, but its root has no `overlay`", hint=hint)
        return None
    stated = root.value["overlay"]
    match = _VERSION.fullmatch(str(stated)) if isinstance(stated, str | int | float) and not isinstance(stated, bool) else None
    if match is None:
        shown = f"'{stated}'" if isinstance(stated, str | int | float) else kind_of(stated)
        add("unsupported-version", root.at("overlay"), f"{shown} is not a version of overlays that is read", hint="1.0 and 1.1 are read")
        return None
    _check(root, "Overlay", findings)
    _check_info(root, findings)
    found, extends = _extends(root, path, findings)
    actions = tuple(_actions(root, f"1.{match[1]}", findings))
    return Overlay(root, f"1.{match[1]}", actions, extends) if found else None


def _check(node: Node, kind: str, findings: Findings) -> None:
    """Report keys that the object does not have: it may be extended, but only by names that start with `x-`."""
    fields = _FIELDS[kind]
    for key in node.value:
        if key not in fields and not key.startswith("x-"):
            message = f"'{key}' is not a field of the {kind} Object of an overlay"
            absent = [field for field in fields if field not in node.value]
            close = closest(key.lower(), absent, likeness=0.75)
            if close is not None:
                findings.add("misspelt-field", node.at(key), message, hint=f"did you mean '{close}'?")
            else:
                findings.add("unknown-field", node.at(key), message, hint=f"there are: {', '.join(fields)}")


def _check_info(root: Node, findings: Findings) -> None:
    info = root.get("info")
    if info is None:
        findings.add("incomplete", root, "the overlay has no `info`", hint="add 'info: {title: …, version: …}'")
    elif not isinstance(info.value, dict):
        findings.add("wrong-type", info, f"'info' has to be a mapping, not {kind_of(info.value)}")
    else:
        _check(info, "Info", findings)
        for key in ("title", "version"):
            if key not in info.value:
                findings.add("incomplete", info, f"`info` lacks '{key}'")


def _extends(root: Node, path: Path, findings: Findings) -> tuple[bool, Path | None]:
    """Whether `extends` can be followed, and the file that it leads to."""
    said = root.get("extends")
    if said is None or said.value is None:
        return True, None
    if not isinstance(said.value, str):
        findings.add("wrong-type", said, f"'extends' has to be a string, not {kind_of(said.value)}")
        return False, None
    address = said.value.partition("#")[0]
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]+):|//", address)
    if scheme is not None and not address.startswith("file:///"):
        message = f"'{said.value}' leads to another host; documents and their overlays are files"
        name = address.rstrip("/").rpartition("/")[2] or "api.yaml"
        findings.add("overlay-without-document", said, message, hint=f"name the file: 'extends: ./{name}'")
        return False, None
    file = Path(os.path.normpath(path.parent / unquote(address.removeprefix("file://"))))
    if not file.is_file():
        from specgw.openapi.discover import closest_file

        close = closest_file(file)
        hint = f"did you mean '{close}'?" if close else "the path counts from the overlay's folder"
        findings.add("overlay-without-document", said, f"there is no file '{said.value}' that this overlay could extend", hint=hint)
        return False, None
    return True, file


def _actions(root: Node, version: str, findings: Findings) -> Iterator[Action]:
    said = root.get("actions")
    if said is None or said.value in (None, []):
        findings.add("missing-field", said or root, "the overlay has no `actions`, so that it changes nothing")
        return
    if not isinstance(said.value, list):
        findings.add("wrong-type", said, f"'actions' has to be a list, not {kind_of(said.value)}", hint="each action begins with '-'")
        return
    for node in said.elements():
        action = _action(node, version, findings)
        if action is not None:
            yield action


def _action(node: Node, version: str, findings: Findings) -> Action | None:
    add = findings.add
    if not isinstance(node.value, dict):
        add("wrong-type", node, f"an action has to be a mapping, not {kind_of(node.value)}")
        return None
    _check(node, "Action", findings)
    if "target" not in node.value:
        add("missing-field", node, "this action has no `target`", hint="a JSONPath query such as \"$.paths['/users'].get\"")
        return None
    target = _query(node.at("target"), findings)
    remove = node.value.get("remove", False)
    if not isinstance(remove, bool):
        add("wrong-type", node.at("remove"), f"'remove' has to be true or false, not {kind_of(remove)}", hint="write 'remove: true'")
        return None
    verbs: list[Verb] = [verb for verb in ("update", "copy") if verb in node.value]
    if remove:
        for verb in verbs:
            add("no-effect", node.at(verb), f"'{verb}' has no effect beside 'remove: true'", hint="make it an action of its own")
        verbs = ["remove"]
    if len(verbs) > 1:
        add("ambiguous-action", node.at("copy"), "an action has either `update` or `copy`", hint="make two actions of it")
        return None
    if not verbs:
        add("overlay-without-effect", node, "this action says neither `update` nor `copy` nor `remove: true`", hint=_meant_verb(node))
        return None
    source = None
    if verbs[0] == "copy":
        source = _query(node.at("copy"), findings)
        if source is None:
            return None
        if version == "1.0":
            message = "Overlay 1.0 has no `copy`; it is applied as 1.1 has it"
            add("overlay-of-another-version", node.at("copy"), message, hint="say 'overlay: 1.1.0'")
    return None if target is None else Action(node, target, verbs[0], source)


def _meant_verb(node: Node) -> str | None:
    """A hint where one of the keys may have been meant as what an action does."""
    others = [key for key in node.value if key not in ("target", "description")]
    close = [verb for key in others for verb in ("update", "remove", "copy") if closest(key, [verb]) is not None]
    return did_you_mean(close[0], close) if close else None


def _query(place: Node, findings: Findings) -> JSONPathQuery | None:
    if not isinstance(place.value, str):
        findings.add("wrong-type", place, f"a JSONPath query is a string, not {kind_of(place.value)}", hint="put it in quotes")
        return None
    try:
        return read_query(place.value)
    except NotAQuery as fault:
        findings.add("invalid-target", place, f"'{place.value}' is no JSONPath query (RFC 9535): {fault}", hint=fault.hint)
        return None
