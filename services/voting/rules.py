"""What may be done with a campaign at each status, and who may do it."""

from collections.abc import Mapping
from datetime import timedelta

from models import Campaign
from services.access import Permission
from services.context import Context
from services.errors import Conflict, Invalid

_P = Permission
# The status decides what can be done at all; the permission, by whom.
ACTIONS: dict[str, tuple[tuple[str, ...], Permission]] = {
    "edit": (("draft",), _P.MANAGE_CAMPAIGNS),
    "edit_texts": (("scheduled", "open", "suspended"), _P.MANAGE_CAMPAIGNS),
    "edit_entries": (("draft", "scheduled"), _P.MANAGE_CAMPAIGNS),
    "edit_entry_texts": (("open", "suspended"), _P.MANAGE_CAMPAIGNS),
    "withdraw_entry": (("scheduled", "open", "suspended"), _P.MANAGE_CAMPAIGNS),
    "delete": (("draft",), _P.MANAGE_CAMPAIGNS),
    "announce": (("draft",), _P.MANAGE_CAMPAIGNS),
    "retract": (("scheduled",), _P.MANAGE_CAMPAIGNS),
    "open": (("draft", "scheduled"), _P.MANAGE_CAMPAIGNS),
    "extend": (("scheduled", "open", "suspended"), _P.MANAGE_CAMPAIGNS),
    "suspend": (("open",), _P.MANAGE_CAMPAIGNS),
    "resume": (("suspended",), _P.MANAGE_CAMPAIGNS),
    "close": (("open", "suspended"), _P.MANAGE_CAMPAIGNS),
    "publish_result": (("closed",), _P.PUBLISH_RESULTS),
}
# What takes two persons, and at which statuses. At the others it is done at once, or not at all.
TAKES_TWO: dict[str, tuple[str, ...]] = {
    "extend": ("open", "suspended"),
    "close": ("open", "suspended"),
    "withdraw_entry": ("open", "suspended"),
    "publish_result": ("closed",),
}
# What is promised to voters when the campaign is announced.
RULE_FIELDS = frozenset(
    {
        "contest_code",
        "quarter",
        "title",
        "opens_at",
        "closes_at",
        "ballots_per_day",
        "ballots_per_entry_per_day",
        "ballots_in_all",
        "phone_required",
        "standings_mode",
        "standings_delay_minutes",
        "standings_freeze_minutes",
        "annulments_alone",
        "nominations_close_at",
    }
)
TEXT_FIELDS = frozenset({"title_mn", "introduction", "introduction_mn"})
LEAST_ENTRIES = 2


def allowed_actions(ctx: Context, campaign: Campaign) -> list[str]:
    """What this actor may do with the campaign now."""
    status = campaign.status_at(ctx.now)
    above = set(campaign.organization.ancestor_ids)
    return [
        action
        for action, (statuses, permission) in ACTIONS.items()
        if status in statuses
        and not above.isdisjoint(ctx.actor.organizations_for(permission))
        and not (action == "publish_result" and campaign.result_published_at)
    ]


def require_status_for(ctx: Context, campaign: Campaign, action: str) -> None:
    """Raise Conflict with the reason why the campaign's status forbids the action."""
    status = campaign.status_at(ctx.now)
    if status not in ACTIONS[action][0]:
        raise Conflict(f"campaign_is_{status}")


def require_one_is_enough(ctx: Context, campaign: Campaign, action: str) -> None:
    """Raise Conflict if a second person has to agree to the action by now."""
    if campaign.status_at(ctx.now) in TAKES_TWO[action]:
        raise Conflict("second_person_needed_for_this")


def check_rules(rules: Mapping[str, object]) -> None:
    """Raise Invalid for rules that contradict each other; `rules` holds all of RULE_FIELDS."""
    if rules["opens_at"] >= rules["closes_at"]:
        raise Invalid("campaign_span_reversed")
    freeze = timedelta(minutes=rules["standings_freeze_minutes"])
    if freeze >= rules["closes_at"] - rules["opens_at"]:
        raise Invalid("campaign_freeze_too_long")
    if rules["ballots_per_entry_per_day"] > rules["ballots_per_day"]:
        raise Invalid("campaign_limits_reversed")
    in_all = rules["ballots_in_all"]
    if in_all is not None and in_all < rules["ballots_per_day"]:
        raise Invalid("campaign_total_too_small")
    nominations_close_at = rules["nominations_close_at"]
    if nominations_close_at is not None and nominations_close_at > rules["opens_at"]:
        raise Invalid("nominations_close_too_late")
