from __future__ import annotations

from typing import Any

OK = "responses: {default: {description: ok}}"


def ids(build: Any) -> list[str]:
    return [route.id for route in build.plan.routes]


def test_a_route_is_called_by_its_operation_id(build: Any) -> None:
    assert ids(build(f"paths: {{/a: {{get: {{operationId: listA, {OK}}}}}}}")) == ["listA"]


def test_without_one_it_is_called_by_method_and_path(build: Any) -> None:
    assert ids(build(f"x-gateway: {{mount: /api}}\npaths: {{/a: {{get: {{{OK}}}}}}}")) == ["GET /api/a"]


def test_where_documents_share_an_operation_id_neither_has_it(build: Any) -> None:
    made = build(
        {"a.yaml": f"paths: {{/a: {{get: {{operationId: list, {OK}}}}}}}", "b.yaml": f"paths: {{/b: {{get: {{operationId: list, {OK}}}}}}}"}
    )
    assert ids(made) == ["GET /a", "GET /b"]
    assert [route.operation_id for route in made.plan.routes] == ["list", "list"]


def test_what_hosts_tell_apart_is_called_by_its_host(build: Any) -> None:
    text = f"x-gateway: {{host: HOST}}\npaths: {{/a: {{get: {{{OK}}}}}}}"
    made = build({"a.yaml": text.replace("HOST", "a.example"), "b.yaml": text.replace("HOST", "b.example")})
    assert ids(made) == ["GET /a (a.example)", "GET /a (b.example)"]


def test_what_conditions_tell_apart_is_numbered(build: Any) -> None:
    text = f"paths: {{/a: {{x-gateway: {{match: {{query: {{v: VALUE}}}}}}, get: {{{OK}}}}}}}"
    made = build({"a.yaml": text.replace("VALUE", "'1'"), "b.yaml": text.replace("VALUE", "'2'")})
    assert ids(made) == ["GET /a", "GET /a #2"]


def test_routes_are_sorted_by_path_method_and_host(build: Any) -> None:
    made = build(f"paths: {{/b: {{post: {{{OK}}}, get: {{{OK}}}}}, /a: {{put: {{{OK}}}}}}}")
    assert [(route.path, route.method) for route in made.plan.routes] == [("/a", "PUT"), ("/b", "GET"), ("/b", "POST")]


def test_every_setting_arrives(build: Any) -> None:
    made = build(
        """
        x-gateway:
          visibility: internal
          validate: {request: report, unknownQuery: reject, formats: false}
          maxResponse: 2KiB
          encodedSlash: allow
          headers: {request: {set: {X-A: a}}, response: {remove: [Server]}}
          query: {request: {rename: {q: search}}}
          timeout: {response: 2s}
        paths: {/a: {get: {deprecated: true, security: [{}], responses: {default: {description: ok}}}}}
        """
    )
    [route] = made.plan.routes
    assert route.visibility == "internal"
    assert (route.validate.request, route.validate.unknown_query, route.validate.formats) == ("report", "reject", False)
    assert (route.max_response, route.encoded_slash, route.deprecated) == (2048, True, True)
    assert route.request_headers.set == {"X-A": "a"}
    assert route.response_headers.remove == ("Server",)
    assert route.request_query.rename == {"q": "search"}
    assert route.timeout.response == 2.0
    assert route.security == ((),)
    assert route.enforcement == "off"


def test_what_is_disabled_is_no_route(build: Any) -> None:
    made = build(f"paths: {{/a: {{get: {{x-gateway: {{enabled: false}}, {OK}}}, put: {{{OK}}}}}}}")
    assert [route.method for route in made.plan.routes] == ["PUT"]
    assert len(made.declared) == 2


def test_gateway_yaml_speaks_of_the_whole(build: Any) -> None:
    made = build(
        {
            "gateway.yaml": "gateway: {listen: {port: '${PORT:-80}'}, fallback: {upstream: rest}, upstreams: {rest: 'http://rest'}}",
            "a.yaml": f"paths: {{/a: {{get: {{{OK}}}}}}}",
        },
        environ={"PORT": "secret"},
    )
    assert made.plan.edge.listen.port == "${PORT:-80}"
    assert made.plan.edge.fallback == "rest"
    assert sorted(made.plan.upstreams) == ["rest", "users"]


def test_the_listener_asks_for_the_certificates_that_schemes_want(build: Any) -> None:
    schemes = ", ".join(f"{name}: {{type: mutualTLS, x-gateway: {{ca: {file}.pem}}}}" for name, file in ("ab", "ba", "cc"))
    document = f"components: {{securitySchemes: {{{schemes}}}}}\npaths: {{/a: {{get: {{security: [{{a: []}}, {{b: []}}], {OK}}}}}}}"
    for tls, expected in (("", None), (", tls: {cert: s.pem, key: s.key}", ("a.pem", "b.pem"))):
        made = build({"gateway.yaml": f"gateway: {{listen: {{port: 1{tls}}}}}", "a.yaml": document})
        found = made.plan.edge.listen.tls
        assert (None if found is None else found.scheme_ca) == expected
