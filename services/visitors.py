"""Telling visitors apart for one day and one purpose, without knowing who they are."""

import re
from ipaddress import IPv6Network, ip_address

from services.clock import local_day
from services.context import Context

KEY_BYTES = 8
# So often at most one address counts a day, however many browsers it pretends to be: more people
# than a household has, and fewer than would be worth pretending.
BROWSERS_OF_AN_ADDRESS = 64
# A provider gives each customer a range of this length at least.
IPV6_RANGE = 64
ROBOTS = re.compile(
    # Cubot makes phones.
    r"(?<!cu)bot(\b|[_-])|crawl|spider|slurp|archiver|preview|monitor|headless|phantomjs|selenium"
    r"|playwright|puppeteer|scrapy|httrack|curl|wget|python|java/|go-http|okhttp|libwww|httpclient"
    r"|node-fetch|axios|ruby|perl|php|facebookexternalhit|mpcrawler|lighthouse|postman",
    re.IGNORECASE,
)


def visitor_key(ctx: Context, *, purpose: str, about: object = "") -> int | None:
    """A keyed hash of who asks, of the day and of what it is about; None for a robot.

    The same visitor has another key on another day, for another purpose and about something else,
    so that keys cannot be put together to what one person did. It is told apart by the account, or
    else by the address and the browser.
    """
    if is_robot(ctx.origin.user_agent):
        return None
    facts = f"{local_day(ctx.now)}|{about}|{_who(ctx)}"
    return _number(ctx, facts, purpose=f"visitor.{purpose}")


def is_robot(user_agent: str) -> bool:
    """Whether a program says of itself that it is one, or does not say what it is."""
    return not user_agent.strip() or ROBOTS.search(user_agent) is not None


def _who(ctx: Context) -> str:
    if ctx.actor.is_citizen:
        return f"citizen {ctx.actor.citizen_id}"
    browser = _number(ctx, ctx.origin.user_agent, purpose="visitor.browser")
    return f"address {_place(ctx.origin.address)} {browser % BROWSERS_OF_AN_ADDRESS}"


def _place(text: str) -> str:
    """The address; of IPv6 the range it is in, all of which one person may use."""
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), IPV6_RANGE), strict=False))


def _number(ctx: Context, text: str, *, purpose: str) -> int:
    """63 bits of the keyed hash, as a bigint column holds them."""
    digest = ctx.services.crypto.blind_index(text, purpose=purpose)
    return int.from_bytes(digest[:KEY_BYTES]) >> 1
