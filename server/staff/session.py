"""Signing in to the console, and one's own account there."""

from server.endpoint import Routes
from server.schemas.common import PageQuery
from server.schemas.staff import (
    AcceptBody,
    InvitationTokenBody,
    InvitationView,
    OwnSessionList,
    PasswordBody,
    PasswordPolicyView,
    SessionView,
    SignInBody,
    SignInPage,
    TotpBody,
    TotpSetupView,
)
from services import staff

routes = Routes("staff_session", __name__, description="Signing in to the console")


@routes.endpoint(
    "POST",
    "/auth/sign-in",
    access="anyone",
    rate="staff_sign_in",
    summary="Sign in: the password",
    body=SignInBody(),
    returns=SessionView(),
    cookie="set",
    refusals=("staff_sign_in_refused",),
)
def sign_in(ctx, **credentials):
    """Sets the session's cookie; `step` says what comes next. The refusal does not tell why."""
    return staff.sign_in(ctx, **credentials)


@routes.endpoint(
    "GET",
    "/auth/totp-setup",
    access="staff_at_any_step",
    rate="staff",
    summary="The secret for an authenticator app",
    returns=TotpSetupView(),
    refusals=("totp_already_set_up",),
)
def prepare_totp(ctx):
    """The same until a code of it was sent to `/auth/totp`."""
    return staff.prepare_totp(ctx)


@routes.endpoint(
    "POST",
    "/auth/totp",
    access="staff_at_any_step",
    rate="staff_sign_in",
    summary="Sign in: the second factor, the first time too",
    body=TotpBody(),
    returns=SessionView(),
    cookie="set",
    refusals=("totp_code_wrong", "second_factor_passed"),
)
def pass_totp(ctx, code):
    """The session goes on under a new cookie and CSRF token."""
    return staff.pass_totp(ctx, code=code)


@routes.endpoint(
    "POST",
    "/auth/password",
    access="staff_at_any_step",
    rate="staff_sign_in",
    summary="Change one's password",
    body=PasswordBody(),
    returns=SessionView(),
    refusals=(
        "second_factor_required",
        "password_wrong",
        "password_unchanged",
        "password_too_short",
        "password_too_simple",
        "password_too_common",
    ),
)
def change_password(ctx, **passwords):
    """One's sessions at other browsers end."""
    return staff.change_password(ctx, **passwords)


@routes.endpoint(
    "POST",
    "/auth/sign-out",
    access="staff_at_any_step",
    rate="staff",
    summary="Sign out",
    status=204,
    cookie="clear",
)
def sign_out(ctx):
    """Ends the session on the server too."""
    staff.sign_out(ctx)


@routes.endpoint(
    "GET",
    "/session",
    access="staff_at_any_step",
    rate="staff",
    summary="Who is signed in, and what they may do",
    returns=SessionView(),
)
def describe_session(ctx):
    """Rights are listed once `step` is `ready`."""
    return staff.describe_session(ctx)


@routes.endpoint(
    "GET",
    "/password-policy",
    access="anyone",
    rate="staff",
    summary="What a password must be like",
    returns=PasswordPolicyView(),
    is_cached=True,
)
def password_policy(ctx):
    """Settings of this installation."""
    return staff.password_policy(ctx)


@routes.endpoint(
    "POST",
    "/invitations/look",
    access="anyone",
    rate="staff_sign_in",
    summary="Whom an invitation is for",
    body=InvitationTokenBody(),
    returns=InvitationView(),
    refusals=("invitation_not_found",),
)
def look_at_invitation(ctx, token):
    """Uses nothing up."""
    return staff.look_at_invitation(ctx, token=token)


@routes.endpoint(
    "POST",
    "/invitations/accept",
    access="anyone",
    rate="staff_sign_in",
    summary="Join, or set a new password",
    body=AcceptBody(),
    returns=SessionView(),
    cookie="set",
    refusals=(
        "invitation_not_found",
        "username_required",
        "username_taken",
        "password_too_short",
        "password_too_simple",
        "password_too_common",
    ),
)
def accept_invitation(ctx, **answer):
    """Works once, and goes on with the second factor."""
    return staff.accept_invitation(ctx, **answer)


@routes.endpoint(
    "GET",
    "/me/sign-ins",
    access="staff",
    rate="staff",
    summary="Tries to sign in to one's account",
    query=PageQuery(),
    returns=SignInPage,
    refusals=("cursor_invalid",),
)
def list_own_sign_ins(ctx, **query):
    """The latest first; whoever does not recognize one should change the password."""
    return staff.list_own_sign_ins(ctx, **query)


@routes.endpoint(
    "GET",
    "/me/sessions",
    access="staff",
    rate="staff",
    summary="Where one is signed in",
    returns=OwnSessionList(),
)
def list_own_sessions(ctx):
    """The latest first."""
    return {"items": staff.list_own_sessions(ctx)}


@routes.endpoint(
    "DELETE",
    "/me/sessions/<id:session_id>",
    access="staff",
    rate="staff",
    summary="Sign out at another browser",
    status=204,
    refusals=("not_found",),
)
def end_own_session(ctx, session_id):
    """At once."""
    staff.end_own_session(ctx, session_id=session_id)
