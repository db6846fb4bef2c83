"""The SQL that sums up ballots and counts them; times are hours, days those of Asia/Shanghai."""

from sqlalchemy import text

OF_CAMPAIGNS = "(CAST(:campaign_ids AS bigint[]) IS NULL OR campaign_id = ANY(:campaign_ids))"

SUM_UP_HOURS = text(f"""
    INSERT INTO ballot_hours (campaign_id, hour_at, entry_id, source, ballots, voters)
    SELECT campaign_id, date_trunc('hour', cast_at, 'UTC'), entry_id, coalesce(source, ''),
           count(*), count(*) FILTER (WHERE number = 1)
    FROM ballots
    WHERE cast_at >= :since AND cast_at < :until AND {OF_CAMPAIGNS}
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (campaign_id, hour_at, entry_id, source)
    DO UPDATE SET ballots = excluded.ballots, voters = excluded.voters
""")
SUM_UP_DAYS = text(f"""
    INSERT INTO ballot_days (campaign_id, day_on, ballots, voters)
    SELECT campaign_id, CAST(hour_at AT TIME ZONE 'Asia/Shanghai' AS date),
           sum(ballots), sum(voters)
    FROM ballot_hours
    WHERE hour_at >= :since AND hour_at < :until AND {OF_CAMPAIGNS}
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (campaign_id, day_on)
    DO UPDATE SET ballots = excluded.ballots, voters = excluded.voters
""")
FORGET_HOURS = text("""
    DELETE FROM ballot_hours WHERE campaign_id = ANY(:campaign_ids) AND hour_at < :until
""")
FORGET_DAYS = text(
    "DELETE FROM ballot_days WHERE campaign_id = ANY(:campaign_ids) AND day_on < :day_on"
)

# Each row is a sum for the one column that it names; one that names none has what is tallied.
COUNT_HOURS = text("""
    WITH counted AS (
        SELECT hour_at, entry_id, source, ballots, voters, 0 AS tallied
        FROM ballot_hours WHERE campaign_id = :campaign_id AND hour_at < :since
        UNION ALL
        SELECT date_trunc('hour', cast_at, 'UTC'), entry_id, coalesce(source, ''),
               count(*), count(*) FILTER (WHERE number = 1), 0
        FROM ballots WHERE campaign_id = :campaign_id AND cast_at >= :since
        GROUP BY 1, 2, 3
        UNION ALL
        SELECT NULL, NULL, NULL, 0, 0, sum(votes) FROM tallies WHERE campaign_id = :campaign_id
    )
    SELECT hour_at, entry_id, source,
           CAST(sum(ballots) AS bigint) AS ballots, CAST(sum(voters) AS bigint) AS voters,
           CAST(coalesce(sum(tallied), 0) AS bigint) AS tallied
    FROM counted GROUP BY GROUPING SETS (hour_at, entry_id, source)
""")
# Each row is a sum for a campaign, with what is tallied, or for a day.
COUNT_DAYS = text("""
    WITH counted AS (
        SELECT campaign_id, day_on, ballots, voters, 0 AS tallied
        FROM ballot_days WHERE campaign_id = ANY(:campaign_ids) AND day_on < :day_on
        UNION ALL
        SELECT campaign_id, CAST(hour_at AT TIME ZONE 'Asia/Shanghai' AS date),
               sum(ballots), sum(voters), 0
        FROM ballot_hours
        WHERE campaign_id = ANY(:campaign_ids) AND hour_at >= :day_at AND hour_at < :since
        GROUP BY 1, 2
        UNION ALL
        SELECT campaign_id, CAST(cast_at AT TIME ZONE 'Asia/Shanghai' AS date),
               count(*), count(*) FILTER (WHERE number = 1), 0
        FROM ballots WHERE campaign_id = ANY(:campaign_ids) AND cast_at >= :since
        GROUP BY 1, 2
        UNION ALL
        SELECT campaign_id, NULL, 0, 0, sum(votes)
        FROM tallies WHERE campaign_id = ANY(:campaign_ids) GROUP BY 1
    )
    SELECT campaign_id, day_on,
           CAST(sum(ballots) AS bigint) AS ballots, CAST(sum(voters) AS bigint) AS voters,
           CAST(sum(tallied) AS bigint) AS tallied
    FROM counted GROUP BY GROUPING SETS (campaign_id, day_on)
""")
