from __future__ import annotations

import pytest

from specgw.http import Headers
from specgw.plan.found import InvalidPath, Match, NotAllowed, NotFound
from specgw.plan.model import Conditions, Origin, Route
from specgw.plan.table import RouteTable, normal_host
from specgw.plan.template import TemplateError


def route(
    spelled: str,
    *,
    id: str | None = None,
    hosts: tuple[str, ...] = (),
    headers: dict[str, str | None] | None = None,
    query: dict[str, str | None] | None = None,
    encoded_slash: bool = False,
) -> Route:
    """`GET /path`, or `GET /path…` for a prefix."""
    method, path = spelled.split(" ", 1)
    return Route(
        id=id or spelled,
        service="s",
        method=method,
        path=path.removesuffix("…"),
        document_path=path.removesuffix("…"),
        path_match="prefix" if path.endswith("…") else "exact",
        hosts=hosts,
        conditions=Conditions(headers=headers or {}, query=query or {}),
        origin=Origin(file="f.yaml", line=1),
        encoded_slash=encoded_slash,
    )


def table(*spelled: str | Route) -> RouteTable:
    return RouteTable([route(item) if isinstance(item, str) else item for item in spelled])


def ask(routes: RouteTable, request: str, host: str | None = None, headers: Headers | None = None, query: bytes | None = None) -> str:
    """What comes out, as a line: the route's id with its values, or what is answered instead."""
    method, path = request.split(" ", 1)
    result = routes.match(method, path.encode("latin-1"), host, headers or [], query)
    if isinstance(result, Match):
        rest = "" if result.remainder is None else f" +{result.remainder!r}"
        return " ".join([result.route.id, *(f"{name}={value}" for name, value in result.values.items())]) + rest
    if isinstance(result, NotAllowed):
        return "405 " + ",".join(result.allow)
    if isinstance(result, InvalidPath):
        return "400 " + result.reason
    assert isinstance(result, NotFound)
    return "404"


def test_the_payload_of_the_route_comes_with_it() -> None:
    first, second = route("GET /a"), route("POST /a")
    routes = RouteTable([first, second], ["one", "two"])
    result = routes.match("POST", "/a", None, [], None)
    assert isinstance(result, Match)
    assert result.payload == "two"
    assert result.route is second


def test_payloads_have_to_be_as_many_as_routes() -> None:
    with pytest.raises(ValueError, match="shorter"):
        RouteTable([route("GET /a")], [])


def test_a_table_grows_route_by_route() -> None:
    routes = RouteTable()
    assert ask(routes, "GET /a") == "404"
    routes.add(route("GET /a"))
    assert ask(routes, "GET /a") == "GET /a"
    assert ask(routes, "POST /a") == "405 GET"
    routes.add(route("DELETE /a"))
    assert ask(routes, "POST /a") == "405 DELETE,GET"


def test_a_path_without_meaning_is_not_taken() -> None:
    with pytest.raises(TemplateError):
        table("GET /a//b")


def test_paths_are_compared_as_text_and_as_a_whole() -> None:
    routes = table("GET /users", "GET /users/{id}", "GET /items/")
    assert ask(routes, "GET /users") == "GET /users"
    assert ask(routes, "GET /Users") == "404"
    assert ask(routes, "GET /users/") == "404"
    assert ask(routes, "GET /users/7") == "GET /users/{id} id=7"
    assert ask(routes, "GET /users/7/") == "404"
    assert ask(routes, "GET /items/") == "GET /items/"
    assert ask(routes, "GET /items") == "404"
    assert ask(routes, "GET /") == "404"


def test_the_root() -> None:
    assert ask(table("GET /"), "GET /") == "GET /"
    assert ask(table("GET /{id}"), "GET /") == "404"


def test_str_and_bytes_are_the_same_path() -> None:
    routes = table("GET /users/{id}")
    assert routes.match("GET", "/users/7", None, [], None) == routes.match("GET", b"/users/7", None, [], None)


