"""Where a ballot comes from, told apart without being told."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from services.ballot_box import BallotOrigin
from services.context import Context

# What a provider usually gives to one customer, or one building.
IPV4_RANGE, IPV6_RANGE = 24, 48
KEY_BYTES = 8
LARGEST_KEY = 2**63 - 1


def trace_origin(ctx: Context, campaign_id: int) -> BallotOrigin:
    """The actor's address, its range and their browser as hashes of this campaign's own."""
    address = _read_address(ctx.origin.address)

    def key(kind: str, value: object) -> int:
        digest = ctx.services.crypto.blind_index(str(value), purpose=f"ballot.{kind}.{campaign_id}")
        return int.from_bytes(digest[:KEY_BYTES]) & LARGEST_KEY

    agent = ctx.origin.user_agent
    return BallotOrigin(
        address_key=address and key("address", address),
        network_key=address and key("network", _range_around(address)),
        device_key=key("device", agent) if agent else None,
        address=address and str(address),
    )


def _read_address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        # A zone is of no use to others, and no part of PostgreSQL's inet.
        return address.ipv4_mapped or IPv6Address(int(address))
    return address


def _range_around(address: IPv4Address | IPv6Address):
    length = IPV4_RANGE if address.version == 4 else IPV6_RANGE
    return ip_network((address, length), strict=False)
