"""Ballots that do not count, as the public and their voters are told of them."""

from server.endpoint import Routes
from server.schemas.screening import (
    BallotCountView,
    ObjectionBody,
    ObjectionView,
    OwnSetAsideView,
)
from services import screening

routes = Routes("screening", __name__, description="Ballots that are set aside")


@routes.endpoint(
    "GET",
    "/campaigns/<id:campaign_id>/ballot-count",
    access="anyone",
    rate="read",
    summary="How many ballots count, await review and were annulled",
    returns=BallotCountView(),
    refusals=("campaign_not_found",),
    is_cached=True,
)
def get_ballot_count(ctx, campaign_id):
    """To the last ballot where exact votes are shown; with the reasons of annulments always."""
    return screening.get_ballot_count(ctx, campaign_id=campaign_id)


@routes.endpoint(
    "GET",
    "/me/campaigns/<id:campaign_id>/set-aside",
    access="citizen",
    rate="account",
    summary="Which of one's own ballots were set aside",
    returns=OwnSetAsideView(),
    refusals=("campaign_not_found",),
)
def get_own_set_aside(ctx, campaign_id):
    """With one's objection, and whether one may still object."""
    return screening.get_own_set_aside(ctx, campaign_id=campaign_id)


@routes.endpoint(
    "POST",
    "/me/campaigns/<id:campaign_id>/objection",
    access="citizen",
    rate="account",
    summary="Object to what was set aside",
    body=ObjectionBody(),
    returns=ObjectionView(),
    status=201,
    is_idempotent=True,
    refusals=("campaign_not_found", "objection_made", "nothing_set_aside", "result_published"),
)
def make_objection(ctx, campaign_id, **values):
    """Once in each campaign, until its result is published. The same text again is the same."""
    return screening.make_objection(ctx, campaign_id=campaign_id, **values)