def test_concrete_before_mixed_before_parameter() -> None:
    routes = table("GET /r/{id}", "GET /r/{name}.json", "GET /r/all.json", "GET /r/report-{n}.json")
    assert ask(routes, "GET /r/all.json") == "GET /r/all.json"
    assert ask(routes, "GET /r/x.json") == "GET /r/{name}.json name=x"
    assert ask(routes, "GET /r/report-7.json") == "GET /r/report-{n}.json n=7"
    assert ask(routes, "GET /r/x.xml") == "GET /r/{id} id=x.xml"


def test_a_way_that_leads_nowhere_is_left_again() -> None:
    routes = table("GET /a/b/c", "GET /a/{x}/d", "GET /{y}/b/e", "GET /a/b{z}/f", "GET /{p}/{q}/g")
    assert ask(routes, "GET /a/b/c") == "GET /a/b/c"
    assert ask(routes, "GET /a/b/d") == "GET /a/{x}/d x=b"
    assert ask(routes, "GET /a/b/e") == "GET /{y}/b/e y=a"
    assert ask(routes, "GET /a/bb/f") == "GET /a/b{z}/f z=b"
    assert ask(routes, "GET /a/bb/d") == "GET /a/{x}/d x=bb"
    assert ask(routes, "GET /a/bb/g") == "GET /{p}/{q}/g p=a q=bb"
    assert ask(routes, "GET /a/b/h") == "404"


def test_the_path_is_chosen_before_the_method() -> None:
    # OpenAPI: /users/me is the concrete path; that /users/{id} has DELETE is no reason to go there.
    routes = table("GET /users/me", "DELETE /users/{id}", "GET /users/{id}")
    assert ask(routes, "DELETE /users/me") == "405 GET"
    assert ask(routes, "DELETE /users/7") == "DELETE /users/{id} id=7"
    assert ask(routes, "PUT /users/7") == "405 DELETE,GET"
    assert ask(routes, "HEAD /users/me") == "405 GET"
    assert ask(routes, "get /users/me") == "405 GET"


def test_each_method_has_the_names_of_its_own_document() -> None:
    routes = table("GET /users/{id}", "DELETE /users/{userId}")
    assert ask(routes, "GET /users/7") == "GET /users/{id} id=7"
    assert ask(routes, "DELETE /users/7") == "DELETE /users/{userId} userId=7"


def test_escapes_are_compared_decoded_and_values_stay_raw() -> None:
    routes = table("GET /café/{id}", "GET /plain/{a}.{b}", "GET /%61bc")
    assert ask(routes, "GET /caf%C3%A9/%41") == "GET /café/{id} id=%41"
    assert ask(routes, "GET /caf%c3%a9/7") == "GET /café/{id} id=7"
    assert ask(routes, "GET /%70lain/x%2Ey%20z") == "GET /plain/{a}.{b} a=x b=y%20z"
    assert ask(routes, "GET /abc") == "GET /%61bc"
    assert ask(routes, "GET /%61%62%63") == "GET /%61bc"


def test_refused_paths() -> None:
    routes = table("GET /a", "GET /{x}", "GET /…")
    assert ask(routes, "GET /a/../b") == "400 it holds a dot segment"
    assert ask(routes, "GET //a") == "400 it holds an empty segment"
    assert ask(routes, "GET /%00") == "400 it holds %00"
    assert ask(routes, "GET /caf\xe9").startswith("400 ")
    assert ask(RouteTable(), "GET /a/../b") == "400 it holds a dot segment"


