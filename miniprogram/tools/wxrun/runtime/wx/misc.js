import { note, runtime } from '../shared.js'
import { USER_DATA_PATH } from './files-store.js'
import { Failure, settle } from './settle.js'
import { ownAddress } from './sites.js'

export const env = { USER_DATA_PATH }

export const nextTick = (/** @type {() => void} */ work) => void Promise.resolve().then(work)

export const getLaunchOptionsSync = () => entry()
export const getEnterOptionsSync = () => entry()
function entry() {
  const { search, ...options } = runtime.application.entry
  return options
}

const listen = (/** @type {string} */ kind) => (/** @type {any} */ listener) => void runtime.application.listeners[kind].add(listener)
const unlisten = (/** @type {string} */ kind) => (/** @type {any} */ listener) =>
  void (listener ? runtime.application.listeners[kind].delete(listener) : runtime.application.listeners[kind].clear())
export const onAppShow = listen('show')
export const offAppShow = unlisten('show')
export const onAppHide = listen('hide')
export const offAppHide = unlisten('hide')
export const onError = listen('error')
export const offError = unlisten('error')
export const onPageNotFound = listen('notFound')
export const offPageNotFound = unlisten('notFound')
export const onUnhandledRejection = listen('rejection')
export const offUnhandledRejection = unlisten('rejection')

/** There is never a newer version here. */
export const getUpdateManager = () => ({
  onCheckForUpdate: (/** @type {any} */ listener) => setTimeout(() => listener({ hasUpdate: false })),
  onUpdateReady: () => {},
  onUpdateFailed: () => {},
  applyUpdate: () => note('applyUpdate'),
})

const noted = (/** @type {string} */ api) => (/** @type {any} */ options) => settle(api, options, () => note(api, options))
export const showShareMenu = noted('showShareMenu')
export const hideShareMenu = noted('hideShareMenu')
export const updateShareMenu = noted('updateShareMenu')
export const openSetting = noted('openSetting')
export const openCustomerServiceChat = noted('openCustomerServiceChat')
export const exitMiniProgram = noted('exitMiniProgram')
export const reportEvent = (/** @type {string} */ id, /** @type {any} */ data) => note('reportEvent', { id, data })
/** Hints for loading ahead change nothing that can be seen. */
export const preloadAssets = () => {}
export const reportPerformance = () => {}

const ADDRESS = /url\(["']?(https?:[^"')]+)["']?\)/g

export const loadFontFace = (/** @type {any} */ options) =>
  settle('loadFontFace', options, async () => {
    const { family, source, desc = {} } = options
    const face = new FontFace(family, source.replace(ADDRESS, (_, url) => `url("${ownAddress(url)}")`), desc)
    const loaded = await face.load().catch((error) => Promise.reject(new Failure(String(error.message), { status: 'error' })))
    document.fonts.add(loaded)
    return { status: 'loaded' }
  })

export const arrayBufferToBase64 = (/** @type {ArrayBuffer} */ buffer) =>
  btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(''))
export const base64ToArrayBuffer = (/** @type {string} */ text) =>
  Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer

const realtime = { info() {}, warn() {}, error() {}, setFilterMsg() {}, addFilterMsg() {}, in() {} }
export const getRealtimeLogManager = () => realtime
export const getLogManager = () => ({ ...realtime, log() {}, debug() {} })
