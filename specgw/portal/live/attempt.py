"""An attempt to sign in: everything that ties the provider's answer to the browser that was sent away.

All of it is made from one secret in a cookie of that browser. So no node has to remember who was sent away, and nobody else can
finish what this browser began: RFC 9700 sections 2.1 and 4.7 (CSRF, injected codes).
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode

from specgw.identity.code_flow import Attempt


def attempt_of(secret: str, redirect: str) -> Attempt:
    """The attempt that a cookie's secret stands for."""
    verifier = _part(secret, "verifier")
    # RFC 7636 section 4.2: S256.
    challenge = _text(hashlib.sha256(verifier.encode("ascii")).digest())
    return Attempt(redirect=redirect, state=_part(secret, "state"), nonce=_part(secret, "nonce"), verifier=verifier, challenge=challenge)


def _part(secret: str, name: str) -> str:
    """None of the parts tells the secret or another part; state and nonce are seen by others."""
    return _text(hmac.digest(secret.encode(), f"specgw portal: {name}".encode(), hashlib.sha256))


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
