"""The order of the policies: one list, each place with its reason. There are no priorities.

A request meets them from top to bottom, its answer from bottom to top.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from specgw.plan.model import Plan, Route, Scheme
from specgw.policies import edits, validation, websocket
from specgw.policies.auth import authentication, forgery, handover, requirement
from specgw.policies.auth.base import Services, Verifier
from specgw.policies.auth.credentials import cookie_credentials, query_credentials
from specgw.policies.auth.resource import Resource, mount_of, resources
from specgw.policies.auth.schemes import verifiers
from specgw.policies.validation.validators import Validators


@dataclass(frozen=True, slots=True)
class Equipment:
    """What the policies of one Plan are built with, beside their route: shared by all of its routes."""

    validators: Validators
    services: Services = field(default_factory=Services)
    schemes: Mapping[str, Scheme] = field(default_factory=dict)
    verifiers: Mapping[str, Verifier] = field(default_factory=dict)
    resources: Mapping[str, Resource] = field(default_factory=dict)
    """By the mount of routes."""
    query: frozenset[str] = frozenset()
    """Query parameters that are known though no document declares them."""


Build = Callable[[Route, Equipment], Any]

ORDER: tuple[tuple[str, Build, str], ...] = (
    (
        "authentication",
        lambda route, made: authentication.build(
            route, made.schemes, made.verifiers, made.services.attempts, made.resources.get(mount_of(route))
        ),
        "first: nobody learns about an operation that they may not call",
    ),
    (
        "forged requests",
        lambda route, made: forgery.build(route) if cookie_credentials(route, made.schemes) else None,
        "behind authentication: only what a cookie authenticated can be forged",
    ),
    (
        "requirement",
        lambda route, made: requirement.build(route, made.schemes, made.resources.get(mount_of(route))),
        "behind authentication, which says who calls; before validation, since it is about whether they may",
    ),
    (
        "websocket opening",
        lambda route, _: websocket.build(route),
        "before validation: a page of another origin learns nothing about the contract",
    ),
    (
        "request validation",
        lambda route, made: validation.build(route, made.validators, query_credentials(route, made.schemes) | made.query),
        "before anything is changed: the contract speaks of what the client sent",
    ),
    (
        "handover",
        lambda route, made: handover.build(route, made.schemes),
        "after validation, since a document may declare a credential as a parameter; before edits, which may use who calls",
    ),
    ("request fields", lambda route, _: edits.build_request_fields(route), "after validation, so that the service gets them as edited"),
    ("query", lambda route, _: edits.build_query(route), "likewise"),
    (
        "response fields",
        lambda route, _: edits.build_response_fields(route),
        "on the way back after validation, so that clients get them as edited",
    ),
    (
        "response validation",
        lambda route, made: validation.build_response(route, made.validators),
        "last, so that it is the first to see the answer: the contract speaks of what the service sent",
    ),
)


def equip(plan: Plan, services: Services) -> Equipment:
    """What the policies of a (prepared) Plan are built with."""
    described = resources(plan, services.issuers)
    return Equipment(Validators(plan.schemas), services, plan.schemes, verifiers(plan, services), described)


def build(route: Route, equipment: Equipment) -> list[Any]:
    """The policies that a route uses, in order."""
    made = (make(route, equipment) for _, make, _ in ORDER)
    return [policy for policy in made if policy is not None]
