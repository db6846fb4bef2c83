import { make, makeText } from "../components/base.js";
import { openSheet, overlay } from "../pages/sheets.js";
import { locateFile } from "./files-store.js";
import { Failure, settle } from "./settle.js";

/** The one toast or loading mark on the screen. */
let shown = /** @type {{ element: HTMLElement, timer: any } | null} */ (null);

function clearShown() {
  clearTimeout(shown?.timer);
  shown?.element.remove();
  shown = null;
}

function showMark(
  /** @type {any} */ { title = "", icon = "success", image = "", mask = false },
  /** @type {number | null} */ duration,
) {
  clearShown();
  const element = make("div", `wx-toast${mask ? " wx-toast-mask" : ""}`, {
    role: icon === "loading" ? "progressbar" : "status",
    "aria-live": "polite",
  });
  if (icon === "loading") element.setAttribute("aria-label", title || "正在加载");
  if (image) element.append(make("img", "wx-toast-image", { src: locateFile(image), alt: "" }));
  else if (icon !== "none")
    element.append(make("div", `wx-toast-icon wx-toast-${icon}`, { "aria-hidden": "true" }));
  element.append(makeText("div", "wx-toast-title", title));
  overlay.append(element);
  shown = { element, timer: duration === null ? undefined : setTimeout(clearShown, duration) };
}

export const showToast = (/** @type {any} */ options) =>
  settle("showToast", options, () => showMark(options, Number(options.duration ?? 1500)));
export const hideToast = (/** @type {any} */ options) => settle("hideToast", options, clearShown);
export const showLoading = (/** @type {any} */ options) =>
  settle("showLoading", options, () => showMark({ ...options, icon: "loading" }, null));
export const hideLoading = (/** @type {any} */ options) =>
  settle("hideLoading", options, clearShown);

export const showModal = (/** @type {any} */ options) =>
  settle("showModal", options, () => {
    const {
      title = "",
      content = "",
      showCancel = true,
      cancelText = "取消",
      confirmText = "确定",
      editable,
      placeholderText = "",
    } = options;
    if ([cancelText, confirmText].some((text) => text.length > 4))
      throw new Failure("parameter error: cancelText and confirmText have at most 4 characters");
    const sheet = openSheet({ label: title || content, className: "wx-modal" });
    if (title) sheet.panel.append(makeText("div", "wx-modal-title", title));
    const field = /** @type {HTMLTextAreaElement} */ (
      make("textarea", "wx-modal-field", {
        placeholder: placeholderText,
        "aria-label": title || placeholderText,
      })
    );
    field.value = content;
    sheet.panel.append(editable ? field : makeText("div", "wx-modal-content", content));
    const confirmed = () => ({
      confirm: true,
      cancel: false,
      content: editable ? field.value : null,
    });
    const cancelled = { confirm: false, cancel: true, content: null };
    const choices = [{ text: confirmText, value: confirmed, isMain: true }];
    return sheet.answer(
      showCancel
        ? [{ text: cancelText, value: () => cancelled, isMain: false }, ...choices]
        : choices,
    );
  });

export const showActionSheet = (/** @type {any} */ options) =>
  settle("showActionSheet", options, async () => {
    const { itemList, alertText = "" } = options;
    if (!Array.isArray(itemList) || itemList.length > 6)
      throw new Failure("parameter error: itemList should not be large than 6");
    const sheet = openSheet({ label: alertText || "请选择", className: "wx-actions" });
    if (alertText) sheet.panel.append(makeText("div", "wx-actions-title", alertText));
    const items = itemList.map((text, tapIndex) => ({ text, value: tapIndex }));
    const tapIndex = await sheet.answer([...items, { text: "取消", value: null }]);
    if (tapIndex === null) throw new Failure("cancel");
    return { tapIndex };
  });
