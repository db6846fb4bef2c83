/** What a check found to be untrue; the texts say each in plain words. */

export type FaultCode =
  "malformed" | "unsigned" | "unproven" | "other_record" | "other_root" | "forgotten";

export class Fault extends Error {
  override readonly name = "Fault";

  constructor(readonly code: FaultCode) {
    super(code);
  }
}

/** `value`, unless there is none: then what it was read from is not what it should be. */
export function wellFormed<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Fault("malformed");
  return value;
}
