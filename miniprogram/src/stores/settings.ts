/** What the server says of this installation; read once per visit. */

import { get, type Schema } from "@/api/client";

type Settings = Schema<"SettingsView">;

let known: Promise<Settings> | null = null;

/** Raises Problem; then the next call asks again. */
export function getSettings(): Promise<Settings> {
  known ??= get("/api/v1/settings").catch((error: unknown) => {
    known = null;
    throw error;
  });
  return known;
}
