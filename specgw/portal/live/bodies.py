"""What pages send with a change: small JSON objects, read exactly, with every fault told beside its field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from specgw import problems
from specgw.http import Request, parse_media_type
from specgw.policies.validation import strict_json
from specgw.problems import Problem, Violation

LARGEST = 4096
"""Bytes of a body."""
LONGEST_NAME = 80
"""Characters of a key's name."""
MOST_DAYS = 3650

DAY = 86400
LONGEST_OVERLAP = 30 * DAY

# What no name needs, and what could make it look like another one: controls, surrogates, private use, directions of writing.
_UNFIT = frozenset(("Cc", "Cs", "Co", "Cn", "Zl", "Zp"))
_TURNING = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class Refused(Exception):
    """A body that cannot be taken; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


@dataclass(slots=True)
class Members:
    """The members of a body, taken one by one."""

    said: Mapping[str, Any]
    faults: list[Violation] = field(default_factory=list)

    @classmethod
    def of(cls, request: Request) -> Members:
        """Those of a request; raises Refused for what is no JSON object."""
        types = request.values(b"content-type")
        media = parse_media_type(types[0].decode("latin-1")) if len(types) == 1 else None
        if media is None or media.essence != "application/json" or request.values(b"content-encoding"):
            raise Refused(Problem(problems.UNSUPPORTED_MEDIA_TYPE, "this takes application/json, and no content coding"))
        try:
            said = strict_json.read(request.body, 4)
        except strict_json.Unreadable as error:
            raise Refused(_refusal([Violation("body", str(error), "syntax")])) from None
        if not isinstance(said, dict):
            raise Refused(_refusal([Violation("body", "must be an object", "type")]))
        return cls(said)

    def name(self) -> str:
        """How a key is called: 1 to 80 characters that everybody can read."""
        value = self.said.get("name")
        name = " ".join(value.split(" ")).strip() if isinstance(value, str) else ""
        if not name:
            self._fault("name", "is needed: say what the key is for", "required")
        elif len(name) > LONGEST_NAME:
            self._fault("name", f"has at most {LONGEST_NAME} characters", "maxLength")
        elif any(unicodedata.category(character) in _UNFIT for character in name) or _TURNING.search(name):
            self._fault("name", "has characters that cannot be shown", "pattern")
        return name

    def lifetime(self, longest: float | None) -> float | None:
        """Seconds for which a key is good, from `days`; None for ever, where that is allowed."""
        most = MOST_DAYS if longest is None else max(1, int(longest // DAY))
        days = self.said.get("days")
        if days is None:
            return longest
        if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= most:
            self._fault("days", f"must be a whole number from 1 to {most}", "maximum")
            return None
        return days * DAY if longest is None else min(days * DAY, longest)

    def overlap(self) -> float:
        """Seconds for which the key that is replaced stays good, from `overlap`."""
        seconds = self.said.get("overlap")
        if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 <= seconds <= LONGEST_OVERLAP:
            self._fault("overlap", f"must be a whole number of seconds from 0 to {LONGEST_OVERLAP}", "maximum")
            return 0
        return seconds

    def done(self, *known: str) -> None:
        """Raises Refused with every fault, of members too that mean nothing here."""
        for name in self.said:
            if name not in known:
                self.faults.append(Violation("body", "there is a member that means nothing here", "additionalProperties"))
                break
        if self.faults:
            raise Refused(_refusal(self.faults))

    def _fault(self, name: str, message: str, keyword: str) -> None:
        self.faults.append(Violation("body", message, keyword, pointer=f"/{name}"))


def _refusal(faults: list[Violation]) -> Problem:
    return Problem(problems.INVALID_REQUEST, "the body is not what is wanted here", tuple(faults))
