"""Parameters as the scripts of the portal write them, read by the gateway: each schema admits one value, the one that was meant."""

from __future__ import annotations

from tests.portal.conftest import Odd, Open
from tests.portal.styles import CASES, operation


def test_the_gateway_reads_what_was_meant(opened: Open, odd: Odd) -> None:
    page = opened(odd.address).goto("portal/")
    asked = [
        {"path": operation(number, *case)[0], "name": "p", "in": case[0], "style": case[1], "explode": case[2],
         "allowReserved": False, "media": "", "value": case[3]}
        for number, case in enumerate(CASES)
    ]  # fmt: skip
    page.goto(f"{odd.address}/portal/operations/image.html")
    page.get_by_role("button", name="Try it").click()
    page.get_by_role("button", name="Send").wait_for()
    loaded = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    module = next(url for url in loaded if "/serialise." in url)
    answers = page.evaluate(
        """async ([module, cases]) => {
            const { targetOf, inHeader } = await import(module);
            const read = async (one) => {
                const values = new Map([[`${one.in}:p`, one.value]]);
                const headers = one.in === "header" ? { p: inHeader(one, one.value) } : {};
                const target = targetOf(one.path, [one], values);
                const answer = await fetch(`/sandbox${target}`, { headers });
                return answer.ok ? "" : `${one.in} ${one.style} ${one.explode} ${target} ${await answer.text()}`;
            };
            return Promise.all(cases.map(read));
        }""",
        [module, asked],
    )
    assert [answer for answer in answers if answer] == []
