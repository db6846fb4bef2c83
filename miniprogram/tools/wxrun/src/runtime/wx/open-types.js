import { shareOf } from "../hooks.js";
import { note } from "../shared.js";
import { authorizePrivacy, noteAgreeButton } from "./privacy.js";
import { Failure, settle } from "./settle.js";
import { askWeChat } from "./sites.js";
import { openSheet } from "../pages/sheets.js";
import { makeText } from "../components/base.js";

/** @typedef {import('../components/button.js').WxButton} Button */

/** @type {Record<string, (button: Button) => unknown>} */
const actions = {
  agreePrivacyAuthorization(button) {
    noteAgreeButton(button.id);
    button.emit("agreeprivacyauthorization", { errMsg: "agreePrivacyAuthorization:ok" });
  },
  getPhoneNumber: (button) => givePhone(button, "getPhoneNumber", "getphonenumber"),
  getRealtimePhoneNumber: (button) =>
    givePhone(button, "getRealtimePhoneNumber", "getrealtimephonenumber"),
  async share(button) {
    const target = { id: button.id, dataset: { ...button.__wxElement.dataset } };
    note("share", (await shareOf("button", target)) ?? {});
  },
  contact(button) {
    note("contact", { sessionFrom: button.props.sessionFrom ?? "" });
    button.emit("contact", { errMsg: "enterContact:ok", path: "", query: {} });
  },
  openSetting(button) {
    note("openSetting");
    button.emit("opensetting", { errMsg: "openSetting:ok", authSetting: {} });
  },
  feedback: () => note("feedback"),
};

async function givePhone(
  /** @type {Button} */ button,
  /** @type {string} */ api,
  /** @type {string} */ event,
) {
  const answer = (/** @type {any} */ detail) => button.emit(event, detail);
  void settle(api, { success: answer, fail: answer }, async () => {
    await authorizePrivacy(api);
    const sheet = openSheet({ label: "申请获取并验证你的手机号", className: "wx-phone" });
    sheet.panel.append(makeText("div", "wx-modal-title", "申请获取并验证你的手机号"));
    const isAllowed = await sheet.answer([
      { text: "不允许", value: false },
      { text: "允许", value: true, isMain: true },
    ]);
    if (!isAllowed) throw new Failure("user deny");
    const { code } = await askWeChat("phone-code", {});
    return { code };
  });
}

export const openTypes = {
  run(/** @type {string} */ name, /** @type {Button} */ button) {
    const action = actions[name];
    if (!action) throw new Error(`wxrun: <button open-type="${name}"> is not implemented`);
    void action(button);
  },
};
