"""A ledger that is of one piece and rightly signed, but breaks the rules of its campaigns."""

import pytest

from tests.verifier.conftest import HIDDEN, MONGOLIAN, PUBLISHED, RUNNING, codes
from tests.verifier.writer import AT, DAY, LATER, Log, nonce_of, standings_view

OPEN = 3


@pytest.fixture
def log() -> Log:
    """An open campaign with three entries, and nothing in it yet."""
    log = Log()
    log.rules(OPEN, event="announced", at="2025-11-18T00:00:00Z")
    log.entries(OPEN, {30: "甲", 31: "乙", 32: "丙"})
    return log


@pytest.fixture
def found(check, log, site):
    """What is found in the log alone."""

    def run() -> list[dict]:
        site.files = log.publish()
        return check("--key", log.signer.verifier_key).report.findings

    return run


def only(findings: list[dict]) -> dict:
    assert len(findings) == 1, findings
    return findings[0]


# ------------------------------------------------------------------------------------- limits


def test_too_many_ballots_on_a_day(log, found):
    log.rules(OPEN, ballots_per_entry_per_day=3, at="2025-11-18T00:00:00Z")
    indexes = [log.ballot(OPEN, 30 + number % 3, voter=5) for number in range(4)]
    wrong = only(found())
    assert (wrong["code"], wrong["index"], wrong["found"]) == ("too_many_on_a_day", indexes[3], 4)
    assert (wrong["campaign"], wrong["day"], wrong["ballots"]) == (OPEN, DAY, indexes)


def test_as_many_as_allowed_on_each_day(log, found):
    for day in ("2025-11-19", "2025-11-20", "2025-11-21"):
        for entry in (30, 31, 32):
            log.ballot(OPEN, entry, voter=5, day=day)
    assert found() == []


def test_too_many_for_one_entry(log, found):
    log.ballot(OPEN, 30, voter=5)
    log.ballot(OPEN, 31, voter=5)
    second = log.ballot(OPEN, 30, voter=5)
    wrong = only(found())
    assert (wrong["code"], wrong["index"]) == ("too_many_for_an_entry", second)
    assert (wrong["entry"], wrong["limit"]) == (30, 1)


def test_too_many_in_all(log, found):
    log.rules(OPEN, ballots_in_all=2, at="2025-11-18T00:00:00Z")
    for day in ("2025-11-19", "2025-11-20"):
        log.ballot(OPEN, 30, voter=5, day=day)
    assert found() == []
    third = log.ballot(OPEN, 30, voter=5, day="2025-11-21")
    wrong = only(found())
    assert (wrong["code"], wrong["index"]) == ("too_many_in_all", third)


def test_a_voter_of_another_campaign_is_somebody_else(log, found):
    log.rules(OPEN + 1)
    log.entries(OPEN + 1, {30: "甲"})
    log.ballot(OPEN, 30, voter=5)
    log.ballot(OPEN + 1, 30, voter=5)
    assert found() == []


def test_limits_of_hidden_ballots_are_checked_once_they_are_open(log, found):
    choices = {log.hidden_ballot(OPEN, 30, voter=5): 30 for _ in range(2)}
    assert found() == []
    log.closing(OPEN, 2)
    log.openings(OPEN, choices)
    assert only(found())["code"] == "too_many_for_an_entry"


@pytest.mark.parametrize("day", ["2025-11-17", "2025-11-26", "0001-01-01", "9999-12-31"])
def test_a_day_without_voting(log, found, day):
    log.ballot(OPEN, 30, voter=5)
    index = log.ballot(OPEN, 30, voter=6, day=day)
    wrong = only(found())
    assert (wrong["code"], wrong["index"], wrong["day"]) == ("day_outside", index, day)


def test_an_extended_campaign(log, found):
    log.rules(OPEN, event="extended", closes_at="2025-12-01T00:00:00Z", persons=2, at=AT)
    log.ballot(OPEN, 30, voter=5, day="2025-11-30")
    assert found() == []


def test_an_entry_that_nobody_has_heard_of(log, found):
    index = log.ballot(OPEN, 99, voter=5)
    wrong = only(found())
    assert (wrong["code"], wrong["index"], wrong["entry"]) == ("entry_unknown", index, 99)


def test_ballots_without_rules(log, found):
    log.ballot(OPEN + 1, 30, voter=5)
    assert "rules_missing" in codes(found())


# ---------------------------------------------------------------------------------- decisions


