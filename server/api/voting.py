"""Contests, campaigns, entries, ballots and standings."""

from server.endpoint import Routes
from server.problems import CODE_REFUSALS
from server.schemas.common import PageQuery
from server.schemas.voting import (
    BallotBody,
    BallotReceiptView,
    CampaignPage,
    CampaignQuery,
    CampaignView,
    ContestList,
    EntryPage,
    EntryQuery,
    EntryView,
    OwnBallotPage,
    OwnBallotView,
    RemainingNowView,
    SceneView,
    StandingsView,
)
from services import voting

routes = Routes("voting", __name__, description="Public votes in the nine contests")


@routes.endpoint(
    "GET",
    "/contests",
    access="anyone",
    rate="read",
    summary="The nine contests",
    returns=ContestList(),
    is_cached=True,
)
def list_contests(ctx):
    """In the order of the region's plan."""
    return {"items": voting.list_contests(ctx)}


@routes.endpoint(
    "GET",
    "/campaigns",
    access="anyone",
    rate="read",
    summary="Campaigns, the latest opening first",
    query=CampaignQuery(),
    returns=CampaignPage,
    refusals=("cursor_invalid",),
    is_cached=True,
)
def list_campaigns(ctx, **query):
    """Drafts are not shown to anybody here."""
    return voting.list_campaigns(ctx, **query)


@routes.endpoint(
    "GET",
    "/campaigns/<id:campaign_id>",
    access="anyone",
    rate="read",
    summary="One campaign",
    returns=CampaignView(),
    refusals=("campaign_not_found",),
    is_cached=True,
)
def get_campaign(ctx, campaign_id):
    """Its contest, span, rules and way of showing standings."""
    return voting.get_campaign(ctx, campaign_id=campaign_id)


@routes.endpoint(
    "GET",
    "/campaigns/<id:campaign_id>/entries",
    access="anyone",
    rate="read",
    summary="A campaign's entries",
    query=EntryQuery(),
    returns=EntryPage,
    refusals=("campaign_not_found", "cursor_invalid"),
    is_cached=lambda query: "seed" in query or query.get("order") == "number",
)
def list_entries(ctx, campaign_id, **query):
    """Shuffled so that no entry profits from its place, stable for each viewer; or by number.

    A client with many users sends a `seed` from 0 to 255 that it drew once: then its users share
    answers."""
    return voting.list_entries(ctx, campaign_id=campaign_id, **query)


@routes.endpoint(
    "GET",
    "/campaigns/<id:campaign_id>/entries/<id:entry_id>",
    access="anyone",
    rate="read",
    summary="One entry",
    returns=EntryView(),
    refusals=("campaign_not_found", "entry_not_found"),
    is_cached=True,
)
def get_entry(ctx, campaign_id, entry_id):
    """Number, name, organization, portrait and statement."""
    return voting.get_entry(ctx, campaign_id=campaign_id, entry_id=entry_id)


@routes.endpoint(
    "POST",
    "/campaigns/<id:campaign_id>/ballots",
    access="citizen_checked_by_service",
    rate="cast_ballot",
    summary="Vote for an entry",
    body=BallotBody(),
    returns=BallotReceiptView(),
    status=201,
    is_idempotent=True,
    refusals=(
        "campaign_not_found",
        "campaign_not_open",
        "campaign_closed",
        "entry_not_in_campaign",
        "daily_limit_reached",
        "entry_limit_reached",
        "total_limit_reached",
        "phone_required",
    ),
)
def cast_ballot(ctx, campaign_id, **ballot):
    """201 means the ballot is on disk. The same Idempotency-Key again brings the same answer and
    casts nothing; a refusal is not remembered."""
    return voting.cast_ballot(ctx, campaign_id=campaign_id, **ballot)


@routes.endpoint(
    "GET",
    "/campaigns/<id:campaign_id>/standings",
    access="anyone",
    rate="read",
    summary="The standings, as the campaign shows them",
    returns=StandingsView(),
    refusals=("campaign_not_found",),
    is_cached=True,
)
def get_standings(ctx, campaign_id):
    """Ties share a rank. Exact and whole once the campaign has closed."""
    return voting.get_standings(ctx, campaign_id=campaign_id)


@routes.endpoint(
    "GET",
    "/campaigns/<id:campaign_id>/code",
    access="anyone",
    rate="public_code",
    summary="A campaign's mini-program code",
    downloads="image/png",
    is_cached=True,
    refusals=CODE_REFUSALS,
)
def show_campaign_code(ctx, campaign_id):
    """For posters; scanned, it opens the campaign. The first to ask waits for WeChat."""
    return voting.get_public_code(ctx, campaign_id=campaign_id)


@routes.endpoint(
    "GET",
    "/campaigns/<id:campaign_id>/entries/<id:entry_id>/code",
    access="anyone",
    rate="public_code",
    summary="An entry's mini-program code",
    downloads="image/png",
    is_cached=True,
    refusals=CODE_REFUSALS,
)
def show_entry_code(ctx, campaign_id, entry_id):
    """For posters; scanned, it opens the entry. The first to ask waits for WeChat."""
    return voting.get_public_code(ctx, campaign_id=campaign_id, entry_id=entry_id)


@routes.endpoint(
    "GET",
    "/scenes/<token>",
    access="anyone",
    rate="read",
    summary="Where a mini-program code leads",
    returns=SceneView(),
    refusals=("scene_not_found",),
    is_cached=True,
)
def find_scene(ctx, token):
    """`token` is the `scene` the mini-program was opened with. Drafts are nowhere yet."""
    return voting.find_scene(ctx, token=token)


@routes.endpoint(
    "GET",
    "/me/campaigns/<id:campaign_id>/remaining",
    access="citizen",
    rate="account",
    summary="How many ballots one has left in a campaign",
    returns=RemainingNowView(),
    refusals=("campaign_not_found",),
)
def get_remaining(ctx, campaign_id):
    """By the rules of the ballot box, which has the last word when the vote is cast."""
    return voting.get_remaining(ctx, campaign_id=campaign_id)


@routes.endpoint(
    "GET",
    "/me/ballots",
    access="citizen",
    rate="account",
    summary="One's own ballots, the latest first",
    query=PageQuery(),
    returns=OwnBallotPage,
    refusals=("cursor_invalid",),
)
def list_own_ballots(ctx, **query):
    """With the receipt code of each."""
    return voting.list_own_ballots(ctx, **query)


@routes.endpoint(
    "GET",
    "/me/ballots/<id:ballot_id>",
    access="citizen",
    rate="account",
    summary="One of one's own ballots",
    returns=OwnBallotView(),
    refusals=("ballot_not_found",),
)
def get_own_ballot(ctx, ballot_id):
    """Another's is not found."""
    return voting.get_own_ballot(ctx, ballot_id=ballot_id)
