"""flask staff: the first administrators, who cannot be invited by anybody."""

import click
from flask.cli import AppGroup

from server.extensions import runtime
from services import staff as service
from services.context import unit_of_work

staff = AppGroup("staff", help="Staff of the console.")


@staff.command("create-admin")
@click.option("--name", default="系统管理员", show_default=True, help="The person's name.")
@click.option(
    "--role",
    type=click.Choice(service.ADMINISTRATORS),
    default="system_administrator",
    show_default=True,
    help="Which of the three separate duties.",
)
def create_admin(name: str, role: str) -> None:
    """Print a one-time link with which the administrator joins; there is no default password."""
    parts = runtime()
    ctx = parts.context()
    with unit_of_work(ctx.session):
        invitation = service.create_administrator(ctx, name=name, role=role)
    click.echo(f"{parts.config.site_url}{invitation.link}")
