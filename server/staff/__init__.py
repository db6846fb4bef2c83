"""The console's JSON routes, one file per domain."""

from server.staff import (
    accounts,
    audit,
    campaigns,
    dashboard,
    entries,
    files,
    knowledge,
    knowledge_readers,
    knowledge_review,
    live,
    messages,
    nominations,
    organizations,
    proposals,
    publicity,
    screening,
    session,
    synonyms,
)

PREFIX = "/staff"
BLUEPRINTS = (
    session.routes,
    dashboard.routes,
    accounts.routes,
    audit.routes,
    organizations.routes,
    campaigns.routes,
    entries.routes,
    proposals.routes,
    nominations.routes,
    publicity.routes,
    files.routes,
    knowledge.routes,
    knowledge_readers.routes,
    knowledge_review.routes,
    live.routes,
    messages.routes,
    screening.routes,
    synonyms.routes,
)
