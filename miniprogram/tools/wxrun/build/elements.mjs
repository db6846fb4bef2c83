/** WeChat's built-in components that the runtime has. Each becomes a custom element `wx-<name>`. */
export const BUILT_IN = [
  'view', 'text', 'image', 'icon', 'progress', 'button', 'input', 'textarea', 'form', 'label',
  'checkbox', 'checkbox-group', 'radio', 'radio-group', 'switch', 'slider', 'picker', 'scroll-view',
  'swiper', 'swiper-item', 'navigator', 'rich-text', 'canvas', 'page-meta', 'root-portal',
  'cover-view', 'cover-image',
]

/** Built-in components of WeChat that the runtime lacks: the bundler names them and stops. */
export const MISSING = [
  'ad', 'ad-custom', 'audio', 'camera', 'channel-live', 'channel-video', 'double-tap-gesture-handler',
  'draggable-sheet', 'editor', 'functional-page-navigator', 'grid-view', 'keyboard-accessory',
  'list-view', 'live-player', 'live-pusher', 'map', 'match-media', 'movable-area', 'movable-view',
  'navigation-bar', 'nested-scroll-header', 'official-account', 'open-container', 'open-data',
  'open-data-item', 'open-data-list', 'page-container', 'picker-view', 'picker-view-column',
  'selection', 'share-element', 'snapshot', 'span', 'sticky-header', 'sticky-section',
  'store-coupon', 'store-home', 'store-product', 'video', 'voip-room', 'web-view', 'xr-frame',
]