@pytest.mark.parametrize(
    "kinds",
    [
        ["quarantine", "release"],
        ["quarantine", "annulment"],
        ["annulment", "release", "annulment"],
        ["quarantine", "annulment", "release"],
    ],
)
def test_legal_moves(log, found, kinds):
    ballot = log.ballot(OPEN, 30, voter=5)
    for kind in kinds:
        log.decide(kind, OPEN, ballot)
    assert found() == []


@pytest.mark.parametrize(
    ("kinds", "was"),
    [
        (["release"], "counted"),
        (["quarantine", "quarantine"], "quarantined"),
        (["annulment", "annulment"], "annulled"),
        (["annulment", "quarantine"], "annulled"),
        (["quarantine", "release", "release"], "counted"),
    ],
)
def test_illegal_moves(log, found, kinds, was):
    ballot = log.ballot(OPEN, 30, voter=5)
    last = [log.decide(kind, OPEN, ballot) for kind in kinds][-1]
    wrong = only(found())
    assert wrong["code"] == "decision_illegal"
    assert (wrong["index"], wrong["ballot"], wrong["was"]) == (last, ballot, was)


def test_a_decision_on_another_campaigns_ballot_or_on_nothing(log, found):
    log.rules(OPEN + 1)
    log.entries(OPEN + 1, {30: "甲"})
    other = log.ballot(OPEN + 1, 30, voter=5)
    for ballot in (other, 0, 100, 10**17):
        log.decide("quarantine", OPEN, ballot)
    assert [(each["code"], each["ballot"]) for each in found()] == [
        ("decision_on_nothing", each) for each in (other, 0, 100, 10**17)
    ]


def test_what_one_person_may_annul(log, found):
    ballots = [log.ballot(OPEN, 30, voter) for voter in range(5)]
    log.decide("annulment", OPEN, *ballots[:2])
    assert found() == []
    index = log.decide("annulment", OPEN, *ballots[2:])
    wrong = only(found())
    assert (wrong["code"], wrong["index"]) == ("annulment_one_person", index)
    assert (wrong["ballots"], wrong["limit"]) == (3, 2)


def test_a_withdrawal_after_opening_takes_two(log, found):
    telling = {"type": "withdrawal", "campaign": OPEN, "reason": "本人申请"}
    log.add(entry=32, persons=1, at="2025-11-18T12:00:00Z", **telling)
    log.add(entry=31, persons=2, at=AT, **telling)
    assert found() == []
    index = log.add(entry=30, persons=1, at=AT, **telling)
    wrong = only(found())
    assert (wrong["code"], wrong["index"]) == ("withdrawal_one_person", index)
    log.records.pop()
    log.add(entry=31, persons=2, at=AT, **telling)
    assert only(found())["code"] == "withdrawal_of_unknown"


def test_a_campaign_found_under_way_tells_of_earlier_withdrawals(found, log):
    log.rules(OPEN + 1, event="found", at=AT)
    log.entries(OPEN + 1, {40: "甲", 41: "乙"})
    log.add(type="withdrawal", campaign=OPEN + 1, entry=41, persons=1, at=AT, reason=None)
    log.ballot(OPEN + 1, 41, voter=1)
    assert found() == []


def test_changed_rules_after_opening_take_two(log, found):
    log.rules(OPEN, at="2025-11-18T01:00:00Z", ballots_per_day=2)
    log.rules(OPEN, at=AT, ballots_per_day=2)
    assert found() == []
    index = log.rules(OPEN, at=AT, ballots_per_day=2, annulments_alone=1000)
    wrong = only(found())
    assert (wrong["code"], wrong["index"]) == ("rules_one_person", index)


def test_what_was_retracted_may_change(log, found):
    log.add(type="event", campaign=OPEN, event="retracted", reason=None, at="2025-11-18T02:00:00Z")
    for entry in (31, 99):
        told = {"reason": "删除", "persons": 1, "at": AT}
        log.add(type="withdrawal", campaign=OPEN, entry=entry, **told)
    log.rules(OPEN, event="announced", at=AT, ballots_per_day=9)
    assert found() == []


# --------------------------------------------------------------------- closing and what follows


def test_a_ballot_after_closing(log, found):
    log.closing(OPEN, 0)
    index = log.ballot(OPEN, 30, voter=5)
    wrong = only(found())
    assert (wrong["code"], wrong["index"]) == ("ballot_after_closing", index)


def test_closing_with_another_count_and_twice(log, found):
    log.ballot(OPEN, 30, voter=5)
    log.closing(OPEN, 2)
    wrong = only(found())
    assert (wrong["code"], wrong["said"], wrong["found"]) == ("closing_count", 2, 1)
    log.closing(OPEN, 1)
    assert codes(found()) == ["closing_count", "closed_twice"]


