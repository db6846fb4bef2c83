import { make, makeText } from "../components/base.js";
import { isInTap } from "../framework/activation.js";
import { openSheet } from "../pages/sheets.js";
import { launch } from "../shared.js";
import { Failure, settle } from "./settle.js";
import { askWeChat } from "./sites.js";

let hasSession = false;

export const login = (/** @type {any} */ options) =>
  settle("login", options, async () => {
    const openid = launch.get("openid");
    const { code } = await askWeChat("login-code", openid ? { openid } : {});
    hasSession = true;
    return { code };
  });

export const checkSession = (/** @type {any} */ options) =>
  settle("checkSession", options, () => {
    if (!hasSession) throw new Failure("session time out, need relogin", { errCode: -13001 });
  });

/** Only while a tap is handled; the person ticks what they want, and each choice is WeChat's to keep. */
export const requestSubscribeMessage = (/** @type {any} */ options) => {
  const isTapped = isInTap();
  return settle("requestSubscribeMessage", options, async () => {
    const { tmplIds } = options ?? {};
    if (!Array.isArray(tmplIds)) throw new Failure("Invalid template id", { errCode: 10004 });
    if (!tmplIds.length) throw new Failure("TmplIds can't be empty", { errCode: 10001 });
    if (tmplIds.length > 5)
      throw new Failure("The number of templates exceeds the limit", { errCode: 20003 });
    if (!isTapped) throw new Failure("can only be invoked by user TAP gesture.");
    const choices = await askToSubscribe(tmplIds);
    const kept = await Promise.all(
      tmplIds.map((template_id) => keepChoice(template_id, choices[template_id])),
    );
    return Object.fromEntries(kept);
  });
};

/** The answer may tell another status, such as ban. @returns {Promise<[string, string]>} */
async function keepChoice(/** @type {string} */ template_id, /** @type {string} */ status) {
  const answer = await askWeChat("subscriptions", { template_id, status });
  return [template_id, answer?.status ?? status];
}

/** @param {string[]} ids @returns {Promise<Record<string, 'accept' | 'reject'>>} */
async function askToSubscribe(ids) {
  const sheet = openSheet({ label: "申请发送订阅消息", className: "wx-subscribe" });
  const boxes = ids.map((id) => {
    const label = make("label", "wx-subscribe-row");
    const box = /** @type {HTMLInputElement} */ (
      make("input", "", { type: "checkbox", checked: "" })
    );
    label.append(box, id);
    return { id, box, label };
  });
  sheet.panel.append(
    makeText("div", "wx-modal-title", "申请获取以下消息的发送权限"),
    ...boxes.map((each) => each.label),
  );
  const isAllowed = await sheet.answer([
    { text: "取消", value: false },
    { text: "允许", value: true, isMain: true },
  ]);
  return Object.fromEntries(
    boxes.map(({ id, box }) => [id, isAllowed && box.checked ? "accept" : "reject"]),
  );
}
