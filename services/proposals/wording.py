"""What a proposal is called, and what will happen if somebody agrees, for those who decide."""

from collections.abc import Callable, Mapping
from datetime import datetime

from models import Proposal
from services.clock import LOCAL_ZONE

KINDS = {
    "annul_ballots": "作废选票",
    "extend": "延长投票",
    "close": "提前结束投票",
    "withdraw_entry": "退出评选",
    "change_screening": "修改防刷票设置",
    "publish_result": "公布评选结果",
}

Content = Mapping[str, object]


def summarize(proposal: Proposal) -> str:
    """One or two sentences that say what agreeing does."""
    return SUMMARIES[proposal.kind](proposal.content)


def content_shown(proposal: Proposal) -> dict[str, object]:
    """What the act takes, without the ids of ballots, of which there may be thousands."""
    return {name: value for name, value in proposal.content.items() if name != "ballot_ids"}


def _extension(content: Content) -> str:
    until, before = _time(content["closes_at"]), _time(content["closes_at_before"])
    return f"把投票截止时间延到 {until}，原定 {before}。"


def _closing(content: Content) -> str:
    return "马上结束投票，不再接受选票，已经收到的照常计算。结束以后不能恢复。"


def _withdrawal(content: Content) -> str:
    who = f"{content['number']} 号“{content['name']}”"
    return f"让 {who}退出评选：不能再给它投票，榜单上不再有它。退出以后不能恢复。"


def _publication(content: Content) -> str:
    return "向所有人公布最终榜单和公告，并通知投过票的市民。公布以后不能更改。"


def _annulment(content: Content) -> str:
    return f"作废 {content['ballots']} 张选票，不再计入票数，原因写进公开账本。"


def _change(content: Content) -> str:
    changes: Mapping = content["changes"]
    parts = []
    if "threshold" in changes:
        parts.append(f"待核分数线改为 {changes['threshold']} 分")
    if "annulments_alone" in changes:
        parts.append(f"一个人一次最多可以作废 {changes['annulments_alone']} 票")
    if changes.get("signals"):
        parts.append(f"{len(changes['signals'])} 个信号的设置有变化")
    return f"修改防刷票设置：{'；'.join(parts)}。只影响以后的判断，写进公开账本。"


def _time(text: object) -> str:
    moment = datetime.fromisoformat(str(text)).astimezone(LOCAL_ZONE)
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"


SUMMARIES: dict[str, Callable[[Content], str]] = {
    "annul_ballots": _annulment,
    "extend": _extension,
    "close": _closing,
    "withdraw_entry": _withdrawal,
    "change_screening": _change,
    "publish_result": _publication,
}
