"""The signals by which a ballot looks farmed: what each weighs, and how a campaign changes that.

A ballot whose points reach the threshold is set aside. By default no signal does so alone, and
what one hospital's staff shows who vote at lunch, behind one address, does not either.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.errors import Invalid

DEFAULT_THRESHOLD = 100
LARGEST_SCORE = 1000
# In a record of the ledger, and in what voters read.
WORDS_IN_A_REASON = 3
JOINT = "、"


@dataclass(frozen=True, slots=True)
class Signal:
    """What a signal weighs, by which parameters it is found, and what it is called.

    `word` is public for good and accuses nobody; `explanation` is for staff. Each parameter has
    its default, least and greatest value.
    """

    weight: int
    word: str
    explanation: str
    parameters: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)


SIGNALS: dict[str, Signal] = {
    "risk_rank_4": Signal(50, "微信安全提示需核实", "微信把这个账号列为最高风险（4 级）。"),
    "risk_rank_3": Signal(30, "微信安全提示需核实", "微信把这个账号列为较高风险（3 级）。"),
    "risk_no_visit": Signal(
        40, "微信安全提示需核实", "投票后两小时内，微信说这个账号没有打开过小程序（61010）。"
    ),
    "new_account": Signal(
        10,
        "新注册账号",
        "账号注册后不久就投了这一票。",
        {"minutes": (10, 1, 1440)},
    ),
    "no_phone": Signal(10, "未绑定手机号", "账号没有绑定手机号。"),
    "share_path": Signal(10, "打开方式不明", "客户端没有说明从哪里打开投票页。"),
    "night": Signal(10, "深夜投票", "在凌晨 1 点到 5 点之间投的票。"),
    "network_burst": Signal(
        30,
        "同一网络短时间集中投票",
        "同一网段在限定时间内有很多人投给同一对象，而且几乎只投它。",
        {"least": (20, 5, 10_000), "minutes": (60, 5, 720), "share": (80, 50, 100)},
    ),
    "device_burst": Signal(
        40,
        "同型号设备短时间集中投票",
        "同一种设备在限定时间内给同一对象投票的人数，比它在整个活动中的比例高出许多。",
        {"least": (15, 5, 10_000), "minutes": (60, 5, 720), "lift": (4, 2, 100)},
    ),
    "entry_burst": Signal(
        10,
        "短时间票数突增",
        "这个参评对象十分钟内的得票，远高于它此前一天的平均速度。",
        {"least": (50, 10, 100_000), "lift": (5, 2, 100)},
    ),
    "clock_pattern": Signal(
        30,
        "投票间隔过于规律",
        "同一来源的票一票接一票，间隔几乎相等。",
        {"least": (20, 10, 1000), "spread": (40, 5, 80)},
    ),
    "created_together": Signal(
        45,
        "账号集中注册后闲置",
        "一批账号在十分钟内集中注册，闲置两小时以上才第一次投票，而且都投给同一对象。",
        {"least": (10, 5, 10_000), "share": (70, 50, 100)},
    ),
    "risky_company": Signal(
        40,
        "同批账号安全提示比例高",
        "这一票所在的同网段、同设备或同批注册的账号里，被微信提示风险的比例远高于普通市民。",
        {"least": (10, 5, 1000), "share": (20, 10, 100)},
    ),
}
PARAMETER_NAMES = frozenset(
    {"weight", *(name for signal in SIGNALS.values() for name in signal.parameters)}
)
FALLBACK_WORD = "需人工核实"


@dataclass(frozen=True, slots=True)
class Settings:
    """A campaign's threshold, and by signal its weight and parameters."""

    threshold: int
    signals: Mapping[str, Mapping[str, int]]

    def weight(self, signal: str) -> int:
        return self.signals[signal]["weight"]

    def of(self, signal: str, parameter: str) -> int:
        return self.signals[signal][parameter]


def resolve(overrides: Mapping[str, Any]) -> Settings:
    """The settings of a campaign whose `screening` holds these differences."""
    changed = overrides.get("signals", {})
    signals = {
        name: _defaults_of(signal) | changed.get(name, {}) for name, signal in SIGNALS.items()
    }
    return Settings(overrides.get("threshold", DEFAULT_THRESHOLD), signals)


def _defaults_of(signal: Signal) -> dict[str, int]:
    parameters = {name: values[0] for name, values in signal.parameters.items()}
    return {"weight": signal.weight} | parameters


DEFAULTS = resolve({})


def merge(overrides: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The differences from the defaults after changes; raises Invalid for what makes no sense."""
    settings = resolve(overrides)
    threshold = changes.get("threshold", settings.threshold)
    _require(1 <= threshold <= LARGEST_SCORE, "threshold")
    signals = {name: dict(values) for name, values in settings.signals.items()}
    for name, values in changes.get("signals", {}).items():
        _require(name in SIGNALS, name)
        for parameter, value in values.items():
            _check_parameter(name, parameter, value)
            signals[name][parameter] = value
    return _differences(threshold, signals)


def _check_parameter(signal: str, parameter: str, value: object) -> None:
    label = f"{signal}.{parameter}"
    known = {"weight": (0, 0, LARGEST_SCORE), **SIGNALS[signal].parameters}
    _require(parameter in known and type(value) is int, label)
    _, least, most = known[parameter]
    _require(least <= value <= most, label)


def _require(is_right: bool, label: str) -> None:
    if not is_right:
        raise Invalid("screening_setting_invalid", setting=label)


def _differences(threshold: int, signals: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    differing = {
        name: {key: value for key, value in values.items() if value != DEFAULTS.of(name, key)}
        for name, values in signals.items()
    }
    overrides: dict[str, Any] = {}
    if threshold != DEFAULT_THRESHOLD:
        overrides["threshold"] = threshold
    if changed := {name: values for name, values in differing.items() if values}:
        overrides["signals"] = changed
    return overrides


def public_reason(points: Mapping[str, int]) -> str:
    """The strongest signals in neutral words, as the ledger and the voter are told them."""
    return join_words(sorted(points, key=lambda name: (-points[name], name)))


def join_words(signals: Iterable[str]) -> str:
    words = dict.fromkeys(SIGNALS[name].word for name in signals if name in SIGNALS)
    return JOINT.join(list(words)[:WORDS_IN_A_REASON]) or FALLBACK_WORD
