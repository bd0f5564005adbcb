from __future__ import annotations

from specgw.portal.errors import ADVICE, place, sections
from specgw.portal.published import Published
from specgw.portal.site import render
from specgw.problems import KINDS


def test_every_problem_is_there_once_with_what_to_do() -> None:
    told = [kind for section in sections() for kind in section.kinds]
    assert sorted(kind.slug for kind in told) == sorted(kind.slug for kind in KINDS)
    assert ADVICE.keys() == {kind.status for kind in KINDS}
    assert all(section.advice and section.reason for section in sections())


def test_the_page_has_an_anchor_for_each_problem_and_status() -> None:
    page = render(Published(documents={}))["errors.html"].decode()
    for kind in KINDS:
        assert f'id="{kind.slug}"' in page
        assert f'id="{place(str(kind.status))}"' in page
        assert kind.type in page
    assert "<code>WWW-Authenticate</code>" in page


def test_statuses_of_services_alone_lead_nowhere() -> None:
    assert place("404") == "status-404"
    assert [place(status) for status in ("200", "409", "default", "4XX", "²")] == [None] * 5
