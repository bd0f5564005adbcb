"""Documents on other machines, for those hosts alone that the user has named: `--allow-remote HOST`.

Nothing is fetched from a host that nobody named, redirects to such a one included: a document is often somebody else's, and
what it refers to must not decide whom this machine talks to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from specgw import __version__
from specgw.openapi.marks import MAX_BYTES

if TYPE_CHECKING:
    import httpx

PATIENCE = 10.0
"""Seconds without a byte after which a fetch is given up."""
MAX_REDIRECTS = 5
MAX_FETCHES = 200
"""Documents of one compile; more are a mistake, or somebody's game."""


class Unfetched(Exception):
    """Why there is no document, in words that end a sentence."""


class Remote:
    """Fetches documents over HTTP from the hosts in `hosts`: `NAME` for any port, or `NAME:PORT`."""

    def __init__(self, hosts: tuple[str, ...] = ()) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._fetched = 0
        self._client: httpx.Client | None = None

    def allows(self, url: str) -> bool:
        """Whether the host of an http or https URL was named."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            return False
        named = f"[{host}]" if ":" in host else host
        return parts.scheme in ("http", "https") and not self._hosts.isdisjoint((named, f"{named}:{port}"))

    def get(self, url: str) -> bytes:
        """The document at a URL that is allowed; raises Unfetched."""
        import httpx

        try:
            for _ in range(MAX_REDIRECTS + 1):
                if not self.allows(url) or httpx.URL(url).host.lower() != urlsplit(url).hostname:  # one reading, not two
                    raise Unfetched(f"it is redirected to {urlsplit(url).netloc or url}, which --allow-remote does not name")
                self._fetched += 1
                if self._fetched > MAX_FETCHES:
                    raise Unfetched(f"more than {MAX_FETCHES} documents would be fetched")
                with self._connected().stream("GET", url) as response:
                    if response.has_redirect_location:
                        url = urljoin(url, response.headers["location"])
                        continue
                    if response.status_code != 200:
                        raise Unfetched(f"the answer has the status {response.status_code}")
                    return _whole(response)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as error:
            raise Unfetched(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__) from None
        raise Unfetched(f"there are more than {MAX_REDIRECTS} redirects")

    def _connected(self) -> httpx.Client:
        if self._client is None:
            import ssl

            import httpx

            headers = {"Accept": "application/yaml, application/json, */*;q=0.5", "User-Agent": f"specgw/{__version__}"}
            self._client = httpx.Client(headers=headers, timeout=PATIENCE, trust_env=False, verify=ssl.create_default_context())
        return self._client


def _whole(response: httpx.Response) -> bytes:
    body = bytearray()
    for piece in response.iter_bytes():  # content codings off: what is counted is what would be kept
        body += piece
        if len(body) > MAX_BYTES:
            raise Unfetched(f"it is larger than {MAX_BYTES >> 20} MiB")
    return bytes(body)
