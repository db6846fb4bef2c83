"""Forgetting where ballots came from, as the privacy policy promises."""

from datetime import timedelta

from services.context import Context
from services.screening.statements import FORGET_ADDRESSES, FORGET_ORIGINS

# WeChat is asked within two hours of the vote; then nobody needs the address any more. The policy
# promises three hours, and the job comes every fifteen minutes.
ADDRESS_KEPT = timedelta(hours=2, minutes=40)
# Until nobody decides or objects any more, and a little longer for whoever asks then.
KEPT_AFTER_PUBLICATION = timedelta(days=30)
KEPT_AFTER_CLOSING = timedelta(days=180)
# This far back it looks for addresses that it missed while it did not run.
LOOKED_BACK = timedelta(days=30)


def forget_addresses(ctx: Context) -> int:
    """Drop addresses before they are three hours old; returns how many."""
    until = ctx.now - ADDRESS_KEPT
    asked = {"until": until, "since": until - LOOKED_BACK}
    return ctx.session.execute(FORGET_ADDRESSES, asked).rowcount


def forget_origins(ctx: Context) -> int:
    """Drop what else is known of where ballots came from; returns of how many."""
    asked = {
        "published_before": ctx.now - KEPT_AFTER_PUBLICATION,
        "closed_before": ctx.now - KEPT_AFTER_CLOSING,
    }
    return ctx.session.execute(FORGET_ORIGINS, asked).rowcount
