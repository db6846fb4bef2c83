"""flask reference-data: what every installation has in common."""

import click
from flask.cli import AppGroup

from server.extensions import runtime
from services import reference_data as service
from services.context import unit_of_work

reference_data = AppGroup("reference-data", help="Divisions, contests and commissions.")


@reference_data.command("load")
def load() -> None:
    """Bring divisions, contests and commissions up to date; may be run again at any time."""
    ctx = runtime().context()
    with unit_of_work(ctx.session):
        counts = service.load(ctx)
    click.echo("，".join(f"{name} {count}" for name, count in counts.items()))
