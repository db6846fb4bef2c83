import {
  CheckCircleIcon,
  CloseCircleIcon,
  HelpCircleIcon,
  RollbackIcon,
  SearchIcon,
  TimeIcon,
} from "tdesign-icons-vue-next";
import { BALLOT_SOURCES } from "./live";
import type { Status } from "./status";
import { wordFor } from "./words";

/** Words for ballots that were set aside: neutral ones, since nothing is proved before review. */

export const BALLOT_STATES: Record<string, Status> = {
  proposed: { label: "照常计票", icon: SearchIcon, tone: "info" },
  quarantined: { label: "待核", icon: TimeIcon, tone: "warning" },
  released: { label: "已恢复计票", icon: RollbackIcon, tone: "success" },
  annulled: { label: "已作废", icon: CloseCircleIcon, tone: "neutral" },
};

export const GROUP_STATES: Record<string, Status> = {
  open: { label: "待处理", icon: TimeIcon, tone: "warning" },
  proposed: { label: "线索", icon: SearchIcon, tone: "info" },
  decided: { label: "已处理", icon: CheckCircleIcon, tone: "success" },
  dismissed: { label: "已忽略", icon: RollbackIcon, tone: "neutral" },
};

export const OBJECTION_STATES: Record<string, Status> = {
  open: { label: "待答复", icon: HelpCircleIcon, tone: "warning" },
  upheld: { label: "异议成立", icon: CheckCircleIcon, tone: "success" },
  rejected: { label: "维持原处理", icon: CloseCircleIcon, tone: "neutral" },
};

export const GROUP_ORIGINS: Record<string, string> = {
  screening: "投票时自动发现",
  search: "事后查找发现",
  staff: "工作人员挑出",
};

export interface SignalWords {
  label: string;
  /** Where there is little room. */
  short: string;
  /** Why it speaks for farming. */
  suspicious: string;
  /** Why it may mean nothing. */
  innocent: string;
}

const SIGNALS: Record<string, SignalWords> = {
  risk_rank_4: {
    label: "微信判为高风险",
    short: "风险 4 级",
    suspicious: "微信把这个账号列为最高风险（4 级），多半是被用来刷量的账号。",
    innocent: "被盗用过的普通账号也可能在内，微信不说明依据。",
  },
  risk_rank_3: {
    label: "微信判为风险较高",
    short: "风险 3 级",
    suspicious: "微信根据这个账号平时的行为，把它列为较高风险（3 级），常见于批量注册的小号。",
    innocent: "微信偶尔会误判，换手机、借别人手机登录也可能升高风险。",
  },
  risk_no_visit: {
    label: "微信查不到近期访问",
    short: "查不到访问",
    suspicious: "刚投了票，微信却说这个账号没有打开过小程序，可能绕过小程序直接发送了票。",
    innocent: "微信的记录有时晚到，在网页上投票的市民也查不到。",
  },
  new_account: {
    label: "刚注册就投票",
    short: "新账号",
    suspicious: "账号第一次使用小程序，很快就投了票；刷票常用大量新账号。",
    innocent: "活动宣传时，很多市民就是为了投这一票才第一次打开小程序。",
  },
  no_phone: {
    label: "没有绑定手机号",
    short: "未绑手机",
    suspicious: "没有绑定手机号的账号更容易大量取得。",
    innocent: "活动没有要求绑定时，多数市民都不会绑定。",
  },
  share_path: {
    label: "打开方式不明",
    short: "打开方式不明",
    suspicious: "说不清是从列表、搜索、分享还是扫码打开的投票页，程序发送的票常常这样。",
    innocent: "有些手机会丢失来源，收藏后再打开也没有来源。",
  },
  night: {
    label: "深夜投票",
    short: "深夜",
    suspicious: "在凌晨 1 点到 5 点之间投的票，这时候很少有人投票。",
    innocent: "值夜班的医护人员常在这时候看手机。",
  },
  network_burst: {
    label: "同一网段集中投票",
    short: "同一网段",
    suspicious: "短时间里，同一网段有很多人投给同一对象，而且几乎只投它，像在一个地方集中刷票。",
    innocent: "一家医院、一所学校常常共用一个上网地址，职工午休时一起投给同事也是这个样子。",
  },
  device_burst: {
    label: "同型号设备集中投票",
    short: "同型号设备",
    suspicious:
      "短时间里，同一种设备投给同一对象的人数，比它平时所占的比例高出许多，像成排的刷票手机。",
    innocent: "单位统一配发的手机型号都一样，热门型号本来也多。",
  },
  entry_burst: {
    label: "得票突然变快",
    short: "得票变快",
    suspicious: "这个参评对象十分钟里的得票，远高于它前一天的平均速度，常见于刷票开始的时候。",
    innocent: "有人在大群里转发、电视台报道以后，得票也会突然变快。",
  },
  clock_pattern: {
    label: "投票间隔过于规律",
    short: "间隔规律",
    suspicious: "同一来源的票一票接一票，间隔几乎相等，更像程序在投，而不像人在投。",
    innocent: "票很多的时候间隔本来就短，偶尔会碰巧整齐。",
  },
  risky_company: {
    label: "同批账号风险偏高",
    short: "同批风险",
    suspicious:
      "和这一票同网段、同设备或同批注册的账号里，被微信提示风险的比例远高于普通市民，像是成批的小号。",
    innocent: "这说的是同批账号的总体情况，不是这个账号本身；普通市民也可能碰巧混在里面。",
  },
  created_together: {
    label: "集中注册、闲置后投票",
    short: "集中注册",
    suspicious: "一批账号在十分钟里集中注册，闲置两小时以上才第一次投票，而且都投给同一对象。",
    innocent: "单位开会时一起注册、过后才想起来投票，也会这样。",
  },
};

