"""What is wrong with a value, told in the author's words: the answer of the models turned into findings."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import Tag, ValidationError

from specgw.diagnostics import Findings, closest, did_you_mean
from specgw.openapi.model import Node
from specgw.xgateway.tree import Tree, place, plain
from specgw.xgateway.vocabulary.part import Later, Part
from specgw.xgateway.vocabulary.routing import kind

Path = tuple[str | int, ...]
Model = TypeVar("Model", bound=Part)

_RESOLVED_IN = (
    "'${NAME}' is resolved in host, port, publicUrl and tls of 'listen' and 'admin', in upstream URLs, header values, "
    "'telemetry.accessLog', 'state' and 'specs', in keys of consumers, and in security schemes in URLs, files and secrets"
)

# Paths begin below these.
_UNNAMED = ("x-gateway", "gateway.yaml")

_TYPES = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "'true' or 'false'",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "too_short": "a list with at least one entry",
}


def sound(model: type[Model], tree: Tree, name: str, findings: Findings) -> tuple[Model, dict[str, Tree]]:
    """What a mapping says where it is right, typed and as trees; a finding at the exact place for each thing that is not.

    A key with anything wrong inside is left out as a whole. `name` is how the mapping is called in messages. What cannot
    be enforced yet is a finding too, and stays.
    """
    known = dict(tree.children or {})
    _refuse_unbuilt(model, tree, name, findings)
    try:
        return model.model_validate(plain(tree)), known
    except ValidationError as error:
        report(model, error, tree, name, findings)
        for key in {str(detail["loc"][0]) for detail in error.errors(include_url=False, include_input=False) if detail["loc"]}:
            known.pop(key, None)
    return model.model_validate(plain(Tree(tree.node, known))), known


def report(model: type[Part], error: ValidationError, tree: Tree, name: str, findings: Findings) -> None:
    """Add a finding for each thing that is wrong."""
    value = plain(tree)
    for detail in error.errors(include_url=False):
        path, holder, at_key = _trace(model, detail["loc"])
        context = detail.get("ctx", {})
        fault = detail["type"]
        if fault == "extra_forbidden":
            _unknown(holder, path, tree, name, findings)
        elif fault == "missing":
            message = f"{_quoted(path[:-1], name)} lacks the key '{path[-1]}'"
            findings.add("missing-key", place(tree, path[:-1]), message)
        else:
            phrase = context.get("phrase") or _phrase(fault, context, detail["msg"])
            hint = context.get("hint")
            found = path[-1] if at_key else _at(value, path)
            code = fault if fault == "invalid-variable" else "wrong-value"
            if code == "wrong-value" and isinstance(found, str) and "${" in found and not context.get("resolves"):
                code, hint = "variable-not-allowed", _RESOLVED_IN
            if hint is None and fault == "literal_error" and isinstance(found, str | bool):
                words = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
                # YAML 1.1 read `on` and `off` as booleans, and people still write one for the other.
                close = closest(found if isinstance(found, str) else "on" if found else "off", words)
                hint = None if close is None else f"did you mean '{close}'?"
            subject = f"'{found}' in {_quoted(path[:-1], name)}" if at_key else _quoted(path, name)
            shown = "" if at_key or context.get("secret") else _not(found, phrase)
            findings.add(code, place(tree, path), f"{subject} must be {phrase}{shown}", hint=hint)


def _refuse_unbuilt(model: type[Part], tree: Tree, name: str, findings: Findings) -> None:
    """Add a finding for each use of what is part of the vocabulary and cannot be enforced yet, in a value right or wrong."""
    for path, value in _unbuilt(model, plain(tree), ()):
        what = _quoted(path, name) if value is None else f"'{dotted(path, name)}: {value}'"
        not_built(what, place(tree, path), findings)


def not_built(what: str, where: Any, findings: Findings) -> None:
    """Add the finding that something is known and refused."""
    message = f"{what} is part of the vocabulary, but this version cannot enforce it yet; it is refused rather than ignored"
    findings.add("not-built-yet", where, message, hint="leave it out until then")


def unknown_upstream(name: str, where: Node, known: Collection[str], findings: Findings) -> None:
    """Add the finding that no upstream has this name."""
    hint = did_you_mean(name, known) or "gateway.yaml names none; a URL works too: 'upstream: http://127.0.0.1:8081'"
    findings.add("unknown-upstream", where, f"there is no upstream '{name}' in gateway.yaml", hint=hint)


def suggestion(word: str, allowed: Iterable[str]) -> str:
    """A hint with the closest name, if one is close, and all of them."""
    names = sorted(allowed)
    every = "allowed: " + ", ".join(names)
    close = closest(word, names)
    return every if close is None else f"did you mean '{close}'? ({every})"


def dotted(path: Iterable[str | int], name: str = "x-gateway") -> str:
    """A path as people write it: `upstream[0].match`; `name` stands for the empty path."""
    text = "" if name in _UNNAMED else name
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text or name


def _quoted(path: Iterable[str | int], name: str) -> str:
    return f"'{dotted(path, name)}'"


def _unknown(holder: type[Part] | None, path: Path, tree: Tree, name: str, findings: Findings) -> None:
    key = str(path[-1])
    allowed = [info.alias or field for field, info in holder.model_fields.items()] if holder else []
    reason = holder.astray.get(key) if holder else None
    where = _quoted(path[:-1], name)
    if key == "$ref":
        reason = "a '$ref' stands directly in 'x-gateway' and names a block of 'components.x-gateway'"
    findings.add("unknown-key", place(tree, path), f"unknown key '{key}' in {where}", hint=reason or suggestion(key, allowed))


def _phrase(fault: str, context: dict[str, Any], message: str) -> str:
    if fault == "literal_error":
        expected = str(context["expected"])
        return "one of " + expected.replace(" or ", ", ") if ", " in expected else expected
    if fault == "greater_than_equal":
        return f"at least {context['ge']}"
    if fault == "less_than_equal":
        return f"at most {context['le']}"
    return _TYPES.get(fault, message)


def _not(found: Any, phrase: str) -> str:
    """What stands there instead, unless the phrase says already that it is of the right kind."""
    if isinstance(found, dict):
        return "" if phrase.startswith("a mapping") else ", not a mapping"
    if isinstance(found, list):
        return "" if phrase.startswith("a list ") else ", not a list"
    if found is None:
        return ", not empty (null)"
    text = f"'{found}'" if isinstance(found, str) else f"the number {found}" if not isinstance(found, bool) else f"'{json.dumps(found)}'"
    return f", not {text if len(text) <= 60 else text[:56] + '…' + text[-1]}"


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _unbuilt(annotation: Any, value: Any, path: Path) -> Iterator[tuple[Path, str | None]]:
    """Paths to what is marked `Later`, with the value where only that is."""
    annotation = _bare(annotation)
    tagged = {tag: member for member in _members(annotation) if (tag := _tag(member)) is not None}
    if tagged:
        annotation = _bare(tagged.get(kind(value) or "", Any))
    if isinstance(value, dict):
        if isinstance(annotation, type) and issubclass(annotation, Part):
            for field, info in annotation.model_fields.items():
                key = info.alias or field
                said = value.get(key)
                later = next((mark for mark in info.metadata if isinstance(mark, Later)), None)
                if said is None:
                    continue
                if later is None:
                    yield from _unbuilt(info.annotation, said, (*path, key))
                elif not later.values:
                    yield (*path, key), None
                elif said in later.values:
                    yield (*path, key), said
        elif get_origin(annotation) is dict:
            for key, said in value.items():
                yield from _unbuilt(get_args(annotation)[1], said, (*path, key))
    elif isinstance(value, list) and get_origin(annotation) is list:
        for index, said in enumerate(value):
            yield from _unbuilt(get_args(annotation)[0], said, (*path, index))


def _trace(model: type[Part], loc: Path) -> tuple[Path, type[Part] | None, bool]:
    """The path of real keys in an error's location, the model that holds the last of them, and whether the key is meant.

    Pydantic puts the tags of unions between the keys, and `[key]` behind one that is wrong itself.
    """
    path: list[str | int] = []
    holder: type[Part] | None = None
    annotation: Any = model
    below_mapping = False
    for step in loc:
        if below_mapping and step == "[key]":
            return tuple(path), holder, True
        below_mapping = False
        annotation = _bare(annotation)
        members = {tag: member for member in _members(annotation) if (tag := _tag(member)) is not None}
        if members:
            annotation = members[str(step)]
            continue
        path.append(step)
        arguments = get_args(annotation)
        if isinstance(annotation, type) and issubclass(annotation, Part):
            holder = annotation
            info = next((info for field, info in holder.model_fields.items() if (info.alias or field) == step), None)
            annotation = Any if info is None else info.annotation
        else:
            below_mapping = get_origin(annotation) is dict
            annotation = arguments[-1] if arguments else Any
    return tuple(path), holder, False


def _bare(annotation: Any) -> Any:
    """A type without its annotations and without None."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif (members := _members(annotation)) and len(present := [member for member in members if member is not NoneType]) == 1:
            annotation = present[0]
        else:
            return annotation


def _members(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else ()


def _tag(member: Any) -> str | None:
    if get_origin(member) is Annotated:
        return next((mark.tag for mark in get_args(member)[1:] if isinstance(mark, Tag)), None)
    return None
