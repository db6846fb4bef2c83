"""What an account holds, told to its owner."""

from collections.abc import Iterator

from sqlalchemy import select

from models import Citizen, Consent, LoginSession, Trace, WeChatIdentity
from services.accounts.profile import read_phone
from services.context import Context
from services.disclosure import Section
from services.spreadsheets import Column

END_REASONS = {
    "signed_out": "退出登录",
    "signed_out_everywhere": "退出所有设备",
    "consent_withdrawn": "撤回同意",
    "refresh_token_reused": "登录信息被重复使用",
}
TRACES = {"openid": "微信标识的摘要", "unionid": "微信共同编号的摘要", "phone": "手机号的摘要"}
ACCOUNT_COLUMNS = (
    Column("number", "账号编号", kind="whole"),
    Column("created_at", "注册时间", kind="moment"),
    Column("phone", "手机号"),
    Column("phone_bound_at", "手机号绑定时间", kind="moment"),
    Column("disabled_at", "停用时间", kind="moment"),
)
IDENTITY_COLUMNS = (
    Column("appid", "微信应用"),
    Column("openid", "您在该应用里的编号（隐去中间）", width=36),
    Column("unionid", "您在各应用的共同编号（隐去中间）", width=36),
)
CONSENT_COLUMNS = (
    Column("policy", "政策", kind="choice", choices={"privacy": "隐私政策"}),
    Column("version", "版本"),
    Column("is_given", "是否同意", kind="yes_no"),
    Column("at", "时间", kind="moment"),
    Column("client", "微信应用"),
)
SESSION_COLUMNS = (
    Column("created_at", "登录时间", kind="moment"),
    Column("expires_at", "到期时间", kind="moment"),
    Column("ended_at", "退出时间", kind="moment"),
    Column("end_reason", "退出原因", kind="choice", choices=END_REASONS),
    Column("appid", "微信应用"),
)
TRACE_COLUMNS = (
    Column("kind", "内容", kind="choice", choices=TRACES),
    Column("created_at", "留下时间", kind="moment"),
)


def describe_citizen(ctx: Context, *, citizen_id: int) -> Iterator[Section]:
    """The account itself, and all that hangs on it."""
    yield Section("account", "账号", ACCOUNT_COLUMNS, [_account(ctx, citizen_id)])
    identities = _rows(ctx, WeChatIdentity, citizen_id)
    yield Section("identities", "微信标识", IDENTITY_COLUMNS, map(_masked, identities))
    yield Section("consents", "同意记录", CONSENT_COLUMNS, _rows(ctx, Consent, citizen_id))
    yield Section("sessions", "登录记录", SESSION_COLUMNS, _rows(ctx, LoginSession, citizen_id))
    yield Section("traces", "注销或解绑留下的摘要", TRACE_COLUMNS, _rows(ctx, Trace, citizen_id))


def _rows(ctx: Context, table, citizen_id: int):
    return ctx.session.scalars(
        select(table).where(table.citizen_id == citizen_id).order_by(table.id)
    ).all()


def _account(ctx: Context, citizen_id: int) -> dict[str, object]:
    citizen = ctx.session.get_one(Citizen, citizen_id)
    phone = read_phone(ctx, citizen)
    return {
        "number": citizen.id,
        "created_at": citizen.created_at,
        # In full, being their own; as people here write it.
        "phone": phone and phone.removeprefix("+86"),
        "phone_bound_at": citizen.phone_bound_at,
        "disabled_at": citizen.disabled_at,
    }


def _masked(identity: WeChatIdentity) -> dict[str, str | None]:
    """Enough to recognize; in full it would lead whoever finds the file to the person."""
    return {
        "appid": identity.appid,
        "openid": _mask(identity.openid),
        "unionid": identity.unionid and _mask(identity.unionid),
    }


def _mask(name: str) -> str:
    return f"{name[:4]}****{name[-4:]}" if len(name) > 12 else f"{name[:2]}****"
