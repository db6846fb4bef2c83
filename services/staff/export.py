"""Staff accounts as a spreadsheet."""

from functools import partial

from models import StaffAccount
from services import wording
from services.access import Permission
from services.context import Context
from services.downloads import Download
from services.exports import export_list
from services.paging import in_order
from services.spreadsheets import Column
from services.staff.accounts import SORTS, filter_accounts
from services.staff.reach import AccountView, view_account

TITLE = "工作人员"


def export_accounts(ctx: Context, *, sort: str = "name", **filters: object) -> Download:
    """What list_accounts lists; raises Invalid for too many."""
    query = filter_accounts(ctx, **filters)
    return export_list(
        ctx,
        title=TITLE,
        columns=COLUMNS,
        query=in_order(query, id_column=StaffAccount.id, keys=SORTS, sort=sort),
        view=partial(view_account, ctx),
        permission=Permission.VIEW_STAFF,
        action="staff.exported",
        filters=filters,
    )


def _roles_of(view: AccountView) -> str:
    """A role per line, with the place where it is held."""
    return "\n".join(
        f"{wording.ROLES[grant.role]}（{grant.organization.name}）" for grant in view.account.grants
    )


COLUMNS = (
    Column("id", "编号", kind="whole", get=lambda view: view.account.id),
    Column("name", "姓名", get=lambda view: view.account.name),
    Column("username", "用户名", get=lambda view: view.account.username),
    Column("organization", "机构", width=30, get=lambda view: view.account.organization.name),
    Column(
        "duty",
        "账号类别",
        kind="choice",
        choices=wording.DUTIES,
        get=lambda view: view.account.duty,
    ),
    Column("roles", "角色", width=40, get=_roles_of),
    Column("status", "状态", kind="choice", choices=wording.ACCOUNT_STATUSES),
    Column("has_totp", "已绑定动态验证码", kind="yes_no"),
    Column(
        "last_signed_in_at",
        "最近登录",
        kind="moment",
        get=lambda view: view.account.last_signed_in_at,
    ),
    Column("created_at", "创建时间", kind="moment", get=lambda view: view.account.created_at),
    Column("disabled_reason", "停用原因", get=lambda view: view.account.disabled_reason),
)
