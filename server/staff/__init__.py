"""The console's JSON routes, one file per domain."""

from server.staff import accounts, audit, organizations, session

PREFIX = "/staff"
BLUEPRINTS = (session.routes, accounts.routes, organizations.routes, audit.routes)