def test_an_opening_for_another_entry(log, found):
    ballot = log.hidden_ballot(OPEN, 30, voter=5)
    log.closing(OPEN, 1)
    index = log.openings(OPEN, {ballot: 31})
    wrong = found()
    assert codes(wrong) == ["opening_wrong", "opening_missing"]
    assert (wrong[0]["index"], wrong[0]["ballot"], wrong[0]["entry"]) == (index, ballot, 31)


def test_a_missing_opening(log, found):
    ballots = [log.hidden_ballot(OPEN, 30, voter) for voter in range(3)]
    log.closing(OPEN, 3)
    log.openings(OPEN, {ballots[0]: 30, ballots[2]: 30})
    wrong = only(found())
    assert (wrong["code"], wrong["index"], wrong["ballots"]) == ("opening_missing", ballots[1], 1)


def test_openings_of_what_is_not_hidden_and_twice_and_too_early(log, found):
    shown, hidden = log.ballot(OPEN, 30, voter=1), log.hidden_ballot(OPEN, 30, voter=2)
    log.openings(OPEN, {hidden: 30})
    log.closing(OPEN, 2)
    log.openings(OPEN, {hidden: 30, shown: 30})
    assert codes(found()) == ["opening_before_closing", "opening_of_nothing", "opening_of_nothing"]


def test_of_hidden_ballots_no_places_are_told(log, site, tool, tmp_path, capsys):
    log.hidden_ballot(OPEN, 30, voter=1)
    site.files = log.publish()
    state = ["--state", str(tmp_path / "state"), "--patience", "0"]
    tool.main([site.url, *state, "--key", log.signer.verifier_key])
    told = capsys.readouterr().out
    assert "1 票的选择要到投票结束才公开" in told
    assert "第 1 名" not in told


def test_decisions_on_hidden_ballots(log, found, check, site):
    ballots = {log.hidden_ballot(OPEN, 30 + voter % 2, voter): 30 + voter % 2 for voter in range(6)}
    first, second, third, *_ = ballots
    log.decide("quarantine", OPEN, first, second)
    log.decide("annulment", OPEN, first, third, persons=2)
    log.closing(OPEN, 6)
    log.openings(OPEN, ballots)
    log.decide("release", OPEN, second)
    log.result(OPEN, {30: 1, 31: 3, 32: 0}, annulled=2)
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"standings": [[30, 3], [31, 1], [32, 0]], "counted": 4}, "result_votes"),
        ({"counted": 4}, "result_sum"),
        ({"annulled": 1}, "result_annulled"),
        ({"persons": 1}, "result_one_person"),
        ({"standings": [[31, 1], [30, 2], [32, 0]]}, "result_entries"),
        ({"standings": [[30, 2], [31, 1]]}, "result_entries"),
        ({"part": 2, "parts": 2}, "result_parts"),
        ({"parts": 2}, "result_unfinished"),
    ],
)
def test_an_altered_result(log, found, changes, code):
    for voter, entry in enumerate((30, 30, 31)):
        log.ballot(OPEN, entry, voter)
    log.closing(OPEN, 3)
    index = log.result(OPEN, {30: 2, 31: 1, 32: 0})
    assert found() == []
    log.records.pop()
    assert log.result(OPEN, {30: 2, 31: 1, 32: 0}, **changes) == index
    wrong = [(each["code"], each.get("index")) for each in found()]
    assert (code, index) in wrong


def test_a_result_in_parts(log, found):
    log.ballot(OPEN, 30, voter=1)
    log.closing(OPEN, 1)
    log.result(OPEN, {30: 1, 31: 0}, part=1, parts=2)
    last = log.result(OPEN, {32: 0}, part=2, parts=2, counted=1)
    assert found() == []
    log.records[last] = log.records[last].replace(b'"counted":1', b'"counted":2')
    assert "result_parts" in codes(found())


def test_a_result_too_early(log, found):
    ballot = log.ballot(OPEN, 30, voter=1)
    log.decide("quarantine", OPEN, ballot)
    log.result(OPEN, {30: 0, 31: 0, 32: 0})
    assert codes(found()) == ["result_before_closing", "result_with_quarantined"]


@pytest.mark.parametrize("kind", ["quarantine", "release", "annulment"])
def test_a_decision_after_the_result(log, found, kind):
    ballot = log.ballot(OPEN, 30, voter=1)
    log.closing(OPEN, 1)
    log.result(OPEN, {30: 1, 31: 0, 32: 0})
    index = log.decide(kind, OPEN, ballot)
    assert ("after_result", index) in [(each["code"], each["index"]) for each in found()]


