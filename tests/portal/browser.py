"""Debian's Chromium, driven through Playwright, and a tab that notices everything that a page must not do."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, ViewportSize, sync_playwright

AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
PHONE: ViewportSize = {"width": 360, "height": 740}
WIDE: ViewportSize = {"width": 1440, "height": 900}

# What the browser says of an answer with an error's status, which pages show on purpose.
_FAILED_LOAD = re.compile(r"Failed to load resource: the server responded with a status of \d+")

# Policies are broken without a word to the page, unless somebody listens; before any of its scripts.
_LISTEN = """
window.addEventListener("securitypolicyviolation", (event) => console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`));
"""

# Layout Instability API: what moves by itself counts, what moves because somebody has just pressed something does not.
_MOVES = """
window.moved = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    const names = entry.sources.map((one) => one.node?.nodeName + "." + (one.node?.className ?? ""));
    if (!entry.hadRecentInput) window.moved.push([entry.value, names.join(" ")]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("needs Chromium: `nox -s tests` installs it as root; on Debian, `apt-get install chromium`")
    # The sandbox of Chromium refuses to run for root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


class Tab:
    """A page in a profile of its own; `wrong` lists what it did that no page may do, `failed` what it asked for in vain."""

    def __init__(self, browser: Browser, origin: str, *, allowed: tuple[str, ...] = (), **options: Any) -> None:
        self.origin = origin
        self.wrong: list[str] = []
        self.console: list[str] = []
        self.failed: list[str] = []
        self._allowed = {_origin(origin), *map(_origin, allowed)}
        self.context: BrowserContext = browser.new_context(**{"viewport": WIDE, **options})
        self.context.set_default_timeout(15_000)
        self.context.add_init_script(_LISTEN)
        self.context.add_init_script(_MOVES)
        self.context.route(lambda url: _origin(url) not in self._allowed, self._refuse)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.wrong.append(f"uncaught: {error}"))
        self.page.on("dialog", self._asked)
        self.page.on("response", lambda answer: self.failed.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)
        self.page.on("requestfailed", lambda request: self._lost(str(request.failure), request.url))

    def goto(self, path: str) -> Page:
        """Open a path of the origin."""
        self.page.goto(f"{self.origin}/{path.lstrip('/')}")
        return self.page

    def axe(self, *, without: str | None = None, rules: tuple[str, ...] = ()) -> list[str]:
        """What axe-core finds wrong with the page as it stands, in words.

        `without`: a selector that is left out. `rules`: only these; else all of WCAG 2.2 AA, and best practice.
        """
        if not AXE.is_file():
            pytest.fail("needs axe-core: `npm ci --prefix tests`; `nox -s tests` sees to it where npm is installed")
        # Not as a script of the page: its policy forbids that.
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8") + "; undefined")
        scope = {"exclude": [[without]]} if without else {"include": [["html"]]}
        tags = list(rules) or ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        options = {"runOnly": {"type": "rule" if rules else "tag", "values": tags}, "resultTypes": ["violations"], "preload": False}
        found = self.page.evaluate("([scope, options]) => axe.run(scope, options)", [scope, options])
        return [
            f"{violation['id']}: {violation['help']}: {node['html'][:200]} ({node['failureSummary']})"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        wider: int = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return wider

    def moved(self) -> list[tuple[float, str]]:
        """What has moved by itself since the page was opened, and how far (web.dev "Cumulative Layout Shift")."""
        # The observer hears of a frame after it was painted.
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))")
        moves: list[tuple[float, str]] = self.page.evaluate("window.moved")
        return moves

    def close(self) -> None:
        self.context.close()

    def keep(self, folder: Path, name: str) -> str:
        """A picture and everything that was said, for whoever looks into a failure."""
        folder.mkdir(parents=True, exist_ok=True)
        picture = folder / f"{re.sub(r'[^A-Za-z0-9._-]+', '-', name)}.png"
        self.page.screenshot(path=picture, full_page=True)
        return "\n".join((f"screenshot: {picture}", f"at: {self.page.url}", *self.console))

    def _said(self, message: ConsoleMessage) -> None:
        self.console.append(f"{message.type}: {message.text}")
        if message.type in ("error", "warning") and not _FAILED_LOAD.fullmatch(message.text.split(" (")[0]):
            self.wrong.append(f"console {message.type}: {message.text}")

    def _lost(self, reason: str, url: str) -> None:
        # What a page has not got yet is given up when one leaves it.
        if reason != "net::ERR_ABORTED":
            self.failed.append(f"{reason} {url}")

    def _refuse(self, route: Route) -> None:
        self.wrong.append(f"request to another origin: {route.request.url}")
        route.abort()

    def _asked(self, dialog: Any) -> None:
        self.wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
