"""flask audit: is the trail whole?"""

import re
import sys

import click
from flask.cli import AppGroup

from server.extensions import runtime
from services import audit as service

audit = AppGroup("audit", help="The trail of who did what.")

# An empty trail has no seal yet.
HEAD = re.compile("0:|[1-9][0-9]{0,17}:[0-9a-f]{64}")
FAULTS = {
    "missing": "第 {number} 条不见了",
    "changed": "第 {number} 条与封印不符：它被改过、换过，或者前面少了一条",
    "replaced": "第 {number} 条不是当初记下的那一条",
    "cut_off": "第 {number} 条起被删去了",
}


@audit.command("verify")
@click.option(
    "--head",
    "heads",
    multiple=True,
    metavar="NUMBER:SEAL",
    help="A head printed earlier; shows if records after it were cut off or replaced.",
)
def verify(heads: tuple[str, ...]) -> None:
    """Check every record's number and seal; ends with 1 at the first fault."""
    ctx = runtime().context()
    verdict = service.verify_chain(ctx, known=dict(map(_parse_head, heads)))
    if service.may_be_rewritten(ctx):
        click.echo("警告：应用的数据库角色可以修改审计记录；请设置 DATABASE_OWNER_URL。", err=True)
    if verdict.fault is not None:
        fault = FAULTS[verdict.fault].format(number=verdict.records + 1)
        click.echo(f"✗ 审计记录不完整：{fault}。", err=True)
        sys.exit(1)
    click.echo(f"✓ {verdict.records} 条审计记录完整")
    click.echo(f"head {verdict.records}:{verdict.head.hex()}")


def _parse_head(text: str) -> tuple[int, bytes]:
    if not HEAD.fullmatch(text):
        raise click.BadParameter(f"{text!r} is not NUMBER:SEAL")
    number, _, seal = text.partition(":")
    return int(number), bytes.fromhex(seal)
