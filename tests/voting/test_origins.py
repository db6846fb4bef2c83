"""Where a ballot comes from is kept as hashes that cannot be followed from campaign to campaign."""

import pytest
from sqlalchemy import select

from models import Ballot, BallotOrigin
from tests.http import HTTPClient


def vote_from(app, make, session, campaign, address, agent="MicroMessenger/8.0"):
    client = app.test_client()
    client.environ_base.update(REMOTE_ADDR=address, HTTP_USER_AGENT=agent)
    entry_id = make.entries(campaign)[0]
    answer = HTTPClient(client).vote(campaign.id, entry_id, token=make.citizen().token)
    assert answer.status_code == 201
    session.expire_all()
    return session.get(BallotOrigin, answer.get_json()["id"])


def test_neighbours_share_a_network_and_not_an_address(app, make, session):
    campaign = make.campaign()
    one = vote_from(app, make, session, campaign, "203.0.113.7")
    other = vote_from(app, make, session, campaign, "203.0.113.8")
    far = vote_from(app, make, session, campaign, "203.0.114.7", agent="another phone")
    assert one.network_key == other.network_key != far.network_key
    assert one.address_key != other.address_key
    assert one.device_key == other.device_key != far.device_key
    assert str(one.address) == "203.0.113.7"


def test_hashes_mean_nothing_in_another_campaign(app, make, session):
    here = vote_from(app, make, session, make.campaign(), "203.0.113.7")
    there = vote_from(app, make, session, make.campaign(), "203.0.113.7")
    assert here.network_key != there.network_key
    assert here.device_key != there.device_key


@pytest.mark.parametrize("address", ["2001:db8:1:2::7", "::ffff:203.0.113.7", "fe80::1%eth0"])
def test_addresses_of_the_sixth_version(app, make, session, address):
    assert vote_from(app, make, session, make.campaign(), address).network_key is not None


@pytest.mark.parametrize("address", ["", "unix:", "not an address"])
def test_without_an_address_one_votes_all_the_same(app, make, session, address):
    origin = vote_from(app, make, session, make.campaign(), address)
    assert (origin.address_key, origin.network_key, origin.address) == (None, None, None)


def test_every_ballot_knows_its_transaction(app, make, session):
    vote_from(app, make, session, make.campaign(), "203.0.113.7")
    assert session.scalars(select(Ballot.xact)).one() > 0
