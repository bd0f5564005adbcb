from __future__ import annotations

import pytest
from msgspec.structs import replace

from specgw.plan.model import Edge, Edits, Listen, Origin, Plan, Route, Target, Telemetry, Upstream
from specgw.plan.portal import Portal, SignIn
from specgw.plan.references import InvalidValue, ReferenceFault, UnresolvedReference, malformed, names, resolve, resolve_plan


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("plain", "plain"),
        ("", ""),
        ("${A}", "alpha"),
        ("x${A}y${B}", "xalphaybeta"),
        ("${A}${A}", "alphaalpha"),
        ("${NONE:-default}", "default"),
        ("${NONE:-}", ""),
        ("${A:-default}", "alpha"),
        ("${EMPTY:-default}", "default"),
        ("${EMPTY}", ""),
        ("${NONE:-http://h:1/a b}", "http://h:1/a b"),
        ("${NONE:-a:-b}", "a:-b"),
        ("$${A}", "${A}"),
        ("$$${A}", "$${A}"),
        ("$A $ $$ {A}", "$A $ $$ {A}"),
        ("${A_1}", "one"),
        # A value is not looked at again.
        ("${SELF}", "${A}"),
    ],
)
def test_references_are_filled_in(text: str, resolved: str) -> None:
    environ = {"A": "alpha", "B": "beta", "EMPTY": "", "A_1": "one", "SELF": "${A}"}
    assert resolve(text, environ) == resolved


def test_all_missing_variables_are_named_at_once() -> None:
    with pytest.raises(UnresolvedReference) as caught:
        resolve("${B} ${A} ${B} ${C:-c}", {})
    assert caught.value.names == ("A", "B")
    assert str(caught.value) == "not set in the environment: A, B"


@pytest.mark.parametrize("text", ["${}", "${1A}", "${A", "${A-b}", "${A:b}", "a ${ A} b", "${A.B}"])
def test_what_looks_like_a_reference_has_to_be_one(text: str) -> None:
    assert malformed(text) is not None
    with pytest.raises(InvalidValue, match=r"\$\$\{"):
        resolve(text, {"A": "a"})


@pytest.mark.parametrize("text", ["${A}", "${A:-b}", "$${A", "$A", "{A}", "x"])
def test_what_is_written_well_is_not_malformed(text: str) -> None:
    assert malformed(text) is None


def test_names_in_order_each_once() -> None:
    assert names("${B}:${A:-x}/${B} $${C}") == ("B", "A")
    assert names("none") == ()


def a_plan() -> Plan:
    route = Route(
        id="r",
        service="s",
        method="GET",
        path="/${PATH}",
        document_path="/",
        origin=Origin(file="f", line=1),
        request_headers=Edits(set={"Authorization": "Bearer ${TOKEN}"}, add={"X": ("a", "${X}")}, remove=("${NOT_A_SLOT}",)),
        response_headers=Edits(set={"Server": "${SERVER:-specgw}"}),
        request_query=Edits(set={"q": "${NOT_A_SLOT}"}),
    )
    return Plan(
        edge=Edge(
            listen=Listen(host="${HOST}", port="${PORT:-8080}", public_url="https://${HOST}"),
            admin=Listen(host="::1", port="9901"),
            telemetry=Telemetry(access_log="${LOG}"),
            portal=Portal(sign_in=SignIn(issuer="https://${HOST}", client_id="${NOT_A_SLOT}", client_secret="${TOKEN}")),
        ),
        routes=(route, replace(route, id="plain", request_headers=None, response_headers=Edits(remove=("Server",)))),
        upstreams={"u": Upstream(name="u", targets=(Target(url="http://${UP}/x", weight=2),))},
    )


ENVIRON = {"HOST": "0.0.0.0", "TOKEN": "t0ken", "X": "x", "LOG": "/var/log/a.log", "UP": "10.0.0.1:80"}


def test_every_slot_of_a_plan_is_resolved_and_nothing_else() -> None:
    plan = resolve_plan(a_plan(), ENVIRON)
    assert plan.edge.listen == Listen(host="0.0.0.0", port=8080, public_url="https://0.0.0.0")
    assert plan.edge.admin == Listen(host="::1", port=9901)
    assert plan.edge.telemetry.access_log == "/var/log/a.log"
    assert plan.edge.portal.sign_in == SignIn(issuer="https://0.0.0.0", client_id="${NOT_A_SLOT}", client_secret="t0ken")
    assert plan.upstreams["u"].targets == (Target(url="http://10.0.0.1:80/x", weight=2),)
    first, second = plan.routes
    assert first.request_headers == Edits(set={"Authorization": "Bearer t0ken"}, add={"X": ("a", "x")}, remove=("${NOT_A_SLOT}",))
    assert first.response_headers == Edits(set={"Server": "specgw"})
    assert first.request_query == Edits(set={"q": "${NOT_A_SLOT}"})
    assert first.path == "/${PATH}"
    assert second.response_headers == Edits(remove=("Server",))


def test_a_plan_without_references_is_equal_afterwards() -> None:
    plan = Plan(upstreams={"u": Upstream(name="u", targets=(Target(url="http://h"),))})
    assert resolve_plan(plan, {}) == plan


def test_everything_that_a_plan_lacks_is_named_at_once() -> None:
    with pytest.raises(UnresolvedReference) as caught:
        resolve_plan(a_plan(), {"HOST": "h"})
    assert caught.value.names == ("LOG", "TOKEN", "UP", "X")


@pytest.mark.parametrize("port", ["", "http", "65536", "-1", "80 ", "８０", "1e3"])
def test_a_port_is_a_number(port: str) -> None:
    plan = Plan(edge=Edge(listen=Listen(port="${PORT}")))
    with pytest.raises(InvalidValue, match=r"listen\.port: a port is a number"):
        resolve_plan(plan, {"PORT": port})


@pytest.mark.parametrize(
    ("host", "sound"),
    [
        *((host, True) for host in ("h", "h:8081", "[::1]:80", "10.0.0.1", "h/base")),
        *((host, False) for host in ("", "a b", "h:zz", "h:99999", "h:0", "u:p4ss@h", "h?q", "h#f", "é", "[::zz]", "h\\x", "{h}")),
    ],
)
def test_a_url_of_a_service_is_one_with_the_values_too(host: str, sound: bool) -> None:
    plan = Plan(upstreams={"u": Upstream(name="u", targets=(Target(url="http://${H:-}/x"),))})
    if sound:
        assert resolve_plan(plan, {"H": host}).upstreams["u"].targets == (Target(url=f"http://{host}/x"),)
        return
    with pytest.raises(InvalidValue, match=r"upstreams\.u: .* no URL of a service") as caught:
        resolve_plan(plan, {"H": host})
    assert "p4ss" not in str(caught.value)


def test_port_zero_takes_any_free_one() -> None:
    assert resolve_plan(Plan(edge=Edge(listen=Listen(port="0"))), {}).edge.listen.port == 0


def test_a_value_with_a_line_break_cannot_begin_another_header() -> None:
    with pytest.raises(InvalidValue) as caught:
        resolve_plan(a_plan(), ENVIRON | {"TOKEN": "s3cret\r\nX-Admin: 1"})
    assert "headers of r" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_a_reference_written_wrongly_is_a_fault_of_its_place() -> None:
    plan = Plan(upstreams={"u": Upstream(name="u", targets=(Target(url="http://${UP"),))})
    with pytest.raises(ReferenceFault, match=r"upstreams\.u: '\$\{UP' is not a reference"):
        resolve_plan(plan, {})
