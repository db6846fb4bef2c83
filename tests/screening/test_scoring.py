"""Each signal by itself, with and without reason, on facts alone."""

import random
from dataclasses import replace

import pytest

from services.screening.clusters import DAY, HOUR, DeviceCounts, Facts, Timeline, is_regular
from services.screening.rules import (
    DEFAULTS,
    SIGNALS,
    merge,
    public_reason,
    resolve,
)
from services.screening.scoring import Batch, Surroundings, judge

NOON = 20_000 * DAY + 4 * HOUR
HONEST = Facts(
    ballot_id=1,
    entry_id=7,
    voter_id=1,
    at=float(NOON),
    source="list",
    network=1,
    device=1,
    made_at=float(NOON - 40 * DAY),
    first_at=float(NOON - 40 * DAY + 60),
    has_phone=True,
    risk_rank=0,
)


def crowd(number: int, **values) -> list[Facts]:
    """So many people within half an hour, by chance; values may be functions of the number."""
    chance = random.Random(3)
    ballots = []
    for place in range(number):
        given = {name: value(place) if callable(value) else value for name, value in values.items()}
        known = {
            "ballot_id": place + 1,
            "voter_id": place + 1,
            "at": NOON + chance.random() * 1800,
            "network": 1000 + place,
            "device": 1000 + place,
        }
        ballots.append(replace(HONEST, **(known | given)))
    return ballots


