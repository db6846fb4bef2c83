import type { Rules } from "./screening";

/** How rules judge a ballot: what it has of the signals adds up. */

export function scoreOf(rules: Rules, signals: readonly string[]): number {
  return signals.reduce((sum, name) => sum + (rules.signals[name]?.["weight"] ?? 0), 0);
}

export function isSetAside(rules: Rules, signals: readonly string[]): boolean {
  return scoreOf(rules, signals) >= rules.threshold;
}

/** Signals that would set a ballot aside all by themselves. */
export function aloneEnough(rules: Rules): string[] {
  return Object.keys(rules.signals).filter((name) => isSetAside(rules, [name]));
}

/** Whether no ballot can reach the threshold whatever it shows. */
export function isOff(rules: Rules): boolean {
  return !isSetAside(rules, Object.keys(rules.signals));
}

/** Ballots as they are met, by what they show. */
export const EXAMPLES: { label: string; signals: string[] }[] = [
  {
    label: "医院职工午休一起投",
    signals: ["network_burst", "device_burst", "entry_burst"],
  },
  { label: "第一次打开就投的市民", signals: ["new_account", "no_phone"] },
  {
    label: "一排新手机刷票",
    signals: ["new_account", "no_phone", "network_burst", "device_burst", "entry_burst"],
  },
  {
    label: "养了一阵的账号刷票",
    signals: ["created_together", "no_phone", "network_burst", "clock_pattern"],
  },
  {
    label: "程序刷票",
    signals: ["risk_no_visit", "new_account", "no_phone", "share_path", "clock_pattern"],
  },
];
