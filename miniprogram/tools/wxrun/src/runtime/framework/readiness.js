/** Components that were attached and wait for their first layout; then `ready` is theirs. */
const waiting = /** @type {any[]} */ ([]);
let isScheduled = false;

/** @param {any} component glass-easel's component */
export function awaitReady(component) {
  waiting.push(component);
  if (isScheduled) return;
  isScheduled = true;
  queueMicrotask(announceReady);
}

function announceReady() {
  isScheduled = false;
  for (const component of childrenFirst(waiting.splice(0))) component.triggerLifetime("ready", []);
}

/** From parents before children, the order of `attached`, to children before parents. */
export function childrenFirst(/** @type {any[]} */ components) {
  const open = /** @type {{ component: any, depth: number }[]} */ ([]);
  const ordered = /** @type {any[]} */ ([]);
  const close = (/** @type {number} */ depth) => {
    while (open.length && open[open.length - 1].depth >= depth) ordered.push(open.pop()?.component);
  };
  for (const component of components) {
    const depth = depthOf(component);
    close(depth);
    open.push({ component, depth });
  }
  close(0);
  return ordered;
}

function depthOf(/** @type {any} */ component) {
  let depth = 0;
  for (let node = component; node; node = node.parentNode ?? node.getHostNode?.()) depth += 1;
  return depth;
}
