"""The console's JSON routes, one file per domain."""

from server.staff import accounts, dashboard, live, organizations, session

PREFIX = "/staff"
BLUEPRINTS = (session.routes, accounts.routes, organizations.routes, live.routes, dashboard.routes)
