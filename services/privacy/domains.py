"""The one place where domains say how they erase a person, and what they hold about one.

Each takes `(ctx, *, citizen_id)`. `erase_citizen` runs inside the erasure's transaction and must
not commit; `describe_citizen` returns Sections and is read lazily. A domain that keeps only what
has to stay under the citizen's number, as ballots have, has nothing to erase.
"""

from services import accounts, knowledge, notifications, screening, voting

# The account is locked before any of them and comes last: the others may look at what it holds.
ERASING = (
    screening.erase_citizen,
    knowledge.erase_citizen,
    notifications.erase_citizen,
    accounts.erase_account,
)
DESCRIBING = (
    accounts.describe_citizen,
    voting.describe_citizen,
    screening.describe_citizen,
    knowledge.describe_citizen,
    notifications.describe_citizen,
)
