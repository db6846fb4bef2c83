/** The present moment, in milliseconds, once a second while a page is in front. */

import { onHide, onShow, onUnload } from "@dcloudio/uni-app";
import { ref, type Ref } from "vue";

export function useNow(): Ref<number> {
  const now = ref(Date.now());
  let timer: ReturnType<typeof setInterval> | undefined;
  const stop = () => clearInterval(timer);
  onShow(() => {
    stop();
    now.value = Date.now();
    timer = setInterval(() => (now.value = Date.now()), 1000);
  });
  onHide(stop);
  onUnload(stop);
  return now;
}
