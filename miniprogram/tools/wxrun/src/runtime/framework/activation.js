/**
 * Some calls of wx.* are only taken while a tap is being handled: in its handler, in a timer of zero
 * that it starts (uni-app hands every tap on by one), and in promises that settle without waiting
 * for anything outside.
 */
let isTapping = false;

/** @param {() => void} work */
export function runInTap(work) {
  isTapping = true;
  // The first timer is queued before the handler's own, the second after them.
  setTimeout(() =>
    setTimeout(() => {
      isTapping = false;
    }),
  );
  work();
}

export const isInTap = () => isTapping;
