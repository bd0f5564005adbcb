from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from specgw.portal.samples.call import Call, Content, Credential
from specgw.portal.samples.javascript import javascript

EVIL = ('"', "'", "\\", "\n", "`${process.exit(9)}`", "//", "*/", "\u2028", "</script>", "\x00", "__proto__")


def test_a_call() -> None:
    assert javascript(Call(method="GET", path="/x")) == (
        'const response = await fetch(process.env.GATEWAY + "/x");\nconsole.log(response.status);\nconsole.log(await response.text());'
    )


def test_what_fetch_cannot_do_is_not_shown() -> None:
    assert javascript(Call(method="TRACE", path="/x")) == ""
    assert javascript(Call(method="GET", path="/x", content=Content("text/plain", "x"))) == ""
    assert javascript(Call(method="GET", path="/x", credentials=(Credential("certificate"),))) == ""
    assert javascript(Call(method="GET", path="/x", credentials=(Credential("digest"),))) == ""


def test_what_it_takes() -> None:
    text = javascript(Call(method="POST", path="/x", credentials=(Credential("basic"),), content=Content("image/png")))
    assert '"Authorization": "Basic " + btoa(process.env.USERNAME + ":" + process.env.PASSWORD)' in text
    assert text.startswith('import { openAsBlob } from "node:fs";\n')
    form = javascript(Call(method="POST", path="/x", content=Content("multipart/form-data", parts=(("a", "b"), ("f", None)))))
    assert 'body.append("a", "b");\nbody.append("f", await openAsBlob("FILE"));' in form
    long = javascript(Call(method="POST", path="/x", content=Content("application/json", "12345678901234567890", (12345678901234567890,))))
    assert 'body: "12345678901234567890"' in long


def test_whatever_a_document_says_is_a_literal() -> None:
    """Node.js runs the calls with a fetch that tells what it was given."""
    node = shutil.which("node")
    assert node is not None, "this test needs node: on Debian, apt-get install nodejs"
    calls = [
        javascript(
            Call(
                method="POST",
                path=f"/{evil}",
                fields=((evil, evil),),
                cookies=(evil,),
                content=Content("application/json", json.dumps(value), (value,)),
            )
        )
        for evil in EVIL
        for value in ({evil: [evil]},)
    ]
    heads = "const told = []; globalThis.fetch = (...given) => { told.push(given); return { text: () => '' }; }; console.log = () => {};\n"
    script = heads + "".join(f"await (async () => {{ {call} }})();\n" for call in calls) + "process.stdout.write(JSON.stringify(told));"
    command = [node, "--input-type=module", "-"]
    done = subprocess.run(command, input=script, capture_output=True, text=True, env={"GATEWAY": "g"}, timeout=30)
    assert done.returncode == 0, done.stderr
    for evil, (where, options) in zip(EVIL, json.loads(done.stdout), strict=True):
        assert where == f"g/{evil}"
        assert json.loads(options["body"]) == {evil: [evil]}
        if evil != "__proto__":
            assert options["headers"] == {evil: evil, "Cookie": evil, "Content-Type": "application/json"}


@pytest.mark.parametrize("evil", EVIL)
def test_what_is_pasted_has_as_many_lines_as_it_shows(evil: str) -> None:
    assert len(javascript(Call(method="DELETE", path=evil)).splitlines()) == 5
