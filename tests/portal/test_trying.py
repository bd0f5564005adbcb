"""Calls from the pages: the first one in the sandbox by somebody who has nothing, and what goes wrong, told where it is wrong."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.portal.browser import PHONE, Tab
from tests.portal.conftest import Odd, Open
from tests.portal.documents import FIELDS


def panel(tab: Tab, operation: str) -> Page:
    page = tab.goto(f"portal/operations/{operation}.html")
    page.get_by_role("button", name="Try it").click()
    expect(sending(page)).to_be_visible()
    return page


def sending(page: Page) -> Locator:
    return page.get_by_role("button", name="Send")


def live(page: Page) -> None:
    page.get_by_role("radio", name="Live").check()


def status(page: Page) -> Locator:
    return page.locator(".tryit-status")


def described(page: Page, name: str) -> Locator:
    return page.locator(f".tryit-field:has(> label:text-is('{name}'))").locator("input, select, textarea")


def test_the_first_call_takes_two_clicks(opened: Open, gateway: str) -> None:
    """From an empty profile, without a key, an account or a word."""
    page = opened(gateway).goto("portal/operations/createUser.html")
    assert page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == ["", 0, 0]
    page.get_by_role("button", name="Try it").click()
    page.get_by_role("button", name="Send to the sandbox").click()
    expect(status(page)).to_contain_text("201 Created")
    expect(status(page)).to_contain_text(" ms (first byte after ")
    expect(page.locator(".tryit-answer pre").first).to_contain_text('"email"')
    expect(page.locator(".tryit [role=status]")).to_contain_text("Answer: 201 Created")
    page.get_by_text("As curl").click()
    expect(page.locator(".tryit-answer")).to_contain_text(f"curl --request POST '{gateway}/sandbox/api/users'")
    expect(page.locator(".tryit-answer")).to_contain_text("--header 'X-API-Key: SANDBOX_KEY_1'")


def test_a_live_call_reaches_the_service(opened: Open, gateway: str) -> None:
    page = panel(opened(gateway), "getUser")
    live(page)
    page.get_by_label("X-API-Key").fill("DEV_KEY_12345")
    page.get_by_role("button", name="Send to the live service").click()
    expect(status(page)).to_contain_text("200 OK")
    expect(page.locator(".tryit-answer pre").first).to_contain_text("Ada Lovelace")
    for summary in page.locator(".tryit-answer summary").all():
        summary.click()
    expect(page.locator(".tryit-answer")).to_contain_text("--header 'X-API-Key: '\"$API_KEY\"")
    expect(page.locator(".tryit-answer")).to_contain_text("X-API-Key: •••")
    assert "DEV_KEY_12345" not in page.locator(".tryit-answer").inner_text()


def test_the_panel_is_at_hand_on_a_phone_and_the_page_stays_readable_beside_it_elsewhere(opened: Open, gateway: str) -> None:
    tab = opened(gateway, viewport=PHONE)
    page = panel(tab, "createUser")
    expect(page.get_by_role("button", name="Send")).to_be_in_viewport(ratio=1)
    assert tab.overflow() == 0
    assert page.evaluate("document.querySelector('#tryit').matches(':modal')") is True
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Try it")).to_be_focused()
    wide = panel(opened(gateway), "createUser")
    assert wide.evaluate("document.querySelector('#tryit').matches(':modal')") is False
    column = wide.locator("main").bounding_box()
    drawer = wide.locator("#tryit").bounding_box()
    assert column is not None
    assert drawer is not None
    assert column["x"] + column["width"] <= drawer["x"]


def test_the_keyboard_is_enough(opened: Open, gateway: str) -> None:
    page = opened(gateway).goto("portal/operations/createUser.html")
    opener = page.get_by_role("button", name="Try it")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="Sandbox")).to_be_focused()
    page.get_by_role("textbox", name="Body", exact=True).press("Control+Enter")
    expect(status(page)).to_contain_text("201")
    page.keyboard.press("Escape")
    expect(page.locator("#tryit")).to_be_hidden()
    expect(opener).to_be_focused()


def test_what_was_typed_survives_closing_and_choosing_where(opened: Open, gateway: str) -> None:
    page = panel(opened(gateway), "getUser")
    page.get_by_label("id", exact=True).fill("7")
    live(page)
    page.get_by_label("X-API-Key").fill("MINE")
    page.get_by_role("radio", name="Sandbox").check()
    expect(page.get_by_label("X-API-Key")).to_have_value("SANDBOX_KEY_1")
    expect(page.get_by_label("id", exact=True)).to_have_value("7")
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Try it").click()
    live(page)
    expect(page.get_by_label("X-API-Key")).to_have_value("MINE")
    expect(page.get_by_label("id", exact=True)).to_have_value("7")


def test_who_is_about_to_change_real_data_is_told(opened: Open, gateway: str) -> None:
    page = panel(opened(gateway), "createUser")
    expect(page.get_by_text("This changes real data")).to_be_hidden()
    live(page)
    expect(page.get_by_text("This changes real data")).to_be_visible()


def test_what_is_missing_is_said_beside_its_field(opened: Open, gateway: str) -> None:
    page = panel(opened(gateway), "getUser")
    field = page.get_by_label("id", exact=True)
    field.fill("")
    sending(page).click()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("path, required, integer is needed")
    expect(field).to_be_focused()


def test_a_path_that_leads_elsewhere_is_not_asked_for(opened: Open, gateway: str) -> None:
    page = panel(opened(gateway), "getUser")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for value in ("..", "."):
        page.get_by_label("id", exact=True).fill(value)
        sending(page).click()
        expect(page.locator(".tryit-form > .tryit-wrong")).to_contain_text(f'"{value}", which leads elsewhere')
    assert asked == []


def test_violations_of_a_live_call_stand_beside_their_fields(opened: Open, gateway: str) -> None:
    page = panel(opened(gateway), "getUser")
    live(page)
    page.get_by_label("X-API-Key").fill("DEV_KEY_12345")
    page.get_by_label("id", exact=True).fill("0")
    sending(page).click()
    expect(page.get_by_label("id", exact=True)).to_have_accessible_description("path, required, integer must be at least 1")
    page.get_by_role("link", name="path id must be at least 1").click()
    expect(page.get_by_label("id", exact=True)).to_be_focused()


def test_violations_stand_beside_their_fields_where_the_document_has_an_answer_of_its_own(opened: Open, odd: Odd) -> None:
    page = panel(opened(odd.address), "form")
    described(page, "name").fill("another")
    sending(page).click()
    expect(status(page)).to_contain_text("422")
    expect(page.locator(".tryit-answer pre").first).to_contain_text('"oops": true')
    expect(described(page, "name")).to_have_attribute("aria-invalid", "true")
    expect(described(page, "name")).to_have_accessible_description(re.compile("^required, string /name must be "))


def test_secrets_are_kept_for_the_tab_and_nowhere_else(opened: Open, gateway: str) -> None:
    page = panel(opened(gateway), "getUser")
    live(page)
    page.get_by_label("X-API-Key").fill("MINE")
    page.reload()
    page.get_by_role("button", name="Try it").click()
    live(page)
    expect(page.get_by_label("X-API-Key")).to_have_value("MINE")
    expect(page.get_by_label("X-API-Key")).to_have_attribute("type", "password")
    assert page.evaluate("Object.values(localStorage).some((value) => value.includes('MINE'))") is False
    assert "MINE" not in page.url


def test_a_key_from_the_page_of_keys_is_filled_in(opened: Open, gateway: str) -> None:
    tab = opened(gateway)
    page = tab.goto("portal/keys.html")
    page.get_by_role("button", name="Sign in as developer").click()
    page.get_by_role("textbox", name="Name").fill("first")
    page.get_by_role("button", name="Make a key").click()
    page.get_by_role("button", name="Use it in this tab").click()
    page = panel(tab, "getUser")
    live(page)
    expect(page.get_by_label("X-API-Key")).to_have_value(re.compile("^sgw_"))
    sending(page).click()
    expect(status(page)).to_contain_text("200 OK")


def test_the_sandbox_gives_the_answer_that_is_preferred(opened: Open, odd: Odd) -> None:
    page = panel(opened(odd.address), "choice")
    page.get_by_text("Choose the sandbox's answer").click()
    answer = page.locator(".tryit-answer pre").first

    def sent() -> dict[str, str]:
        with page.expect_response("**/sandbox/choice") as found:
            sending(page).click()
        assert found.value.status in (200, 404)
        return found.value.all_headers()

    described(page, "Example").select_option("a b")
    assert sent()["preference-applied"] == 'example="a b"'
    expect(answer).to_have_text('"the second"')
    described(page, "Status").select_option("404")
    described(page, "Example").select_option("gone")
    assert sent()["preference-applied"] == "code=404, example=gone"
    expect(answer).to_have_text('"long gone"')
    described(page, "Example").select_option("")
    described(page, "Delay").fill("1")
    assert sent()["preference-applied"] == "code=404, delay=1"
    live(page)
    expect(page.get_by_text("Choose the sandbox's answer")).to_be_hidden()


def test_each_part_of_a_multipart_form_is_what_its_schema_says(opened: Open, odd: Odd) -> None:
    page = panel(opened(odd.address), "multipart")
    expect(described(page, "tags")).to_have_value("\n".join(FIELDS["tags"]))
    described(page, "photo").set_input_files({"name": 'a"b.png', "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n--x"})
    expect(described(page, "photo: X-Note")).to_have_value("mine")
    sending(page).click()
    expect(status(page)).to_contain_text("200 OK")
    page.get_by_text("Request as sent").click()
    expect(page.locator(".tryit-answer")).to_contain_text('photo (image/png): a"b.png')
    page.get_by_text("As curl").click()
    expect(page.locator(".tryit-answer")).to_contain_text('--form \'owner="{\\"k\\":\\"v w\\"}";type=application/json\'')


def test_a_part_that_is_wrong_is_marked(opened: Open, odd: Odd) -> None:
    page = panel(opened(odd.address), "multipart")
    described(page, "photo").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"x"})
    described(page, "deep").fill("{")
    sending(page).click()
    expect(described(page, "deep")).to_be_focused()
    expect(described(page, "deep")).to_have_accessible_description(re.compile(" has to be JSON: "))
    described(page, "deep").fill(json.dumps(FIELDS["deep"]))
    described(page, "photo: X-Note").fill("yours")
    sending(page).click()
    expect(described(page, "photo")).to_have_accessible_description(re.compile("header X-Note of the part must be "))


def test_a_urlencoded_form_has_the_styles_of_its_encoding(opened: Open, odd: Odd) -> None:
    page = panel(opened(odd.address), "form")
    with page.expect_request("**/sandbox/form") as sent:
        sending(page).click()
    expect(status(page)).to_contain_text("200 OK")
    assert "spaced=b%20c&deep%5Ba%5D=1%262&deep%5B%C3%BC%5D=x" in (sent.value.post_data or "")


def test_xml_goes_and_comes(opened: Open, odd: Odd) -> None:
    page = panel(opened(odd.address), "xml")
    expect(page.get_by_role("textbox", name="Body", exact=True)).to_have_value(
        '<?xml version="1.0" encoding="UTF-8"?>\n<animal id="7">\n<name>&lt;Tom&gt;</name>\n</animal>'
    )
    page.get_by_label("Accept").select_option("application/xml")
    sending(page).click()
    expect(page.locator(".tryit-answer pre").first).to_have_text("<a/>")


def test_files_are_sent_as_they_are(opened: Open, odd: Odd) -> None:
    page = panel(opened(odd.address), "upload")
    sending(page).click()
    expect(described(page, "File")).to_have_accessible_description("required, file is needed")
    described(page, "File").set_input_files({"name": "data.bin", "mimeType": "application/x-data", "buffer": bytes(range(256))})
    with page.expect_request("**/sandbox/upload") as sent:
        sending(page).click()
    expect(status(page)).to_contain_text("200 OK")
    assert sent.value.headers["content-type"] == "application/octet-stream"
    page.get_by_text("As curl").click()
    expect(page.locator(".tryit-answer")).to_contain_text("--data-binary '@data.bin'")


def test_images_are_drawn_and_other_files_can_be_kept(opened: Open, odd: Odd) -> None:
    tab = opened(odd.address, accept_downloads=True)
    page = panel(tab, "image")
    sending(page).click()
    expect(page.get_by_role("img", name="The image of the answer, 1 by 1 pixels")).to_be_visible()
    page = panel(tab, "file")
    sending(page).click()
    with page.expect_download() as found:
        page.get_by_role("link", name="Download 3 bytes of application/octet-stream").click()
    assert found.value.suggested_filename == "answer.bin"
    assert found.value.path().read_bytes() == b"abc"


def test_what_a_page_cannot_send_is_named(opened: Open, odd: Odd) -> None:
    page = panel(opened(odd.address), "unset")
    expect(page.get_by_text("session: browsers do not let a page set cookies of a request")).to_be_visible()
    expect(page.get_by_text("Host: browsers do not let a page set this header field")).to_be_visible()
    expect(page.get_by_label("q3")).to_be_hidden()
    page.get_by_text("9 more parameters, all optional").click()
    page.get_by_label("q3").fill("x")
    with page.expect_request("**/sandbox/unset?q3=x"):
        sending(page).click()


def test_a_call_that_cannot_work_is_not_offered_and_it_is_said_why(opened: Open, odd: Odd) -> None:
    tab = opened(odd.address)
    failure = tab.page.locator(".tryit-form > .tryit-wrong")
    end = " Nothing can be sent from here: take the call with curl."
    for operation, reason in (
        ("digested", "Digest credentials are computed for each request from what the server asks, which this page does not do."),
        ("baked", "The call needs the cookie session."),
    ):
        page = panel(tab, operation)
        expect(sending(page)).to_be_disabled()
        expect(failure).to_have_text(reason + end)
    for operation, reason in (
        ("certified", "A client certificate belongs to the connection, and a page cannot choose one."),
        ("hoba", "The gateway cannot verify this scheme, so that it refuses every call with 401."),
    ):
        page = panel(tab, operation)
        sending(page).click()
        expect(status(page)).to_contain_text("200 OK")
        live(page)
        expect(sending(page)).to_be_disabled()
        expect(failure).to_have_text(f"{reason}{end[:-1]}, or try it in the sandbox.")
        page.get_by_role("radio", name="Sandbox").check()
        expect(sending(page)).to_be_enabled()
        expect(failure).to_have_text("")


def test_one_of_several_credentials_that_works_is_chosen(opened: Open, odd: Odd) -> None:
    page = panel(opened(odd.address), "either")
    expect(page.get_by_label("Credentials")).to_have_value("1")
    sending(page).click()
    expect(status(page)).to_contain_text("200 OK")
    page.get_by_label("Credentials").select_option("digest")
    expect(sending(page)).to_be_disabled()
    page.get_by_label("Credentials").select_option("key")
    expect(sending(page)).to_be_enabled()


def test_credentials_of_a_scheme_that_the_service_verifies_are_typed_whole(opened: Open, odd: Odd) -> None:
    page = panel(opened(odd.address), "own")
    live(page)
    described(page, "Authorization").fill("Own abc")
    with page.expect_request("**/own") as sent:
        sending(page).click()
    assert sent.value.headers["authorization"] == "Own abc"


def live_call(opened: Open, odd: Odd, what: str) -> Page:
    page = panel(opened(odd.address), "live")
    live(page)
    described(page, "what").select_option(what)
    return page


def test_a_big_answer_is_not_read_to_its_end(opened: Open, odd: Odd) -> None:
    page = live_call(opened, odd, "big")
    sending(page).click()
    expect(status(page)).to_contain_text("more than 5.0 MiB")
    expect(page.get_by_text("Shown are the first 195.3 KiB.")).to_be_visible()
    assert len(page.locator(".tryit-answer pre").first.inner_text()) == 200_000


def test_a_call_can_be_stopped_and_is_given_up_after_a_while(opened: Open, odd: Odd) -> None:
    page = opened(odd.address).page
    page.clock.install()
    page.goto(f"{odd.address}/portal/operations/live.html")
    page.get_by_role("button", name="Try it").click()
    live(page)
    described(page, "what").select_option("hang")
    failure = page.locator(".tryit-form > .tryit-wrong")
    with page.expect_request("**/live/hang"):
        sending(page).click()
    page.get_by_role("button", name="Stop").click()
    expect(failure).to_have_text("Stopped before the whole answer came.")
    with page.expect_request("**/live/hang"):
        sending(page).click()
    page.clock.run_for(61_000)
    expect(failure).to_have_text("No whole answer within 60 s: given up.")


def test_that_no_answer_came_is_seen_without_looking_for_it(opened: Open, gateway: str) -> None:
    """Between a form that is longer than the window and the button, which stays at its lower edge."""
    tab = opened(gateway, viewport={"width": 1440, "height": 600})
    page = panel(tab, "createUser")
    page.route("**/sandbox/**", lambda route: route.abort())
    sending(page).click()
    failure = page.locator(".tryit-form > .tryit-wrong")
    expect(failure).to_contain_text("No answer came")
    box = failure.bounding_box()
    assert box is not None
    middle = [box["x"] + 20, box["y"] + box["height"] / 2]
    assert page.evaluate("([x, y]) => document.elementFromPoint(x, y)?.className", middle) == "tryit-wrong"
    tab.wrong.remove("console error: Failed to load resource: net::ERR_FAILED")  # the browser's own word


def test_a_stream_is_shown_as_it_comes(opened: Open, odd: Odd) -> None:
    page = live_call(opened, odd, "stream")
    sending(page).click()
    expect(page.locator(".tryit-answer pre")).to_have_text("data: first\n\n")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    odd.end.set()
    expect(page.locator(".tryit-answer pre").first).to_have_text("data: first\n\ndata: last\n\n")
    expect(status(page)).to_contain_text("200 OK")


def test_a_site_of_files_says_what_is_missing(opened: Open, files: str) -> None:
    page = opened(files).goto("portal/operations/createUser.html")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("#tryit")).to_contain_text("files without a gateway behind them")
    expect(page.locator("#tryit")).to_contain_text("specgw serve")
    expect(sending(page)).to_have_count(0)


@pytest.mark.parametrize("answer", [{"status": 503}, {"status": 200, "body": "<html>"}])
def test_a_gateway_that_cannot_say_is_asked_again(opened: Open, gateway: str, answer: Any) -> None:
    page = opened(gateway).goto("portal/operations/createUser.html")
    page.route("**/session.json", lambda route: route.fulfill(**answer))
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("#tryit")).to_contain_text("The gateway cannot be reached")
    page.get_by_role("button", name="Close").click()
    page.unroute("**/session.json")
    page.get_by_role("button", name="Try it").click()
    expect(sending(page)).to_be_visible()
