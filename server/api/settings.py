"""What a client has to know before anybody signs in."""

from server.endpoint import Routes
from server.schemas.settings import SettingsView
from services import settings

routes = Routes("settings", __name__, description="Facts of this installation")


@routes.endpoint(
    "GET",
    "/settings",
    access="anyone",
    rate="read",
    summary="Facts of this installation",
    returns=SettingsView(),
    is_cached=True,
)
def read_settings(ctx):
    """Who runs it, what it can do, and the version of the privacy policy in force."""
    return settings.read_public_settings(ctx)
