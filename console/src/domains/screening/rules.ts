import { Problem } from "@/api/problem";
import { PARAMETERS, signalWords } from "@/texts/screening";
import type { Rules, RulesChange, Screening, SignalSetting } from "./screening";

/**
 * What is typed: the threshold, what one may annul alone, and under `signal.parameter` the rest.
 */
export type TypedRules = { threshold: number; annulments_alone: number } & Record<string, number>;

export function keyOf(signal: string, parameter: string): string {
  return `${signal}.${parameter}`;
}

export function typedFrom({
  settings,
  annulments_alone,
}: Pick<Screening, "settings" | "annulments_alone">): TypedRules {
  const typed: TypedRules = { threshold: settings.threshold, annulments_alone };
  for (const [signal, values] of Object.entries(settings.signals)) {
    for (const [parameter, value] of Object.entries(values))
      typed[keyOf(signal, parameter)] = value;
  }
  return typed;
}

/** The rules as they would be with what is typed. */
export function rulesFrom(settings: Rules, typed: TypedRules): Rules {
  const signals = Object.entries(settings.signals).map(([signal, values]) => {
    const names = Object.keys(values);
    const pairs = names.map((name) => [name, typed[keyOf(signal, name)] ?? 0]);
    return [signal, Object.fromEntries(pairs) as SignalSetting];
  });
  return { threshold: typed.threshold, signals: Object.fromEntries(signals) };
}

/** Only what differs, so that nothing is proposed that nobody wants to change. */
export function changesOf(saved: Screening, typed: TypedRules): RulesChange {
  const wanted = rulesFrom(saved.settings, typed);
  const changed = Object.entries(wanted.signals).flatMap(([signal, values]) => {
    const before = saved.settings.signals[signal] ?? {};
    const differing = Object.entries(values).filter(([name, value]) => value !== before[name]);
    return differing.length ? [[signal, Object.fromEntries(differing)] as const] : [];
  });
  return {
    ...(wanted.threshold !== saved.settings.threshold && { threshold: wanted.threshold }),
    ...(changed.length > 0 && { signals: Object.fromEntries(changed) }),
    ...(typed.annulments_alone !== saved.annulments_alone && {
      annulments_alone: typed.annulments_alone,
    }),
  };
}

/** What is typed, with the defaults in place of all that has one. */
export function withDefaults({ defaults }: Pick<Screening, "defaults">, typed: TypedRules) {
  return typedFrom({ settings: defaults, annulments_alone: typed.annulments_alone });
}

const REFUSED_SETTING = /“([a-z0-9_]+)(?:\.([a-z]+))?”/;

/** A refusal that names a setting by its code, at the field and in words. */
export function asSettingProblem(error: unknown): unknown {
  if (!(error instanceof Problem) || error.code !== "screening_setting_invalid") return error;
  const [, signal = "", parameter = ""] = REFUSED_SETTING.exec(error.detail) ?? [];
  const name = PARAMETERS[parameter]?.label;
  const where = name ? `${signalWords(signal).label}”里的“${name}` : signalWords(signal).label;
  const detail = `“${where}”超出了允许的范围，请改小或者改大一些。`;
  const key = parameter ? keyOf(signal, parameter) : signal;
  return new Problem(error.status, error.code, detail, { [key]: [detail] });
}