def test_an_encoded_slash_needs_a_route_that_allows_it() -> None:
    routes = table(
        route("GET /open/{id}", encoded_slash=True),
        "POST /open/{id}",
        "GET /shut/{id}",
        route("GET /files…", encoded_slash=True),
        "GET /x…",
    )
    refused = "400 it holds an encoded slash (%2F)"
    assert ask(routes, "GET /open/a%2Fb") == "GET /open/{id} id=a%2Fb"
    assert ask(routes, "GET /open/a%2fb") == "GET /open/{id} id=a%2fb"
    assert ask(routes, "GET /%6Fpen/a%2Fb") == "GET /open/{id} id=a%2Fb"
    assert ask(routes, "GET /open/%2F") == "GET /open/{id} id=%2F"
    assert ask(routes, "GET /open%2Fa") == refused
    assert ask(routes, "GET /open/a%2Fb/c") == refused
    assert ask(routes, "GET /open/a%2F..%2Fb") == "400 it holds a dot segment"
    assert ask(routes, "GET /shut/a%2Fb") == refused
    assert ask(routes, "POST /open/a%2Fb") == refused
    assert ask(routes, "PUT /open/a%2Fb") == "405 GET,POST"
    assert ask(routes, "PUT /shut/a%2Fb") == refused
    assert ask(routes, "GET /none/a%2Fb") == refused
    assert ask(routes, "GET /files/a%2Fb") == "GET /files… +'/a%2Fb'"
    assert ask(routes, "GET /x/a%2Fb") == refused


def test_a_prefix_matches_whole_segments() -> None:
    routes = table("GET /files…", "GET /static/…")
    assert ask(routes, "GET /files") == "GET /files… +''"
    assert ask(routes, "GET /files/") == "GET /files… +'/'"
    assert ask(routes, "GET /files/a/b") == "GET /files… +'/a/b'"
    assert ask(routes, "GET /files/a%20b") == "GET /files… +'/a%20b'"
    assert ask(routes, "GET /filesystem") == "404"
    assert ask(routes, "GET /static") == "404"
    assert ask(routes, "GET /static/") == "GET /static/… +''"
    assert ask(routes, "GET /static/a/") == "GET /static/… +'a/'"


def test_the_longest_prefix_wins_and_exact_before_any_prefix() -> None:
    routes = table("GET /…", "GET /a…", "GET /a/…", "GET /a/{x}…", "GET /{y}/b/c…", "GET /a/b/{z}", "GET /a/b…")
    assert ask(routes, "GET /q/r") == "GET /… +'q/r'"
    assert ask(routes, "GET /") == "GET /… +''"
    assert ask(routes, "GET /a") == "GET /a… +''"
    assert ask(routes, "GET /a/") == "GET /a/… +''"
    assert ask(routes, "GET /a/x") == "GET /a/{x}… x=x +''"
    assert ask(routes, "GET /a/x/y") == "GET /a/{x}… x=x +'/y'"
    assert ask(routes, "GET /a/b") == "GET /a/b… +''"
    assert ask(routes, "GET /a/b/c") == "GET /a/b/{z} z=c"
    assert ask(routes, "GET /a/b/c/d") == "GET /{y}/b/c… y=a +'/d'"
    assert ask(routes, "GET /a/b/q/d") == "GET /a/b… +'/q/d'"


def test_a_prefix_has_values_of_mixed_segments_too() -> None:
    routes = table("GET /{a}.{b}/…")
    assert ask(routes, "GET /x.y/z") == "GET /{a}.{b}/… a=x b=y +'z'"


def test_a_prefix_decides_its_methods_for_all_below() -> None:
    routes = table("GET /a…", "POST /…")
    assert ask(routes, "POST /a/b") == "405 GET"
    assert ask(routes, "POST /b") == "POST /… +'b'"


