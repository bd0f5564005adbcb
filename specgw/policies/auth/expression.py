"""Conditions in CEL (the Common Expression Language), compiled once: `when` of `require`.

What costs is not the expression but handing it its variables (1.5 µs against 8 µs for each that is made from Python), so
only what an expression names is made. The library knows no types before it runs, so that what can be said beforehand is
said here: names that are not there, functions that are not there, a result that is no truth value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

import cel

from specgw.diagnostics import did_you_mean
from specgw.policies.auth.base import Identity
from specgw.policies.base import Exchange

LONGEST = 4096
"""Characters of an expression."""

FUNCTIONS: Final = frozenset(
    (
        *("size", "contains", "startsWith", "endsWith", "matches"),
        *("string", "int", "uint", "double", "bytes", "type", "dyn"),
        *("duration", "timestamp"),
        *("getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear"),
        *("getHours", "getMinutes", "getSeconds", "getMilliseconds"),
    )
)
"""Those of CEL's standard definitions that the library has; macros such as `has` and `exists` are syntax."""

_STRINGS = re.compile(r"""(?:[rRbB]{0,2})(?:\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""", re.DOTALL)
_COMMENTS = re.compile(r"//[^\n]*")
_BOUND = re.compile(r"\.\s*(?:all|exists|exists_one|map|filter)\s*\(\s*([A-Za-z_]\w*)\s*,")
_NAME = re.compile(r"[A-Za-z_]\w*")


