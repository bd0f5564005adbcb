"""Everything that ties an answer to a browser comes from one secret, and tells nothing of it."""

from __future__ import annotations

import base64
import hashlib

from specgw.portal.live.attempt import attempt_of


def test_the_same_secret_gives_the_same_attempt_and_another_one_nothing_of_it() -> None:
    one, again, other = (attempt_of(secret, "https://api.example/portal/callback") for secret in ("A" * 43, "A" * 43, "B" * 43))
    assert one == again
    parts = [part for attempt in (one, other) for part in (attempt.state, attempt.nonce, attempt.verifier, attempt.challenge)]
    assert len(set(parts)) == 8
    assert all(len(part) == 43 for part in parts), "RFC 7636 section 4.1: 43 to 128 characters"


def test_the_challenge_is_the_digest_of_the_verifier() -> None:
    attempt = attempt_of("A" * 43, "x")
    assert attempt.challenge == base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
