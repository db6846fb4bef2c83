import type { UnhelpfulReason } from "./api";

/** Why an item did not help, in the order in which people are asked. */
export const UNHELPFUL_REASONS: readonly UnhelpfulReason[] = [
  "hard_to_read",
  "incomplete",
  "not_what_i_sought",
  "outdated",
  "other",
];
