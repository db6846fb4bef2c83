"""The citizens' pages at /: the mini-program's build for browsers.

Its pages have addresses behind the #, so that only / is a page for the server. Behind it lead
/verify, which is told and printed, and /k/<id>, which labels and share cards carry. A path that is
neither here nor elsewhere stays 404.
"""

from pathlib import Path

from flask import Blueprint, Flask, Response, redirect
from werkzeug.exceptions import NotFound

from server.front_ends import FrontEnd

# The build's components set styles through the DOM. Should a version of uni-app write <style> or
# style="" into the page, 'unsafe-inline' has to be added here, and nowhere else.
STYLE_SOURCES = "'self'"
FRONT_END = FrontEnd(
    name="市民端",
    setting="SITE_FILES",
    folder=Path(__file__).parent.parent / "miniprogram" / "dist" / "build" / "h5",
    # Posters are drawn on a canvas and shown as blob:, small pictures and the Mongolian font may
    # be part of the styles as data:.
    policy=(
        f"default-src 'none'; script-src 'self'; style-src {STYLE_SOURCES}; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; media-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
)

VERIFY_PAGE = "/#/pages-vote/verify/index"
KNOWLEDGE_PAGE = "/#/pages-knowledge/item/index?id={item_id}"

blueprint = Blueprint("site", __name__)


def init_app(app: Flask) -> None:
    FRONT_END.init_app(app)
    app.register_blueprint(blueprint)


@blueprint.get("/")
def show_page() -> Response:
    """The page that draws all others; WeChat's answer to signing in comes as its query."""
    return FRONT_END.send_page()


@blueprint.get("/verify")
def lead_to_verify_page() -> Response:
    """Where anybody can check a receipt and count again: an address to say and to print."""
    return redirect(VERIFY_PAGE)


@blueprint.get("/k/<id:item_id>")
def lead_to_knowledge(item_id: int) -> Response:
    """The page of an item of health knowledge, which also says so where there is none."""
    return redirect(KNOWLEDGE_PAGE.format(item_id=item_id))


@blueprint.get("/assets/<path:name>", defaults={"folder": "assets"})
@blueprint.get("/static/<path:name>", defaults={"folder": "static"})
def send_file(folder: str, name: str) -> Response:
    """A script, style, picture or font of the build."""
    name = f"{folder}/{name}"
    if not FRONT_END.has(name):
        raise NotFound
    return FRONT_END.send_file(name)
