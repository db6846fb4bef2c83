"""Bearer tokens: from the Authorization header to an actor."""

from flask import Request

from server.extensions import Runtime
from services.access import ANONYMOUS, Actor
from services.errors import SignInRequired
from services.tokens import AccessClaims

SCHEME = "bearer"


def read_claims(request: Request, runtime: Runtime) -> AccessClaims:
    """What the request's token says; raises SignInRequired without a valid one.

    Whether the session still stands is not known yet.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != SCHEME or not token:
        raise SignInRequired("sign_in_required")
    return runtime.services.token_signer.read(token.strip(), now=runtime.clock.now())


def guess_actor(request: Request, runtime: Runtime) -> Actor:
    """Who seems to ask on a public route, where a bad token counts as none."""
    if "Authorization" not in request.headers:
        return ANONYMOUS
    try:
        return claimed_actor(read_claims(request, runtime))
    except SignInRequired:
        return ANONYMOUS


def claimed_actor(claims: AccessClaims) -> Actor:
    return Actor(citizen_id=claims.citizen_id, session_id=claims.session_id)
