"""The SQL by which ballots are screened."""

from sqlalchemy import text

THIS_CUT = "CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)"

# What has come in since the cut, and the cut for the next time, of one snapshot.
READ_NEW = text(f"""
    SELECT {THIS_CUT} AS next_cut, campaign_id, min(cast_at) AS first_at
    FROM (SELECT 1) AS one
    LEFT JOIN ballots ON xact >= :cut AND cast_at > :since
    GROUP BY campaign_id ORDER BY campaign_id
""")

# "What is known" of ballots: services.screening.clusters.Facts, in its order.
_FACTS = """
    ballot.id, ballot.entry_id, ballot.voter_id, CAST(extract(epoch FROM ballot.cast_at) AS float8),
    ballot.source, origin.network_key, origin.device_key,
    CAST(extract(epoch FROM citizen.created_at) AS float8),
    CAST(extract(epoch FROM (SELECT min(cast_at) FROM ballots AS earlier
                             WHERE earlier.voter_id = ballot.voter_id AND earlier.number = 1))
         AS float8),
    citizen.phone_bound_at IS NOT NULL, rank.risk_rank, rank.refusal, judged.ballot_id IS NOT NULL
"""
_JOINS = """
    JOIN citizens AS citizen ON citizen.id = ballot.voter_id
    LEFT JOIN risk_ranks AS rank ON rank.citizen_id = ballot.voter_id
    LEFT JOIN set_aside_ballots AS judged ON judged.ballot_id = ballot.id
"""
# New ballots, and those that share a network or device with one of them and enough others.
READ_TOUCHED = text(f"""
    WITH span AS MATERIALIZED (
        SELECT ballot.id, ballot.entry_id, origin.network_key, origin.device_key,
               ballot.xact >= :cut AND ballot.cast_at > :since OR ballot.voter_id = ANY(:voters)
                   AS is_new
        FROM ballots AS ballot LEFT JOIN ballot_origins AS origin ON origin.ballot_id = ballot.id
        WHERE ballot.campaign_id = :campaign_id AND ballot.cast_at > :span_start
    ), touched AS (
        SELECT id FROM (
            SELECT id, is_new, network_key, device_key,
                   count(*) OVER network AS in_network, bool_or(is_new) OVER network AS by_network,
                   count(*) OVER device AS on_device, bool_or(is_new) OVER device AS by_device
            FROM span
            WINDOW network AS (PARTITION BY entry_id, network_key),
                   device AS (PARTITION BY entry_id, device_key)
        ) AS counted
        WHERE is_new
           OR (by_network AND network_key IS NOT NULL AND in_network >= :least)
           OR (by_device AND device_key IS NOT NULL AND on_device >= :least)
    )
    SELECT {_FACTS}
    FROM touched JOIN ballots AS ballot USING (id)
    LEFT JOIN ballot_origins AS origin ON origin.ballot_id = ballot.id
    {_JOINS}
""")
READ_CAMPAIGN = text(f"""
    SELECT {_FACTS}
    FROM ballots AS ballot
    LEFT JOIN ballot_origins AS origin ON origin.ballot_id = ballot.id
    {_JOINS}
    WHERE ballot.campaign_id = :campaign_id
    ORDER BY ballot.id
""")
READ_BALLOTS_OF_BATCHES = text(f"""
    SELECT {_FACTS}
    FROM unnest(CAST(:batches AS bigint[])) AS batch (number)
    JOIN citizens AS made ON made.created_at >= to_timestamp(batch.number * :seconds)
         AND made.created_at < to_timestamp((batch.number + 1) * :seconds)
    JOIN ballots AS ballot ON ballot.voter_id = made.id AND ballot.campaign_id = :campaign_id
    LEFT JOIN ballot_origins AS origin ON origin.ballot_id = ballot.id
    {_JOINS}
""")
COUNT_MINUTES = text("""
    SELECT entry_id, CAST(extract(epoch FROM cast_at) AS bigint) / 60 AS minute, count(*)
    FROM ballots WHERE campaign_id = :campaign_id AND entry_id = ANY(:entry_ids)
                   AND cast_at > :day_before
    GROUP BY 1, 2
""")
COUNT_NETWORKS = text("""
    SELECT origin.network_key, count(*)
    FROM ballots AS ballot JOIN ballot_origins AS origin ON origin.ballot_id = ballot.id
    WHERE ballot.campaign_id = :campaign_id AND ballot.cast_at > :span_start
      AND origin.network_key = ANY(:networks)
    GROUP BY 1
""")
# By device and entry; of the whole campaign for the last days, so that one burst weighs little.
COUNT_DEVICES = text("""
    SELECT origin.device_key, ballot.entry_id, count(*)
    FROM ballots AS ballot LEFT JOIN ballot_origins AS origin ON origin.ballot_id = ballot.id
         AND origin.device_key = ANY(:devices)
    WHERE ballot.campaign_id = :campaign_id AND ballot.cast_at > :day_before
    GROUP BY 1, 2
""")
LOCK_CAMPAIGN = text("""
    SELECT id FROM campaigns WHERE id = :campaign_id AND result_published_at IS NULL FOR SHARE
""")
MOVE_CUT = text("""
    INSERT INTO ballot_cuts (name, xact) VALUES ('screening', :cut)
    ON CONFLICT (name) DO UPDATE SET xact = greatest(ballot_cuts.xact, excluded.xact)
""")
KEEP_GROUP = text("""
    INSERT INTO ballot_groups (campaign_id, entry_id, origin, state, pattern, key, signals,
                               created_at, revision)
    VALUES (:campaign_id, :entry_id, 'screening', 'open', :pattern, :key, '{}', :now, 1)
    ON CONFLICT (campaign_id, pattern, key) DO UPDATE
    SET state = 'open',
        revision = ballot_groups.revision + CAST(ballot_groups.state <> 'open' AS int)
    RETURNING id
""")
FORGET_ADDRESSES = text("""
    UPDATE ballot_origins SET address = NULL
    WHERE address IS NOT NULL AND ballot_id IN (
        SELECT id FROM ballots WHERE cast_at <= :until AND cast_at > :since
    )
""")
FORGET_ORIGINS = text("""
    DELETE FROM ballot_origins WHERE ballot_id IN (
        SELECT ballot.id FROM ballots AS ballot
        JOIN campaigns AS campaign ON campaign.id = ballot.campaign_id
        WHERE campaign.result_published_at < :published_before
           OR campaign.closes_at < :closed_before
    )
""")
