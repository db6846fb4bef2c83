"""flask ledger: seal it, name its key, and see whether it tells what the database does."""

import sys

import click
from flask.cli import AppGroup

from server.extensions import runtime
from services import ledger as service
from services.context import unit_of_work

ledger = AppGroup("ledger", help="The public ledger of ballots and decisions.")


@ledger.command("key")
def show_key() -> None:
    """Print the verifier key, by which anyone checks our signatures."""
    click.echo(runtime().services.ledger_signer.verifier_key)


@ledger.command("seal")
def seal() -> None:
    """Seal all that waits, now instead of within seconds."""
    ctx = runtime().context()
    try:
        sealed = _seal_once(ctx)
        while sealed is not None and not sealed.has_all:
            sealed = _seal_once(ctx)
    except service.LedgerTrouble as trouble:
        click.echo(f"✗ 账本与签名不符，没有封存：{trouble}。见 docs/ledger.md。", err=True)
        sys.exit(1)
    if sealed is None:
        click.echo("另一个进程正在封存。")
    else:
        click.echo(f"✓ 账本共 {sealed.head.size} 条")


def _seal_once(ctx) -> service.Sealed | None:
    with unit_of_work(ctx.session):
        return service.seal(ctx)
