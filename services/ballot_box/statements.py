"""The ballot box's SQL."""

from sqlalchemy import text

READ_FACTS = text("""
    SELECT asked.position,
           citizen.id IS NOT NULL AS is_signed_in,
           citizen.phone_bound_at IS NOT NULL AS is_phone_bound,
           campaign.id IS NOT NULL AS is_campaign_known,
           campaign.state, campaign.opens_at, campaign.closes_at, campaign.phone_required,
           campaign.ballots_per_day, campaign.ballots_per_entry_per_day, campaign.ballots_in_all,
           entry.id IS NOT NULL AS is_entry_known,
           cast_before.last_number, cast_before.in_all, cast_before.today,
           cast_before.today_for_entry, cast_before.same_request_id
    FROM unnest(CAST(:campaign_ids AS bigint[]), CAST(:entry_ids AS bigint[]),
                CAST(:voter_ids AS bigint[]), CAST(:session_ids AS bigint[]),
                CAST(:request_keys AS uuid[]), CAST(:days AS date[]),
                CAST(:moments AS timestamptz[]))
         WITH ORDINALITY AS asked (campaign_id, entry_id, voter_id, session_id, request_key,
                                   day, moment, position)
    LEFT JOIN login_sessions AS session
           ON session.id = asked.session_id AND session.citizen_id = asked.voter_id
          AND session.ended_at IS NULL AND session.expires_at > asked.moment
    LEFT JOIN citizens AS citizen
           ON citizen.id = session.citizen_id AND citizen.disabled_at IS NULL
    LEFT JOIN campaigns AS campaign
           ON campaign.id = asked.campaign_id AND campaign.state <> 'draft'
    LEFT JOIN entries AS entry
           ON entry.id = asked.entry_id AND entry.campaign_id = asked.campaign_id
          AND entry.withdrawn_at IS NULL
    CROSS JOIN LATERAL (
        SELECT coalesce(max(ballot.number), 0) AS last_number,
               count(*) AS in_all,
               count(*) FILTER (WHERE ballot.cast_on = asked.day) AS today,
               count(*) FILTER (WHERE ballot.cast_on = asked.day
                                  AND ballot.entry_id = asked.entry_id) AS today_for_entry,
               max(ballot.id) FILTER (WHERE ballot.request_key = asked.request_key)
                   AS same_request_id
        FROM ballots AS ballot
        WHERE ballot.voter_id = asked.voter_id AND ballot.campaign_id = asked.campaign_id
    ) AS cast_before
    ORDER BY asked.position
""")

READ_BALLOTS = text("""
    SELECT id, campaign_id, entry_id, cast_at, receipt_secret,
           number, number_today, number_today_for_entry
    FROM ballots WHERE id = ANY(CAST(:ids AS bigint[]))
""")

# Voters are inserted and tallies are bumped in a fixed order, so that two boxes never wait for
# each other in a circle.
WRITE_BALLOTS = text("""
    WITH inserted AS (
        INSERT INTO ballots (campaign_id, entry_id, voter_id, request_key, cast_at, cast_on,
                             source, receipt_secret, number, number_today, number_today_for_entry)
        SELECT * FROM unnest(
            CAST(:campaign_ids AS bigint[]), CAST(:entry_ids AS bigint[]),
            CAST(:voter_ids AS bigint[]), CAST(:request_keys AS uuid[]),
            CAST(:moments AS timestamptz[]), CAST(:days AS date[]), CAST(:sources AS text[]),
            CAST(:receipt_secrets AS bigint[]), CAST(:numbers AS int[]),
            CAST(:numbers_today AS int[]), CAST(:numbers_today_for_entry AS int[]))
            AS accepted (campaign_id, entry_id, voter_id, request_key, cast_at, cast_on,
                         source, receipt_secret, number, number_today, number_today_for_entry)
        ORDER BY accepted.voter_id, accepted.campaign_id
        ON CONFLICT DO NOTHING
        RETURNING id, campaign_id, entry_id, voter_id
    ), tallied AS (
        INSERT INTO tallies (campaign_id, entry_id, shard, votes)
        SELECT campaign_id, entry_id, :shard, count(*) FROM inserted
        GROUP BY campaign_id, entry_id ORDER BY entry_id
        ON CONFLICT (entry_id, shard) DO UPDATE SET votes = tallies.votes + excluded.votes
    ), traced AS (
        INSERT INTO ballot_origins (ballot_id, address_key, network_key, device_key, address)
        SELECT inserted.id, origin.address_key, origin.network_key, origin.device_key,
               origin.address
        FROM unnest(CAST(:voter_ids AS bigint[]), CAST(:address_keys AS bigint[]),
                    CAST(:network_keys AS bigint[]), CAST(:device_keys AS bigint[]),
                    CAST(:addresses AS inet[]))
             AS origin (voter_id, address_key, network_key, device_key, address)
        JOIN inserted USING (voter_id)
    )
    SELECT id, voter_id FROM inserted
""")
