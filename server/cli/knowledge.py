"""flask knowledge: what the software brings along for those who write."""

import sys

import click
from flask.cli import AppGroup

from server.extensions import runtime
from services.context import unit_of_work
from services.errors import Missing
from services.knowledge.exchange import samples_loading as service
from services.knowledge.searching import indexing

MISSING = {
    "organization_not_found": "没有这个机构，请填行政区划代码（六位）或机构编号。",
    "staff_not_found": "没有这个人员账号，请填能登录管理台的用户名。",
}

knowledge = AppGroup("knowledge", help="Health knowledge.")


@knowledge.command("load-samples")
@click.option(
    "--organization",
    required=True,
    metavar="CODE",
    help="A division's code of six digits, which stands for its commission, or an id.",
)
@click.option("--author", required=True, metavar="USERNAME", help="Who counts as their author.")
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(list(service.FILES)),
    multiple=True,
    help="Only these; all by default.",
)
def load_samples(organization: str, author: str, kinds: tuple[str, ...]) -> None:
    """Make drafts of the samples; may be run again, and leaves alone what is there."""
    ctx = runtime().context()
    try:
        with unit_of_work(ctx.session):
            place = service.find_place(ctx, organization=organization, author=author, kinds=kinds)
            loaded = service.load_samples(ctx, [place])
    except Missing as missing:
        click.echo(f"✗ {MISSING[missing.code]}", err=True)
        sys.exit(1)
    click.echo(
        f"✓ 新建示例草稿 {len(loaded.made)} 条，已有 {loaded.kept} 条，保持不变。"
        "示例·未审核：请逐条核对、修改以后再送审。"
    )


@knowledge.command("load-synonyms")
def load_synonyms() -> None:
    """Add groups of synonyms to begin with; leaves alone those with a word that is known."""
    ctx = runtime().context()
    with unit_of_work(ctx.session):
        count = service.load_synonyms(ctx)
    click.echo(f"✓ 新增同义词 {count} 组")


@knowledge.command("reindex")
def reindex() -> None:
    """Make what publications are found by anew; needed when a release makes terms otherwise."""
    ctx = runtime().context()
    with unit_of_work(ctx.session):
        count = indexing.reindex_all(ctx)
    click.echo(f"✓ 重建检索 {count} 条")
