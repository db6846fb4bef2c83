import { platform, type SharedPage } from "@/platform";
import { texts } from "@/texts";
import { say } from "./toast";

/** Hands a page to others where the platform has no button of its own for it. */
export async function sharePage(page: SharedPage): Promise<void> {
  if ((await platform.share(page)) === "copied") say(texts().common.copied);
}
