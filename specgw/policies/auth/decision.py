"""Whether a caller may go on: the rule of OpenAPI (section "Security Requirement Object"), and nothing else.

"Only one of the Security Requirement Objects in the list needs to be satisfied"; within one, all schemes, each with all
that is listed for it; "an empty security requirement ({}) [makes] security optional".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from specgw.plan.model import SecurityScheme
from specgw.policies.auth.base import Identity, Refusal, Verdict

Alternatives = Sequence[Sequence[SecurityScheme]]


@dataclass(slots=True)
class Granted:
    """The caller may go on; who it is, one for each scheme of the alternative that is satisfied. Empty: nobody knows."""

    identities: tuple[Identity, ...] = ()


@dataclass(frozen=True, slots=True)
class Denied:
    """No alternative is satisfied.

    `lacking`: where an alternative is fully authenticated, what it lacks of scopes and roles. `unavailable`: an
    alternative could be satisfied if somebody could be asked.
    """

    lacking: tuple[str, ...] = ()
    unavailable: bool = False


def decide(alternatives: Alternatives, verdicts: Mapping[str, Verdict]) -> Granted | Denied:
    """Hold verdicts, by the keys of schemes in the Plan, against the alternatives; the first that is satisfied counts.

    One that asks for something goes before an empty one, wherever it stands, so that whoever says who they are is known.
    """
    lacking: tuple[str, ...] | None = None
    unavailable = optional = False
    for alternative in alternatives:
        if not alternative:
            optional = True
            continue
        # Plain loops: this runs for every request.
        identities: list[Identity] = []
        missing: list[str] = []
        for required in alternative:
            verdict = verdicts[required.scheme]
            if not isinstance(verdict, Identity):
                break
            identities.append(verdict)
            for name in required.scopes:
                if name not in verdict.scopes and not (required.roles and name in verdict.roles):
                    missing.append(name)
        else:
            if not missing:
                return Granted(tuple(identities))
            lacking = lacking or tuple(dict.fromkeys(missing))
            continue
        unavailable = unavailable or all(_open(verdicts[required.scheme]) for required in alternative)
    if optional or not alternatives:
        return Granted()
    return Denied(lacking or (), unavailable)


def _open(verdict: Verdict) -> bool:
    """Whether credentials are good, or nobody could say."""
    return isinstance(verdict, Identity) or (isinstance(verdict, Refusal) and verdict.error == "unavailable")


def merged(identities: Sequence[Identity]) -> Identity | None:
    """One identity out of those of an alternative: the first that has a subject, with what all of them are allowed.

    Its `scheme` names all of them, with a blank between. None where none has a subject: nobody verified who it is.
    """
    if len(identities) == 1:
        return identities[0] if identities[0].subject else None
    known = [identity for identity in identities if identity.subject]
    if len(known) < 2:
        return known[0] if known else None
    first = known[0]
    expiries = [identity.expires for identity in known if identity.expires is not None]
    return Identity(
        " ".join(identity.scheme for identity in known),
        first.subject,
        next((identity.consumer for identity in known if identity.consumer is not None), None),
        frozenset().union(*(identity.scopes for identity in known)),
        frozenset().union(*(identity.roles for identity in known)),
        {name: value for identity in reversed(known) for name, value in identity.claims.items()},
        min(expiries, default=None),
    )
