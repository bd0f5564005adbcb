"""Signing in to the portal, where it could not work or would be for nothing."""

from __future__ import annotations

from urllib.parse import urlsplit

from specgw.compiler.draft import Draft
from specgw.plan.model import Scheme
from specgw.policies.auth.addresses import loopback, unfit


def run(draft: Draft) -> None:
    """Report what stands in its way, at its place."""
    said, place = draft.edge.portal.sign_in, draft.gateway.place("portal.signIn")
    if said is None or place is None or not draft.edge.portal.enabled:
        return
    add = draft.findings.add
    if "${" not in said.issuer and unfit(said.issuer, plain=said.plain_http) is not None:
        message = "what the provider says would come unencrypted from another machine: it is not asked, and nobody can sign in"
        hint = "write https; or `plainHttp: true` where the network between is trusted"
        add("unencrypted-issuer", draft.gateway.place("portal.signIn.issuer") or place, message, hint=hint)
    public = draft.edge.listen.public_url
    if public is not None and "${" not in public and public.startswith("http:") and not loopback(urlsplit(public).hostname or ""):
        message = f"people would sign in at {public} without TLS: their sessions could be taken over on the way"
        hint = "say the https address in 'listen.publicUrl', of a proxy too"
        add("sign-in-in-the-clear", draft.gateway.place("listen.publicUrl") or place, message, hint=hint)
    served = (declared for declared in draft.declared if declared.served)
    asked = {required.scheme for declared in served for alternative in declared.security or () for required in alternative}
    if not any(_takes_keys(scheme) for key, scheme in draft.schemes.items() if key in asked):
        message = "people could make keys, and no operation asks for a security scheme that takes them"
        add("sign-in-without-keys", place, message, hint="such as {type: apiKey, in: header, name: X-API-Key}")


def _takes_keys(scheme: Scheme) -> bool:
    return scheme.verify == "gateway" and (scheme.kind == "apiKey" or (scheme.kind == "basic" and not scheme.users))
