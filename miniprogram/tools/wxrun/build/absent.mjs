/**
 * Globals of a browser that a mini-program's logic does not have. In the bundle they are undefined,
 * so that code which only works in a browser fails here as it would on a phone.
 */
export const ABSENT = [
  'window', 'document', 'navigator', 'location', 'history', 'localStorage', 'sessionStorage',
  'indexedDB', 'fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'Headers', 'Request', 'Response',
  'FormData', 'Blob', 'File', 'FileReader', 'URL', 'URLSearchParams', 'TextEncoder', 'TextDecoder',
  'AbortController', 'Image', 'HTMLElement', 'Element', 'customElements', 'CustomEvent',
  'MutationObserver', 'IntersectionObserver', 'ResizeObserver', 'getComputedStyle', 'matchMedia',
  'requestAnimationFrame', 'cancelAnimationFrame', 'atob', 'btoa', 'crypto', 'structuredClone',
  'alert', 'confirm', 'self', 'frames', 'top', 'parent', 'innerWidth', 'innerHeight', 'scrollTo',
  'DOMParser', 'postMessage', 'visualViewport', 'screen',
]

/** For esbuild's `define`: `window.x` fails with a message that says why. */
export const absentGlobals = () => Object.fromEntries(ABSENT.map((name) => [name, `notInWeChat.${name}`]))
