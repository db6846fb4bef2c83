"""What a client has to know before anybody signs in."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.context import Context
from services.message_templates import MessageTemplate
from services.policies import Operator


@dataclass(frozen=True, slots=True)
class PublicSettings:
    """Facts of this installation, the same for everybody."""

    operator: Operator
    # Whether one can sign in outside the mini-program.
    browser_sign_in: bool
    message_templates: Sequence[MessageTemplate]
    policy_version: str


def read_public_settings(ctx: Context) -> PublicSettings:
    """All that clients are told; the one place to add to it."""
    return PublicSettings(
        operator=ctx.services.operator,
        browser_sign_in=ctx.services.official_account is not None,
        message_templates=ctx.services.message_templates,
        policy_version=ctx.services.privacy_policy.version,
    )