class Invalid(ValueError):
    """An expression that can never be decided; `hint` says the way out where one is known."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class Undecided(Exception):
    """An expression that could not be decided for a request, such as one that asks for a claim which is not there."""


class Expression:
    """One condition. Raises Invalid when it is made from what is none."""

    __slots__ = ("_program", "_used")

    def __init__(self, source: str) -> None:
        if len(source) > LONGEST:
            raise Invalid(f"it is longer than {LONGEST} characters")
        try:
            self._program = cel.compile(source)
        except BaseException as error:
            raise Invalid(_first_line(_checked(error))) from None
        self._used = _used(source, self._program)
        _probe(self._program)

    @property
    def used(self) -> Mapping[str, frozenset[str] | None]:
        """Which members of which variables are needed; None: all of them."""
        return self._used

    def holds(self, exchange: Exchange, identity: Identity | None) -> bool:
        """Whether it is true of a request and its caller. Raises Undecided, whose text shows no value of either."""
        variables: dict[str, dict[str, Any]] = {}
        for name, members in self._used.items():
            if name == "claims":
                claims = {} if identity is None else identity.claims
                variables[name] = {key: claims[key] for key in (claims if members is None else members) if key in claims}
            elif name == "identity":
                variables[name] = _made(IDENTITY, members, identity or NOBODY)
            else:
                variables[name] = _made(REQUEST, members, exchange)
        try:
            result = self._program.execute(variables)
        except BaseException as error:
            raise Undecided(_why(_checked(error))) from None
        if result is True or result is False:
            return bool(result)
        raise Undecided("the result is no truth value")


@dataclass(frozen=True, slots=True)
class Member:
    """Something of a request or a caller that expressions can ask for."""

    meaning: str
    make: Callable[[Any], Any]
    sample: Any = ""


def _headers(exchange: Exchange) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in exchange.headers:
        key, text = name.decode("latin-1"), value.decode("utf-8", "replace")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def _query(exchange: Exchange) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in (exchange.query or b"").decode("latin-1").split("&"):
        if pair:
            name, _, value = (unquote(part.replace("+", " "), errors="replace") for part in pair.partition("="))
            found[name] = f"{found[name]},{value}" if name in found else value
    return found


def _host(exchange: Exchange) -> str:
    return next((value.decode("latin-1") for name, value in exchange.headers if name == b"host"), "")


REQUEST: Final[Mapping[str, Member]] = {
    "method": Member("the method, in capitals", lambda exchange: exchange.method),
    "path": Member("the public path, as it was sent: percent-escapes untouched", lambda exchange: exchange.path.decode("latin-1")),
    "parameters": Member(
        "path parameters by name, percent-decoded",
        lambda exchange: {name: unquote(value, errors="replace") for name, value in exchange.path_values.items()},
        {},
    ),
    "query": Member("query parameters by name; several of one name are joined by `,`", _query, {}),
    "headers": Member("header fields by lower-case name; several of one name are joined by `, `", _headers, {}),
    "host": Member("the `Host` that was asked for, with its port", _host),
    "client": Member("the client's address; behind a trusted proxy the one that it tells", lambda exchange: exchange.client),
    "scheme": Member("`http` or `https`", lambda exchange: exchange.scheme),
}
IDENTITY: Final[Mapping[str, Member]] = {
    "scheme": Member("name of the security scheme that was verified", lambda identity: identity.scheme),
    "subject": Member("`sub` of a token, id of a key, name of a user, subject of a certificate", lambda identity: identity.subject),
    "consumer": Member("the consumer, empty where none is known", lambda identity: identity.consumer or ""),
    "scopes": Member("list of scopes", lambda identity: sorted(identity.scopes), []),
    "roles": Member("list of roles", lambda identity: sorted(identity.roles), []),
}
VARIABLES: Final[Mapping[str, Mapping[str, Member] | None]] = {"request": REQUEST, "identity": IDENTITY, "claims": None}
"""None: its members are not known beforehand."""

NOBODY = Identity("", "")


def _made(members: Mapping[str, Member], wanted: frozenset[str] | None, source: object) -> dict[str, Any]:
    return {name: members[name].make(source) for name in (members if wanted is None else wanted)}


def _used(source: str, program: cel.Program) -> dict[str, frozenset[str] | None]:
    """The variables and their members that an expression names. Raises Invalid for what is not there."""
    plain = _COMMENTS.sub("", _STRINGS.sub('""', source))
    bound = set(_BOUND.findall(plain))
    for name in program.functions():
        if _NAME.fullmatch(name) and name not in FUNCTIONS:
            raise Invalid(f"there is no function '{name}'", did_you_mean(name, sorted(FUNCTIONS)))
    used: dict[str, frozenset[str] | None] = {}
    for name in program.variables():
        if name in bound:
            continue
        if name not in VARIABLES:
            raise Invalid(f"there is no '{name}'", did_you_mean(name, sorted(VARIABLES)))
        found = re.findall(rf"(?<![\w.]){name}\b(\s*\.\s*([A-Za-z_]\w*))?", plain)
        members = None if not found or any(not dotted for dotted, _ in found) else frozenset(member for _, member in found)
        known = VARIABLES[name]
        if known is not None and members is not None:
            for member in sorted(members - known.keys()):
                raise Invalid(f"'{name}' has no '{member}'", did_you_mean(member, list(known)))
        used[name] = members
    return used


def _probe(program: cel.Program) -> None:
    """Run it once with nothing, to see what comes out where that does not depend on the request."""
    variables = {
        name: {} if members is None else {key: member.sample for key, member in members.items()} for name, members in VARIABLES.items()
    }
    try:
        result = program.execute(variables)
    except BaseException as error:
        _checked(error)
        return
    if not isinstance(result, bool):
        raise Invalid("its result is no truth value", "compare it with something, such as `claims.sub == 'ada'`")


def _checked(error: BaseException) -> BaseException:
    """What the library raises is no fault of ours, a panic in it included; what ends the process is nobody's to catch."""
    if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
        raise error
    return error


def _first_line(error: BaseException) -> str:
    found = re.search(r"ERROR: <input>:(\d+):(\d+): (.*)", str(error))
    if found is None:
        return "it cannot be read"
    return f"line {found[1]}, column {found[2]}: {found[3]}"


def _why(error: BaseException) -> str:
    if isinstance(error, KeyError):
        return "something that it asks for is not there"
    if isinstance(error, TypeError):
        return "types do not fit"
    return "division by zero" if isinstance(error, ZeroDivisionError) else "it failed"
