import { nextTick, onBeforeUnmount, onMounted, type Ref } from "vue";

const FOCUSABLE = [
  "a[href]",
  "button:not([disabled])",
  "input:not([disabled]):not([type=hidden])",
  "select:not([disabled])",
  "textarea:not([disabled])",
  "[tabindex]:not([tabindex='-1'])",
].join(",");

/**
 * Keeps the keyboard inside a layer while it is shown, and gives the focus back to where it was.
 * What TDesign pops up belongs to the layer although it hangs under the body.
 */
export function useFocusTrap(layer: Ref<HTMLElement | null>): void {
  const before = document.activeElement as HTMLElement | null;

  function keepInside(event: KeyboardEvent): void {
    if (event.key !== "Tab" || !layer.value) return;
    const all = focusableIn(layer.value);
    const first = all[0];
    const last = all.at(-1);
    const active = document.activeElement;
    const isOutside = !layer.value.contains(active) && !active?.closest(".t-popup");
    if (!first || !last) event.preventDefault();
    else if (isOutside || (event.shiftKey ? active === first : active === last)) {
      event.preventDefault();
      (event.shiftKey ? last : first).focus();
    }
  }

  onMounted(async () => {
    addEventListener("keydown", keepInside);
    await nextTick();
    if (!layer.value || layer.value.contains(document.activeElement)) return;
    const wanted = layer.value.querySelector<HTMLElement>("[data-autofocus]") ?? layer.value;
    wanted.focus({ preventScroll: true });
  });

  onBeforeUnmount(() => {
    removeEventListener("keydown", keepInside);
    if (before?.isConnected) before.focus({ preventScroll: true });
  });
}

function focusableIn(element: HTMLElement): HTMLElement[] {
  return [...element.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (each) => each.offsetParent !== null,
  );
}
