import { launch } from '../shared.js'

/** What tests may say about the phone and the person's settings. */
export const device = {
  theme: /** @type {'light' | 'dark'} */ (launch.get('theme') ?? 'light'),
  fontSizeScaleFactor: Number(launch.get('fontScale') ?? 1),
  fontSizeSetting: Math.round(16 * Number(launch.get('fontScale') ?? 1)),
  clipboard: '',
  /** Set by a test; otherwise the browser's own. @type {string | null} */
  network: null,
  /** @type {Set<(state: { isConnected: boolean, networkType: string }) => void>} */
  networkListeners: new Set(),

  get networkType() {
    return this.network ?? (navigator.onLine ? 'wifi' : 'none')
  },

  setNetwork(/** @type {string | null} */ type) {
    this.network = type
    this.tellNetwork()
  },

  tellNetwork() {
    const networkType = this.networkType
    for (const listener of [...this.networkListeners]) listener({ isConnected: networkType !== 'none', networkType })
  },
}

for (const type of ['online', 'offline']) addEventListener(type, () => device.tellNetwork())
