import { launch, runtime } from "../shared.js";
import { Failure } from "./settle.js";

/**
 * Where a request really goes. The origin baked into the build is the page's own here; WeChat knows no
 * other host than the configured ones, and no relative address at all.
 * @param {string} url
 */
export function ownAddress(url) {
  const site = launch.get("site") ?? runtime.program.site;
  const target = URL.canParse(url) ? new URL(url) : null;
  if (!target) throw new Failure(`invalid url "${url}"`);
  const isOurs =
    target.origin === location.origin || (site && target.origin === new URL(site).origin);
  if (!isOurs) throw new Failure(`url not in domain list:${target.origin}`, { errno: 600002 });
  return location.origin + target.pathname + target.search;
}

/** Asks the test's server, which plays WeChat, for what only WeChat can give. */
export async function askWeChat(/** @type {string} */ path, /** @type {any} */ body) {
  const response = await fetch(`/_wx/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const { errMsg = `/_wx/${path} answered ${response.status}`, ...details } = answer;
  throw new Failure(errMsg, details);
}