def around(ballots: list[Facts], **values) -> Surroundings:
    counts: dict[int, int] = {}
    for each in ballots:
        counts[int(each.at // 60)] = counts.get(int(each.at // 60), 0) + 1
    return Surroundings(Timeline(counts.items()), **values)


def signals_of(ballots: list[Facts], **values) -> set[str]:
    verdicts = judge(ballots, around(ballots, **values), DEFAULTS)
    return {name for verdict in verdicts for name in verdict.points}


def test_an_ordinary_ballot_shows_nothing():
    assert signals_of([HONEST]) == set()


@pytest.mark.parametrize(
    ("signal", "values"),
    [
        ("risk_rank_4", {"risk_rank": 4}),
        ("risk_rank_3", {"risk_rank": 3}),
        ("risk_no_visit", {"risk_rank": None, "refusal": "no_visit"}),
        ("new_account", {"made_at": NOON - 300.0, "first_at": float(NOON)}),
        ("no_phone", {"has_phone": False}),
        ("share_path", {"source": None}),
        ("night", {"at": NOON + 15.0 * HOUR}),
    ],
)
def test_what_a_ballot_shows_by_itself_never_suffices(signal, values):
    ballot = replace(HONEST, **values)
    (verdict,) = judge([ballot], around([ballot]), DEFAULTS)
    assert set(verdict.points) == {signal}
    assert verdict.score < DEFAULTS.threshold


@pytest.mark.parametrize("refusal", ["unauthorized", "no_identity", "failed"])
def test_what_is_not_the_voters_doing_is_no_signal(refusal):
    assert signals_of([replace(HONEST, risk_rank=None, refusal=refusal)]) == set()


def test_no_signal_alone_reaches_the_threshold():
    assert max(signal.weight for signal in SIGNALS.values()) < DEFAULTS.threshold


def test_many_from_one_network_for_hardly_anything_else():
    assert signals_of(crowd(20, network=1)) == {"network_burst"}
    assert signals_of(crowd(19, network=1)) == set()
    # A carrier's gateway: as many vote for others from there.
    assert signals_of(crowd(20, network=1), network_ballots={1: 60}) == set()
    # One person with many ballots is no crowd.
    assert signals_of(crowd(20, network=1, voter_id=1)) == set()
    # Nor are those who come over a whole day.
    spread = crowd(20, network=1, at=lambda place: NOON + place * 1200.0 + (place % 7) * 500)
    assert "network_burst" not in signals_of(spread)


def test_a_device_far_more_common_than_elsewhere():
    farm = crowd(30, device=lambda place: 5 if place % 2 else 1000 + place)
    assert signals_of(farm) == {"device_burst"}
    # Elsewhere every fifth has the same phone.
    assert signals_of(farm, device_shares={5: 0.2}) == set()
    assert signals_of(farm[:28]) == set()


def test_a_burst_of_an_entry_is_told_from_its_usual_pace():
    burst = crowd(300)
    assert signals_of(burst) == {"entry_burst"}
    minutes = [(int(NOON // 60) - minute, 3) for minute in range(1, 1440)]
    busy = Surroundings(Timeline([*minutes, *((int(NOON // 60) + n, 10) for n in range(30))]))
    assert judge(burst, busy, DEFAULTS)[0].points == {}


def test_intervals_like_clockwork():
    steady = crowd(20, network=lambda _: 1, at=lambda place: NOON + place * 400.0 + place % 3)
    assert signals_of(steady) == {"clock_pattern"}
    chance = random.Random(1)
    for _ in range(200):
        moments = sorted(NOON + chance.random() * 9000 for _ in range(20))
        assert not is_regular(moments, 0.3)
    assert not is_regular([NOON] * 20, 0.5)


def test_idle_accounts_made_together():
    values = {"made_at": NOON - 3.0 * DAY, "first_at": float(NOON)}
    batch = int(values["made_at"] // 600)
    made = crowd(12, **values)
    assert "created_together" in signals_of(made, batches={batch: Batch(12, 13)})
    assert "created_together" not in signals_of(made, batches={batch: Batch(12, 40)})
    assert "created_together" not in signals_of(made, batches={batch: Batch(9, 9)})
    # Most of the campaign votes for the entry, so most of any batch does.
    assert "created_together" not in signals_of(
        made, batches={batch: Batch(12, 13)}, entry_share=0.9
    )
    # Whoever voted when they signed up, in whatever campaign, was not idle.
    at_once = crowd(12, made_at=NOON - 3.0 * DAY, first_at=NOON - 3.0 * DAY + 90)
    assert signals_of(at_once, batches={batch: Batch(12, 12)}) == set()


def test_a_company_that_wechat_warns_of():
    def warned(share: int):
        return lambda place: 3 if place % share == 0 else 0

    assert "risky_company" in signals_of(crowd(30, network=1, risk_rank=warned(4)))
    assert "risky_company" not in signals_of(crowd(30, network=1, risk_rank=warned(10)))
    assert "risky_company" not in signals_of(crowd(30, risk_rank=warned(4)))


def test_a_hospital_at_lunch_is_not_punished_even_at_its_worst():
    """One address, new accounts without phones, at once, and one of them a little risky."""
    staff = crowd(
        300,
        network=1,
        device=lambda place: place % 90,
        made_at=NOON - 200.0,
        first_at=float(NOON),
        has_phone=False,
        risk_rank=lambda place: 3 if place == 5 else 0,
    )
    shares = dict.fromkeys(range(90), 0.02)
    verdicts = judge(staff, around(staff, device_shares=shares), DEFAULTS)
    assert max(verdict.score for verdict in verdicts) < DEFAULTS.threshold


def test_a_script_behind_one_address_is_set_aside():
    farm = crowd(
        60,
        network=1,
        device=1,
        source=None,
        has_phone=False,
        made_at=NOON - 100.0,
        first_at=float(NOON),
        at=lambda place: NOON + place * 12.0,
    )
    verdicts = judge(farm, around(farm), DEFAULTS)
    assert min(verdict.score for verdict in verdicts) >= DEFAULTS.threshold
    assert verdicts[0].pattern == ("device", f"7:1:{20_000}")


def test_weights_and_parameters_are_the_campaigns():
    settings = resolve({"signals": {"network_burst": {"least": 5, "weight": 99}}})
    farm = crowd(5, network=1)
    assert judge(farm, around(farm), settings)[0].points == {"network_burst": 99}
    off = resolve({"signals": {"network_burst": {"weight": 0}}})
    assert judge(crowd(30, network=1), around(farm), off)[0].points == {}


def test_differences_from_the_defaults_are_kept_and_no_more():
    changed = merge({}, {"threshold": 90, "signals": {"night": {"weight": 0}}})
    assert changed == {"threshold": 90, "signals": {"night": {"weight": 0}}}
    assert merge(changed, {"threshold": 100, "signals": {"night": {"weight": 10}}}) == {}


def test_reasons_are_neutral_words_of_the_strongest_signals():
    assert public_reason({"no_phone": 10, "device_burst": 40, "risk_rank_3": 30, "night": 10}) == (
        "同型号设备短时间集中投票、微信安全提示需核实、深夜投票"
    )
    assert public_reason({}) == "需人工核实"
    accusing = ("刷票", "作弊", "水军", "虚假")
    assert not [each for each in SIGNALS.values() if any(word in each.word for word in accusing)]


def test_shares_elsewhere_leave_the_entry_out():
    counts = DeviceCounts([(5, 1, 30), (5, 2, 10), (None, 2, 90), (None, 1, 70)])
    assert counts.shares_elsewhere(1) == {5: 0.1}
    assert counts.share_of(1) == 0.5
    assert DeviceCounts([(5, 1, 3)]).shares_elsewhere(1) == {}
