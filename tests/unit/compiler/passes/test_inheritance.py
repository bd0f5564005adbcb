from __future__ import annotations

from typing import Any

import pytest

from specgw.compiler.passes.inheritance import slug
from specgw.diagnostics import FilePlace
from specgw.openapi.model import Contract, Node


class File:
    file = "specs/user-service.v2.yaml"
    value: Any = None
    version = "3.1"

    def written(self, pointer: str) -> FilePlace:
        return FilePlace(self.file)

    def line(self, number: int) -> str:
        return ""


@pytest.mark.parametrize(
    ("title", "name"), [("User Service", "user-service"), ("Ünïcode – more!", "unicode-more"), ("", "user-service"), ("©", "user-service")]
)
def test_a_service_is_called_after_its_title_or_its_file(title: str, name: str) -> None:
    assert slug(Contract(Node(File(), "", {}), "3.1", title)) == name


def test_levels_are_heard_from_gateway_yaml_to_the_operation(build: Any) -> None:
    made = build(
        {
            "gateway.yaml": "gateway: {defaults: {maxBody: 1KiB, maxDepth: 8, timeout: {total: 9s}}}",
            "users.yaml": """
                x-gateway: {service: people, maxBody: 2KiB}
                paths:
                  /users:
                    x-gateway: {timeout: {total: 7s}}
                    post:
                      x-gateway: {maxDepth: 4}
                      responses: {default: {description: ok}}
            """,
        }
    )
    [route] = made.plan.routes
    assert (route.service, route.max_body, route.max_depth, route.timeout.total) == ("people", 2048, 4, 7.0)


def test_a_path_item_that_is_referred_to_has_its_own_say(build: Any) -> None:
    made = build(
        {
            "users.yaml": "paths: {/users: {$ref: 'users.items.yaml'}}",
            "users.items.yaml!": "x-gateway: {maxBody: 3KiB}\nget: {responses: {default: {description: ok}}}\n",
        }
    )
    assert made.plan.routes[0].max_body == 3072


def test_mistakes_are_found_where_no_operation_inherits_from(build: Any, found: Any) -> None:
    made = build("paths: {}\ncomponents:\n  x-gateway:\n    slow: {timeot: 5s}\n")
    assert found(made) == [("unknown-key", "users.yaml", 7)]


def test_the_root_is_checked_although_there_are_no_operations(build: Any, found: Any) -> None:
    made = build("x-gateway: {mout: /api}\npaths: {}\n")
    assert found(made) == [("unknown-key", "users.yaml", 4)]


def test_a_path_item_merges_over_the_one_that_it_refers_to(build: Any) -> None:
    made = build(
        """
        paths:
          /a: {$ref: '#/components/pathItems/Shared'}
          /b:
            $ref: '#/components/pathItems/Shared'
            x-gateway: {timeout: {response: 1s}, maxBody: 5}
        components:
          pathItems:
            Shared:
              x-gateway: {timeout: {response: 2s, total: 3s}, visibility: internal}
              get: {responses: {default: {description: ok}}}
        """
    )
    a, b = (route for route in made.plan.routes)
    assert (a.timeout.response, a.timeout.total, a.visibility, a.max_body) == (2.0, 3.0, "internal", 1 << 20)
    assert (b.timeout.response, b.timeout.total, b.visibility, b.max_body) == (1.0, 3.0, "internal", 5)
