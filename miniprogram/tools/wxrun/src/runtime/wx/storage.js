import { runtime } from "../shared.js";
import { Failure, settle } from "./settle.js";

const LIMIT_KB = 10 * 1024;
const prefix = () => `wx:${runtime.program.appid}:`;

/** @param {string} key @returns {any} undefined when there is nothing */
function read(key) {
  const text = localStorage.getItem(prefix() + key);
  return text === null ? undefined : decode(JSON.parse(text));
}

function write(/** @type {string} */ key, /** @type {any} */ value) {
  if (!key) throw new Failure("parameter error: key should not be empty");
  localStorage.setItem(prefix() + key, JSON.stringify(encode(value)));
}

/** JSON knows no undefined and no Date; WeChat keeps both. */
const encode = (/** @type {any} */ value) =>
  value instanceof Date
    ? { type: "date", value: value.getTime() }
    : { type: value === undefined ? "undefined" : "json", value };
const decode = (/** @type {any} */ { type, value }) =>
  type === "date" ? new Date(value) : type === "undefined" ? undefined : value;

const keys = () =>
  Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? "")
    .filter((key) => key.startsWith(prefix()))
    .map((key) => key.slice(prefix().length));

const has = (/** @type {string} */ key) => localStorage.getItem(prefix() + key) !== null;
const remove = (/** @type {string} */ key) => localStorage.removeItem(prefix() + key);

function info() {
  const bytes = keys().reduce(
    (sum, key) => sum + key.length + (localStorage.getItem(prefix() + key)?.length ?? 0),
    0,
  );
  return { keys: keys(), currentSize: Math.ceil(bytes / 1024), limitSize: LIMIT_KB };
}

const clear = () => keys().forEach(remove);

export const getStorageSync = (/** @type {string} */ key) => read(key) ?? "";
export const setStorageSync = (/** @type {string} */ key, /** @type {any} */ value) =>
  write(key, value);
export const removeStorageSync = (/** @type {string} */ key) => remove(key);
export const clearStorageSync = () => clear();
export const getStorageInfoSync = () => info();

export const setStorage = (/** @type {any} */ options) =>
  settle("setStorage", options, () => write(options.key, options.data));
export const removeStorage = (/** @type {any} */ options) =>
  settle("removeStorage", options, () => remove(options.key));
export const clearStorage = (/** @type {any} */ options) => settle("clearStorage", options, clear);
export const getStorageInfo = (/** @type {any} */ options) =>
  settle("getStorageInfo", options, info);
export const getStorage = (/** @type {any} */ options) =>
  settle("getStorage", options, () => {
    if (!has(options.key)) throw new Failure("data not found");
    return { data: read(options.key) };
  });