def test_the_routes_of_a_host_come_first() -> None:
    routes = table(
        route("GET /a", id="one", hosts=("one.test",)),
        route("GET /a", id="two", hosts=("two.test", "2.test")),
        route("GET /a", id="any"),
        route("GET /b", id="any-b"),
        route("POST /a", id="any-post"),
    )
    assert ask(routes, "GET /a", "one.test") == "one"
    assert ask(routes, "GET /a", "ONE.test:8080") == "one"
    assert ask(routes, "GET /a", "one.test.") == "one"
    assert ask(routes, "GET /a", "2.test") == "two"
    assert ask(routes, "GET /a", "other.test") == "any"
    assert ask(routes, "GET /a", None) == "any"
    assert ask(routes, "GET /b", "one.test") == "any-b"
    assert ask(routes, "GET /c", "one.test") == "404"
    # The path is the host's own, so its methods decide.
    assert ask(routes, "POST /a", "one.test") == "405 GET"
    assert ask(routes, "POST /a", "other.test") == "any-post"


def test_an_encoded_slash_is_looked_up_under_any_host_as_well() -> None:
    routes = table(route("GET /a", hosts=("one.test",)), route("GET /files/{id}", encoded_slash=True))
    assert ask(routes, "GET /files/a%2Fb", "one.test") == "GET /files/{id} id=a%2Fb"


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("Example.COM", "example.com"),
        ("example.com:80", "example.com"),
        ("example.com.:80", "example.com"),
        ("example.com.", "example.com"),
        (" example.com ", "example.com"),
        ("[2001:DB8::1]:8080", "[2001:db8::1]"),
        ("[::1]", "[::1]"),
        ("[::1", "[::1"),
        ("127.0.0.1:1", "127.0.0.1"),
        ("", ""),
    ],
)
def test_hosts_compare_without_case_port_and_final_dot(field: str, name: str) -> None:
    assert normal_host(field) == name


def test_more_conditions_win_then_the_lesser_id() -> None:
    routes = table(
        route("GET /a", id="plain"),
        route("GET /a", id="b-header", headers={"x": "1"}),
        route("GET /a", id="a-query", query={"q": None}),
        route("GET /a", id="both", headers={"x": "1"}, query={"q": None}),
    )
    assert ask(routes, "GET /a") == "plain"
    assert ask(routes, "GET /a", headers=[(b"x", b"1")]) == "b-header"
    assert ask(routes, "GET /a", query=b"q=5") == "a-query"
    assert ask(routes, "GET /a", headers=[(b"x", b"1")], query=b"q") == "both"


def test_a_tie_goes_to_the_lesser_id_whatever_the_order() -> None:
    first, second = route("GET /a/{x}", id="a", headers={"x": "1"}), route("GET /a/{x}", id="b", query={"q": "1"})
    for routes in (table(first, second), table(second, first)):
        assert ask(routes, "GET /a/7", headers=[(b"x", b"1")], query=b"q=1") == "a x=7"


def test_where_no_condition_holds_nothing_is_found() -> None:
    routes = table(route("GET /a", headers={"x": "1"}), "GET /{any}", route("POST /a/{x}", headers={"x": "1"}))
    # The path was chosen already: a less concrete one is not tried.
    assert ask(routes, "GET /a") == "404"
    assert ask(routes, "PUT /a") == "405 GET"
    assert ask(routes, "POST /a/%41") == "404"
    assert ask(routes, "POST /a/%2F") == "400 it holds an encoded slash (%2F)"


def test_where_no_condition_of_a_host_holds_any_host_is_asked() -> None:
    routes = table(route("GET /a", id="host", hosts=("one.test",), headers={"x": "1"}), route("GET /a", id="any"))
    assert ask(routes, "GET /a", "one.test", [(b"x", b"1")]) == "host"
    assert ask(routes, "GET /a", "one.test") == "any"


def test_allowed_lists_what_is_declared_for_a_path() -> None:
    routes = table("POST /a/{x}", "GET /a/{y}", "GET /b", route("PUT /b", hosts=("one.test",)))
    assert routes.allowed(b"/a/7", None) == ("GET", "POST")
    assert routes.allowed("/b", "one.test") == ("PUT",)
    assert routes.allowed("/b", "two.test") == ("GET",)
    assert routes.allowed("/c", None) is None
    assert routes.allowed("/a/../b", None) is None
