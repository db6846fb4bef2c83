/** A page that draws a poster, shows it and lets it be kept. */

import { reactive, ref } from "vue";
import { platform, type Canvas } from "@/platform";
import { say } from "@/stores/toast";
import { texts } from "@/texts";
import { POSTER } from "./pen";

/** WeChat draws only on a canvas of the page's own, `<canvas id="poster" type="2d">`. */
export function usePoster(paint: (canvas: Canvas) => Promise<string>) {
  const picture = ref<string | null>(null);
  const hasFailed = ref(false);

  async function draw(): Promise<void> {
    hasFailed.value = false;
    try {
      picture.value = await paint(
        await platform.openCanvas("#poster", POSTER.width, POSTER.height),
      );
    } catch {
      // No code, no picture, no canvas: the person can only try again.
      hasFailed.value = true;
    }
  }

  async function save(name: string): Promise<void> {
    if (!picture.value) return;
    if (await platform.savePicture(picture.value, `${name}.png`)) say(texts().poster.saved);
    else say(texts().poster.saveFailed, "problem");
  }

  return reactive({ picture, hasFailed, draw, save });
}
