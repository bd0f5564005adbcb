"""`specgw serve --watch`: what changes is served without dropping a request, what is wrong changes nothing."""

from __future__ import annotations

import threading
from pathlib import Path

import httpx

from tests.scenarios.process import Running, running, service, specgw

ANY = ("--port", "0", "--admin", "off")


def write(path: Path, *paths: str, server: str) -> None:
    operations = "".join(f"  {name}:\n    get:\n      responses: {{'200': {{description: Fine.}}}}\n" for name in paths)
    path.write_text(
        f"openapi: 3.1.0\ninfo: {{title: Things, version: '1'}}\nservers: [{{url: '{server}'}}]\npaths:\n{operations}", encoding="utf-8"
    )


def status(base: str, path: str) -> int:
    return httpx.get(base + path).status_code


def watching(gateway: Running) -> str:
    base = gateway.address()
    gateway.expect("^watching for changes$")
    return base


def test_a_good_change_is_served(tmp_path: Path) -> None:
    with service({}) as url:
        write(tmp_path / "things.yaml", "/a", "/b", server=url)
        with running("serve", tmp_path, "--watch", *ANY, cwd=tmp_path) as gateway:
            base = watching(gateway)
            assert [status(base, path) for path in ("/a", "/b", "/c", "/d")] == [200, 200, 404, 404]
            write(tmp_path / "things.yaml", "/b", "/c", "/d", server=url)
            gateway.expect(r"^generation 2: \+2 −1 routes, 3 routes in all$")
            assert [status(base, path) for path in ("/a", "/b", "/c", "/d")] == [404, 200, 200, 200]
            write(tmp_path / "more.yaml", "/e", server=url)
            gateway.expect(r"^generation 3: \+1 −0 routes, 4 routes in all$")
            assert status(base, "/e") == 200


def test_the_portal_changes_with_the_documents(tmp_path: Path) -> None:
    with service({}) as url:
        write(tmp_path / "things.yaml", "/a", server=url)
        with running("serve", tmp_path, "--watch", "--workers", "2", *ANY, cwd=tmp_path) as gateway:
            base = watching(gateway)
            gateway.expect(r"^the portal is on http://127.0.0.1:\d+/portal/$")
            page = httpx.get(f"{base}/portal/")
            assert (page.status_code, page.headers["Content-Encoding"], "/a" in page.text) == (200, "gzip", True)
            assert httpx.get(f"{base}/portal/session.json").json()["live"] is True
            write(tmp_path / "things.yaml", "/letters", server=url)
            gateway.expect(r"^generation 2: ")
            gateway.expect(r"^the portal is on http://127.0.0.1:\d+/portal/$")
            assert "/letters" in httpx.get(f"{base}/portal/").text
            assert httpx.get(f"{base}/portal/guides/start.html").status_code == 404
            (tmp_path / "guides").mkdir()
            (tmp_path / "guides" / "start.md").write_text("# How to begin", encoding="utf-8")
            gateway.expect("^the change makes no difference to what is served$")
            gateway.expect(r"^the portal is on http://127.0.0.1:\d+/portal/$")
            assert "How to begin" in httpx.get(f"{base}/portal/guides/start.html").text


def test_after_a_bad_change_the_last_good_plan_goes_on(tmp_path: Path) -> None:
    with service({}) as url:
        document = tmp_path / "things.yaml"
        write(document, "/a", server=url)
        with running("serve", document, "--watch", *ANY, cwd=tmp_path) as gateway:
            base = watching(gateway)
            document.write_text("openapi: 3.1.0\npaths:\n  /a: [\n", encoding="utf-8")
            gateway.expect(r"^error\[syntax\]")
            gateway.expect(r"^ *--> things.yaml:\d+:\d+$")
            gateway.expect("^the last good plan goes on$")
            assert status(base, "/a") == 200
            write(document, "/a", "/b", server=url)
            gateway.expect(r"^generation 2: \+1 −0 routes")
            assert status(base, "/b") == 200


def test_a_change_of_words_alone_activates_nothing(tmp_path: Path) -> None:
    with service({}) as url:
        document = tmp_path / "things.yaml"
        write(document, "/a", server=url)
        with running("serve", document, "--watch", *ANY, cwd=tmp_path) as gateway:
            watching(gateway)
            document.write_text(document.read_text(encoding="utf-8") + "# the end\n", encoding="utf-8")
            gateway.expect("^the change makes no difference to what is served$")


def test_a_new_build_is_taken_up(tmp_path: Path) -> None:
    with service({}) as url:
        write(tmp_path / "things.yaml", "/a", server=url)
        assert specgw("build", "things.yaml", "-o", "generated", cwd=tmp_path).returncode == 0
        with running("serve", "generated", "--watch", *ANY, cwd=tmp_path) as gateway:
            base = watching(gateway)
            write(tmp_path / "things.yaml", "/a", "/b", server=url)
            assert specgw("build", "things.yaml", "-o", "generated", cwd=tmp_path).returncode == 0
            gateway.expect(r"^generation 2: \+1 −0 routes")
            assert status(base, "/b") == 200
            plan = tmp_path / "generated" / "plan.json"
            built = plan.read_text()
            for wrong in ("{", built.replace('"/b"', '"b"'), built.replace('"/b"', '"/c"')):
                plan.write_text(wrong, encoding="utf-8")
                gateway.expect("the last good plan goes on$")
                assert status(base, "/b") == 200
            assert "was changed after it was built: build it again; the last good plan goes on" in gateway.said[-1]
            assert "Traceback" not in "\n".join(gateway.said)


def test_no_request_fails_while_plans_are_swapped(tmp_path: Path) -> None:
    with service({}) as url:
        document = tmp_path / "things.yaml"
        write(document, "/a", server=url)
        with running("serve", document, "--watch", *ANY, cwd=tmp_path) as gateway:
            base = watching(gateway)
            failed: list[object] = []
            served = 0
            over = threading.Event()

            def load() -> None:
                nonlocal served
                with httpx.Client(base_url=base) as client:
                    while not over.is_set():
                        try:
                            code = client.get("/a").status_code
                        except httpx.HTTPError as error:
                            failed.append(error)
                            return
                        if code != 200:
                            failed.append(code)
                        served += 1

            thread = threading.Thread(target=load)
            thread.start()
            try:
                for generation in range(2, 5):
                    write(document, "/a", *(f"/more{number}" for number in range(generation)), server=url)
                    gateway.expect(f"^generation {generation}: ")
            finally:
                over.set()
                thread.join()
            assert failed == []
            assert served > 0
