"""The sealer's SQL."""

from sqlalchemy import text

# An arbitrary number, the same for all deployments of Sain.
SEALER_LOCK = 7_240_150_605

TRY_LOCK = text("SELECT pg_try_advisory_xact_lock(:lock)")
# Of ballots few are new, also where statistics do not know that yet.
LOOK_UP_BY_KEY = (
    text("SET LOCAL enable_seqscan = off"),
    text("SET LOCAL enable_hashjoin = off"),
    text("SET LOCAL enable_mergejoin = off"),
    text("SET LOCAL jit = off"),
)
# A cut above all transactions there are comes from another server's numbering.
READ_CUT = text("""
    SELECT xact FROM ballot_cuts
    WHERE name = :name
      AND xact <= CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint)
""")
ADVANCE_CUT = text("""
    INSERT INTO ballot_cuts (name, xact) VALUES (:name, :xact)
    ON CONFLICT (name) DO UPDATE SET xact = excluded.xact WHERE ballot_cuts.xact <> excluded.xact
""")
FORGET_CUT = text("DELETE FROM ballot_cuts WHERE name = :name")
# Every transaction before `settled_before` has ended, so this very statement sees its ballots.
# There is one row at least. Numbers beyond the present ones are another server's: whoever starts
# at 0 has to look at those as well, and later on nobody.
FIND_BALLOTS = text("""
    WITH present AS MATERIALIZED (
        SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint) AS xmin,
               CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint) AS xmax
    )
    SELECT found.*, present.xmin AS settled_before
    FROM present LEFT JOIN LATERAL (
        SELECT ballot.id, ballot.campaign_id, ballot.entry_id, ballot.voter_id,
               ballot.receipt_secret, ballot.cast_at, ballot.cast_on, ballot.xact
        FROM ballots AS ballot
        WHERE ballot.xact >= :cut
          AND (CAST(:cut AS bigint) = 0 OR ballot.xact < present.xmax)
          AND NOT EXISTS (SELECT FROM ledger_records AS record WHERE record.ballot_id = ballot.id)
        ORDER BY ballot.xact, ballot.id
        LIMIT :most
    ) AS found ON true
    ORDER BY found.xact, found.id
""")
# A closing is settled once every transaction has ended that had begun to write before it was noted.
READ_QUEUE = text("""
    SELECT id, kind, campaign_id, content, ballot_ids,
           age(xmin) > age(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS xid)) AS is_settled
    FROM ledger_queue ORDER BY id LIMIT :most
""")
DROP_QUEUED = text("DELETE FROM ledger_queue WHERE id = ANY(:ids)")

# No record contains a line break: JSON writes it as two other characters.
WRITE_RECORDS = text("""
    INSERT INTO ledger_records (index, kind, campaign_id, ballot_id, data)
    SELECT :first + record.place - 1, record.kind, record.campaign_id, record.ballot_id,
           convert_to(record.data, 'UTF8')
    FROM unnest(CAST(:kinds AS text[]), CAST(:campaign_ids AS bigint[]),
                CAST(:ballot_ids AS bigint[]), string_to_array(:data, E'\\n'))
         WITH ORDINALITY AS record (kind, campaign_id, ballot_id, data, place)
""")
COUNT_RECORDS = text("SELECT coalesce(max(index) + 1, 0) FROM ledger_records")
FIND_PLACES = text("""
    SELECT index FROM ledger_records
    WHERE ballot_id = ANY(CAST(:ballot_ids AS bigint[])) AND ballot_id IS NOT NULL
    ORDER BY index
""")
COUNT_BALLOTS = text("""
    SELECT count(*) FROM ledger_records WHERE campaign_id = :campaign_id AND kind = 'ballot'
""")
# All else in a ballot's record is numbers and hashes, which have no quotation marks.
FIND_HIDDEN = text("""
    SELECT record.index, ballot.id, ballot.entry_id, ballot.receipt_secret
    FROM ledger_records AS record JOIN ballots AS ballot ON ballot.id = record.ballot_id
    WHERE record.campaign_id = :campaign_id AND record.kind = 'ballot'
      AND position(CAST('"commitment":' AS bytea) IN record.data) > 0
    ORDER BY record.index
""")
FIND_KNOWN = text("""
    SELECT DISTINCT campaign_id, kind FROM ledger_records
    WHERE campaign_id = ANY(CAST(:campaign_ids AS bigint[])) AND kind IN ('rules', 'closing')
      AND kind <> 'ballot'
""")
