"""flask ledger: seal it, name its key, and see whether it tells what the database does."""

import sys

import click
from flask.cli import AppGroup

from server.extensions import runtime
from services import ledger as service
from services.context import unit_of_work

MANY = "还有 {number} 处没有逐一列出"
FAULTS = {
    "record_missing": "账本第 {index} 条不见了",
    "record_changed": "账本第 {index} 条被改过，与签过名的树不符",
    "record_form": "账本第 {index} 条的内容不合格式",
    "records_unsigned": "账本第 {index} 条起的 {records} 条没有签名",
    "records_cut_off": "签过 {size} 条，账本只剩 {records} 条",
    "tile_changed": "树的第 {level} 层第 {number} 块被改过（第 {index} 条的散列）",
    "tile_differs": "树的第 {level} 层第 {number} 块与账本不符",
    "tiles_number": "树应有 {expected} 块，实有 {tiles} 块",
    "checkpoint_root": "{size} 条处的检查点与账本不符",
    "checkpoint_signature": "{size} 条处的检查点签名不对",
    "copy_unreadable": "数据库之外留存的检查点读不出来",
    "copy_differs": "数据库之外留存的 {size} 条处的检查点，数据库里没有或者不同",
    "after_closing": "活动 {campaign} 截止封账之后又出现选票（账本第 {index} 条）",
    "after_result": "活动 {campaign} 公布结果之后又有变动（账本第 {index} 条）",
    "ballot_gone": "账本第 {index} 条的选票 {ballot} 在数据库里不见了",
    "ballot_differs": "数据库里的选票 {ballot} 与账本第 {index} 条不同",
    "ballot_unsealed": "活动 {campaign} 的选票 {ballot} 没有进账本",
    "closing_number": "活动 {campaign} 截止封账的票数不对（账本第 {index} 条）",
    "not_opened": "活动 {campaign} 截止后还有 {ballots} 张选票没有公开",
    "opening_differs": "活动 {campaign} 公开的选票与当初的承诺不符（账本第 {index} 条）",
    "names_other_ballots": "账本第 {index} 条说到了不是活动 {campaign} 的选票",
    "move": "选票 {ballot} 不能这样处理：{kind}（账本第 {index} 条）",
    "result_differs": "活动 {campaign} 公布的结果与账本重新计票不符（账本第 {index} 条）",
    "state_differs": "选票 {ballot} 在数据库里是 {state}，账本里不是",
    "state_missing": "选票 {ballot} 在账本里是 {state}，数据库里没有记录",
    "tally_differs": "参评对象 {entry} 的计票是 {stored}，重新计票是 {counted}",
    "quarantined_differs": "参评对象 {entry} 的待核票数是 {stored}，按账本是 {counted}",
    "annulled_differs": "参评对象 {entry} 的作废票数是 {stored}，按账本是 {counted}",
    "rules_differ": "活动 {campaign} 的规则与账本不同：{names}",
    "entry_differs": "活动 {campaign} 的参评对象 {entry} 与账本不同（编号、名称或是否退出）",
    "item_waits": "活动 {campaign} 有一条 {kind} 超过一小时没有进账本",
}

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


@ledger.command("verify")
def verify() -> None:
    """Compare the ledger with the database; names all that differs, and then ends with 1."""
    ctx = runtime().context()
    with unit_of_work(ctx.session):
        verdict = service.verify(ctx)
    for fault in verdict.faults:
        click.echo(f"✗ {FAULTS[fault.code].format(**fault.details)}", err=True)
    if verdict.faults.unnamed:
        click.echo(f"✗ {MANY.format(number=verdict.faults.unnamed)}", err=True)
    if verdict.faults:
        sys.exit(1)
    click.echo(f"✓ 账本 {verdict.records} 条，与签名和数据库一致")


@ledger.command("accept-loss")
@click.confirmation_option(
    prompt="已签名公布的账本将从现有数据处重新开始，见过旧账本的人都会发现。确定没有更新的备份？"
)
def accept_loss() -> None:
    """After restoring an old backup for which there is no newer one: seal again from there."""
    ctx = runtime().context()
    with unit_of_work(ctx.session):
        signed, left = service.accept_loss(ctx)
    click.echo(f"曾经签到 {signed} 条，从 {left} 条处继续封存。请公开说明原因。")