/** What a signal's parameters mean, where a campaign may set them. */
export const PARAMETERS: Record<string, { label: string; unit: string }> = {
  least: { label: "数量至少", unit: "人或票" },
  minutes: { label: "时间范围", unit: "分钟" },
  share: { label: "比例至少", unit: "%" },
  lift: { label: "高出平时", unit: "倍" },
  spread: { label: "间隔的相对差异不超过", unit: "%" },
};

/** What a search holds a group together by, and the signal that says the same of a ballot. */
const SIGNAL_OF_PATTERN: Record<string, string> = {
  same_device: "device_burst",
  same_network: "network_burst",
  made_together: "created_together",
  regular_clock: "clock_pattern",
};

/** A signal this console does not know yet keeps its code and says no more. */
export function signalWords(code: string): SignalWords {
  const { label } = PATTERNS[code] ?? { label: code };
  const known = SIGNALS[code] ?? SIGNALS[SIGNAL_OF_PATTERN[code] ?? ""];
  return known ?? { label, short: label, suspicious: "", innocent: "" };
}

interface PatternWords {
  label: string;
  note: string;
}

const BY_DEVICE = "这些票来自型号和系统版本都一样的设备。请看账号和时间是否也雷同。";
const BY_NETWORK =
  "这些票来自同一个上网地址范围。一家单位常共用一个地址，请先看账号和设备是否也雷同。";
const BY_ACCOUNTS = "投这些票的账号在差不多的时间注册。请看网络和设备是否也雷同。";
const BY_CLOCK = "这些票一票接一票，间隔几乎相等。";

const PATTERNS: Record<string, PatternWords> = {
  device: { label: "同型号设备集中投票", note: BY_DEVICE },
  network: { label: "同一网段集中投票", note: BY_NETWORK },
  accounts: { label: "同批注册的账号投票", note: BY_ACCOUNTS },
  clock: { label: "投票间隔过于规律", note: BY_CLOCK },
  alone: { label: "单独可疑的票", note: "这些票彼此没有明显的相似，是各自的疑点加起来到了门槛。" },
  same_device: { label: "大量使用同型号设备", note: BY_DEVICE },
  same_network: { label: "同一网段、少数设备、多人投票", note: BY_NETWORK },
  made_together: { label: "同批注册的账号投票", note: BY_ACCOUNTS },
  regular_clock: { label: "投票间隔过于规律", note: BY_CLOCK },
  same_sequence: {
    label: "多人投票的对象和顺序都一样",
    note: "同网段或同设备的人，投给了同样的几个对象，顺序也一样。",
  },
};

/** Further figures of what a search found. */
export const FIGURES: Record<string, string> = {
  voters: "投票人",
  networks: "网段",
  devices: "设备种类",
  without_phone: "没有绑定手机号的票",
};

/** What holds a group together, in plain words. */
export function patternWords(pattern: string): PatternWords {
  return PATTERNS[pattern] ?? { label: "投票方式雷同", note: "" };
}

/** Said where a reason is written: it goes into the public ledger. */
export const PUBLIC_REASON_HINT =
  "理由会公开并永久保存，不能修改。请写看到的事实，不要写姓名、电话等能认出人的内容。";

const RISK_TROUBLES: Record<string, string> = {
  unauthorized:
    "微信还没有给小程序开通风险等级，核查暂时不看它，其他信号照常。请系统管理员登录微信公众平台，在“开发管理 → 安全中心 → 风险用户扫描”里申请开通（微信错误码 48001），开通后一天内自动恢复。",
  no_identity: "投票的市民没有微信身份，问不到微信的风险等级，其他信号照常。",
  failed: "微信的风险等级接口暂时问不到，系统会自动再试，其他信号照常。",
};

/** Why WeChat's risk ranks cannot be had and what to do about it; empty if they can. */
export function riskTrouble(reason: string | null): string {
  if (!reason) return "";
  return RISK_TROUBLES[reason] ?? RISK_TROUBLES["failed"] ?? "";
}

const RISK_REFUSALS: Record<string, string> = {
  no_visit: "查不到访问",
  unauthorized: "未开通",
  no_identity: "无微信身份",
  failed: "没问到",
};

/** WeChat's rank of a voter, or why there is none. */
export function riskWord(rank: number | null, refusal: string | null): string {
  if (rank !== null) return `${rank} 级`;
  return refusal ? (RISK_REFUSALS[refusal] ?? "没问到") : "还没问";
}

/** `40 分钟`, `5 小时`, `3 天`: how old an account was when it voted. */
export function accountAge(hours: number | null): string {
  if (hours === null) return "—";
  if (hours < 1) return `${Math.max(1, Math.round(hours * 60))} 分钟`;
  return hours < 48 ? `${Math.floor(hours)} 小时` : `${Math.floor(hours / 24)} 天`;
}

/** From where in the mini-program a ballot came. */
export function sourceWord(source: string | null): string {
  return source ? wordFor(BALLOT_SOURCES, source) : "打开方式不明";
}

export const COUNTED: Status = { label: "照常计票", icon: CheckCircleIcon, tone: "success" };
