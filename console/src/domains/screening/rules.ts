import type { Rules, RulesChange, Screening } from "./screening";

/** What is typed: the threshold, what one may annul alone, and points by name of the signal. */
export type TypedRules = { threshold: number; annulments_alone: number } & Record<string, number>;

export function typedFrom({
  settings,
  annulments_alone,
}: Pick<Screening, "settings" | "annulments_alone">): TypedRules {
  const weights = Object.entries(settings.signals).map(([name, { weight }]) => [name, weight]);
  return { ...Object.fromEntries(weights), threshold: settings.threshold, annulments_alone };
}

/** The rules as they would be with what is typed. */
export function rulesFrom(settings: Rules, typed: TypedRules): Rules {
  const signals = Object.entries(settings.signals).map(([name, signal]) => [
    name,
    { ...signal, weight: typed[name] ?? 0 },
  ]);
  return { threshold: typed.threshold, signals: Object.fromEntries(signals) };
}

/** Only what differs, so that nothing is proposed that nobody wants to change. */
export function changesOf(saved: Screening, typed: TypedRules): RulesChange {
  const { signals } = rulesFrom(saved.settings, typed);
  const changed = Object.entries(signals).filter(
    ([name, { weight }]) => weight !== saved.settings.signals[name]?.weight,
  );
  return {
    ...(typed.threshold !== saved.settings.threshold && { threshold: typed.threshold }),
    ...(changed.length > 0 && { signals: Object.fromEntries(changed) }),
    ...(typed.annulments_alone !== saved.annulments_alone && {
      annulments_alone: typed.annulments_alone,
    }),
  };
}

/** Where two versions are compared. */
export function wordsFor(value: unknown): string {
  return String(value);
}
