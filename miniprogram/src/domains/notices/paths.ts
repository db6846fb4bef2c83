/** Where a notice is read, and where it leads. */

import { standingsPage } from "@/domains/voting/paths";
import type { Notice } from "./api";

export const NOTICES_PAGE = "/pages-me/notices/index";

/** Null where there is nothing to go to, or a kind of thing that this version does not know. */
export function targetPage({ target }: Notice): string | null {
  return target?.type === "campaign" ? standingsPage(target.id) : null;
}
