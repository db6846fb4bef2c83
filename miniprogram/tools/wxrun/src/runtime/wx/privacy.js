import { make, makeText } from "../components/base.js";
import { openSheet } from "../pages/sheets.js";
import { launch, note, runtime } from "../shared.js";
import { Failure, settle } from "./settle.js";

const REFUSED = ["privacy permission is not authorized", { errno: 104 }];
const CONTRACT = "《小程序用户隐私保护指引》";

/** @type {((resolve: (answer: any) => void, info: { referrer: string }) => void) | null} */
let listener = null;
/** Buttons of open-type agreePrivacyAuthorization that the person has tapped. @type {Set<string>} */
const tappedButtons = new Set();
/** Calls that wait for the person. @type {Promise<boolean> | null} */
let pending = null;

const key = () => `wx-privacy:${runtime.program.appid}`;
const hasAgreed = () =>
  launch.get("privacy") === "agreed" || localStorage.getItem(key()) === "agreed";
const agree = () => localStorage.setItem(key(), "agreed");

/** The agree button in the page's own dialog was tapped. @param {string} id */
export function noteAgreeButton(id) {
  tappedButtons.add(id);
  agree();
}

/**
 * Lets a call that touches personal data through only after the person has agreed, once for all.
 * @param {string} api
 */
export async function authorizePrivacy(api) {
  if (hasAgreed()) return;
  pending ??= (listener ? askPage(listener, api) : askByWeChat()).finally(() => (pending = null));
  if (!(await pending))
    throw new Failure(/** @type {string} */ (REFUSED[0]), /** @type {any} */ (REFUSED[1]));
  agree();
}

/** The page shows a dialog of its own and says how it ended. @returns {Promise<boolean>} */
function askPage(/** @type {NonNullable<typeof listener>} */ ask, /** @type {string} */ api) {
  return new Promise((resolve) => {
    const answer = (/** @type {any} */ { event, buttonId }) => {
      if (event === "exposureAuthorization") return;
      if (event === "agree" && !tappedButtons.has(buttonId ?? "")) {
        throw new Error(
          `wxrun: the button "${buttonId}" of open-type agreePrivacyAuthorization was not tapped`,
        );
      }
      resolve(event === "agree");
    };
    ask(answer, { referrer: api });
  });
}

/** Without a dialog of the page's own WeChat shows one. @returns {Promise<boolean>} */
function askByWeChat() {
  const sheet = openSheet({ label: "用户隐私保护提示", className: "wx-privacy" });
  sheet.panel.append(makeText("div", "wx-modal-title", "用户隐私保护提示"), make("div"));
  sheet.panel.append(
    makeText(
      "div",
      "wx-modal-content",
      `使用前请仔细阅读${CONTRACT}。点击“同意”即表示你已理解并同意。`,
    ),
  );
  return sheet.answer([
    { text: "拒绝", value: false },
    { text: "同意", value: true, isMain: true },
  ]);
}

export const getPrivacySetting = (/** @type {any} */ options) =>
  settle("getPrivacySetting", options, () => ({
    needAuthorization: !hasAgreed(),
    privacyContractName: CONTRACT,
  }));
export const onNeedPrivacyAuthorization = (/** @type {any} */ given) => {
  listener = given;
};
export const requirePrivacyAuthorize = (/** @type {any} */ options) =>
  settle("requirePrivacyAuthorize", options, () => authorizePrivacy("requirePrivacyAuthorize"));
export const openPrivacyContract = (/** @type {any} */ options) =>
  settle("openPrivacyContract", options, () => note("openPrivacyContract"));