def test_nothing_else_comes_after_the_result(log, found):
    log.closing(OPEN, 0)
    log.result(OPEN, {30: 0, 31: 0, 32: 0})
    log.result(OPEN, {30: 0, 31: 0, 32: 0})
    log.ballot(OPEN, 30, voter=5)
    log.add(type="withdrawal", campaign=OPEN, entry=30, reason="…", persons=2, at=LATER)
    log.rules(OPEN, at=LATER, persons=2)
    kinds = [each["record"] for each in found() if each["code"] == "after_result"]
    assert kinds == ["result", "ballot", "withdrawal", "rules"]


# ------------------------------------------------------------------- against what the site shows


def test_an_altered_tally(findings, site, world):
    votes = world.published_votes | {40: 150}

    def alter(files):
        site.show(PUBLISHED, world.names[PUBLISHED], standings_view(votes))

    wrong = only(findings(alter))
    assert (wrong["code"], wrong["campaign"], wrong["entry"]) == ("standings_votes", PUBLISHED, 40)
    assert (wrong["said"], wrong["found"]) == (150, 99)


def test_standings_that_lie_otherwise(findings, site, world):
    right = standings_view(world.published_votes)
    first, second, third = right["items"]
    lies = {
        "standings_total": right | {"total_votes": 1000},
        "standings_order": right | {"items": [second, first, third]},
        "standings_entry": right
        | {"items": [*right["items"], {"entry_id": 77, "rank": 4, "votes": 1}]},
        "standings_votes": right | {"items": [first, second]},
    }
    for code, view in lies.items():
        show = lambda files, view=view: site.show(PUBLISHED, world.names[PUBLISHED], view)  # noqa: E731
        assert codes(findings(show)) == [code]


def test_swapped_names(findings, site, world):
    names = {60: "乙", 61: "甲", 62: "丙"}
    running = standings_view({60: 1}, is_final=False)
    show = lambda files: site.show(RUNNING, names, running, without=(62,))  # noqa: E731
    assert [(each["code"], each["entry"]) for each in findings(show)] == [
        ("entry_name", 60),
        ("entry_name", 61),
    ]


def test_a_name_that_is_almost_the_same(findings, site, world):
    names = world.names[PUBLISHED] | {40: MONGOLIAN}
    show = lambda files: site.show(PUBLISHED, names, standings_view(world.published_votes))  # noqa: E731
    assert [(each["code"], each["entry"]) for each in findings(show)] == [("entry_name", 40)]


def test_entries_that_should_not_or_should_be_there(findings, site, world):
    running = standings_view({60: 1}, is_final=False)
    show = lambda files: site.show(RUNNING, world.names[RUNNING], running, without=(60,))  # noqa: E731
    assert [(each["code"], each["entry"]) for each in findings(show)] == [
        ("entry_not_in_ledger", 62),
        ("entry_not_shown", 60),
    ]


def test_a_campaign_that_is_only_on_the_site_or_only_in_the_ledger(findings, site):
    def replace(files):
        views = [{"id": each, "status": "closed"} for each in (PUBLISHED, HIDDEN, 11, 12)]
        site.answer("/campaigns?limit=100", {"items": views, "next_cursor": None})
        site.answer("/campaigns/11/standings", standings_view({1: 5}))
        site.answer("/campaigns/12/standings", standings_view({1: 0}))

    assert [(each["code"], each["campaign"]) for each in findings(replace)] == [
        ("campaign_hidden", RUNNING),
        ("campaign_not_in_ledger", 11),
    ]


def test_a_result_or_a_closing_that_is_not_in_the_ledger(findings, world, site):
    del world.log.records[world.places["result"]]

    def show(files):
        views = [{"id": PUBLISHED, "status": "closed", "result_published_at": LATER}]
        site.answer("/campaigns?limit=100", {"items": views, "next_cursor": None})

    only_this = ("--campaign", str(PUBLISHED))
    assert codes(findings(show, *only_this)) == ["result_not_in_ledger"]
    del world.log.records[world.places["closing"]]
    assert "closing_missing" in codes(findings(show, *only_this))


def test_a_campaign_whose_end_is_still_settling_is_not_compared(findings, site, world):
    late = standings_view({50: 1, 51: 2}, is_final=False)
    assert findings(lambda files: site.show(HIDDEN, world.names[HIDDEN], late)) == []


def test_a_nonce_is_part_of_what_was_committed_to(log, found):
    ballot = log.hidden_ballot(OPEN, 30, voter=5)
    log.closing(OPEN, 1)
    rows = [[ballot, 30, nonce_of(ballot + 1)]]
    log.add(type="openings", campaign=OPEN, ballots=rows, at=LATER)
    assert "opening_wrong" in codes(found())
