"""The program with which anyone recounts the votes, for whoever comes to the site for it."""

from pathlib import Path

from flask import Blueprint, Flask, Response, send_from_directory

FOLDER = Path(__file__).parent.parent / "tools"
NAME = "verify_ledger.py"

blueprint = Blueprint("verifier", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get(f"/{NAME}")
def send_verifier() -> Response:
    """The file as it is in the source; docs/verify.md says where to get it from other hands."""
    response = send_from_directory(
        FOLDER, NAME, mimetype="text/x-python", as_attachment=True, download_name=NAME
    )
    response.headers["Cache-Control"] = "no-cache"
    return response
