"""The console's JSON routes, one file per domain."""

from server.staff import accounts, session

PREFIX = "/staff"
BLUEPRINTS = (session.routes, accounts.routes)
