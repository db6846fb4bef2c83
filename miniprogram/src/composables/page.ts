/** What a page does when it is pulled down, scrolled to its end, or online again. */

import { inject, provide, type InjectionKey } from "vue";
import { onPullDownRefresh, onReachBottom, onUnload } from "@dcloudio/uni-app";
import { onReconnected } from "@/stores/network";

export interface PageGestures {
  refresh?: () => Promise<unknown>;
  more?: () => void;
}

const KEY: InjectionKey<PageGestures> = Symbol("page gestures");

/** Call it in a page's setup. Columns of Mongolian have a button instead of the pull. */
export function usePageGestures(gestures: PageGestures): void {
  provide(KEY, gestures);
  onPullDownRefresh(() => {
    void Promise.resolve(gestures.refresh?.()).finally(() => uni.stopPullDownRefresh());
  });
  onReachBottom(() => gestures.more?.());
  onUnload(onReconnected(() => void gestures.refresh?.()));
}

export function useGesturesOfPage(): PageGestures {
  return inject(KEY, {});
}
