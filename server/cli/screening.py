"""flask screening: looking for farms."""

import sys

import click
from flask.cli import AppGroup

from server.extensions import runtime
from services import screening as service
from services.context import unit_of_work
from services.errors import Missing

screening = AppGroup("screening", help="Ballots that look farmed.")


@screening.command("search")
@click.option("--campaign", "campaign_id", type=int, required=True, help="The campaign's number.")
def search(campaign_id: int) -> None:
    """Propose groups of ballots that are alike to the campaign's staff; it decides nothing."""
    ctx = runtime().context()
    try:
        with unit_of_work(ctx.session):
            proposed = service.search_any_campaign(ctx, campaign_id=campaign_id)
    except Missing:
        click.echo("✗ 没有这个投票活动。", err=True)
        sys.exit(1)
    click.echo(f"✓ 新提出 {proposed} 组线索，请在管理台的“票面核查”里查看")
