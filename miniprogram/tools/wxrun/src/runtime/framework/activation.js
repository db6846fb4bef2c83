/**
 * Some calls of wx.* are only taken while a tap is being handled: in its handler, and in promises that
 * settle without waiting for anything outside.
 */
let isTapping = false;

/** @param {() => void} work */
export function runInTap(work) {
  isTapping = true;
  // Queued before anything the handler starts, and after every microtask of the handler.
  setTimeout(() => {
    isTapping = false;
  });
  work();
}

export const isInTap = () => isTapping;
