import { blobOf, keepFile } from "./files-store.js";
import { Failure, settle } from "./settle.js";
import { ownAddress } from "./sites.js";

const METHODS = ["OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "CONNECT", "PATCH"];

/** A call under way: can be aborted, and tells of the headers. */
class Task {
  controller = new AbortController();
  /** @type {Set<(value: any) => void>} */
  headerListeners = new Set();
  /** @type {Set<(value: any) => void>} */
  progressListeners = new Set();

  abort = () => this.controller.abort(new Failure("abort"));
  onHeadersReceived = (/** @type {any} */ listener) => void this.headerListeners.add(listener);
  offHeadersReceived = (/** @type {any} */ listener) => void this.headerListeners.delete(listener);
  onProgressUpdate = (/** @type {any} */ listener) => void this.progressListeners.add(listener);
  offProgressUpdate = (/** @type {any} */ listener) => void this.progressListeners.delete(listener);
  onChunkReceived = () => {
    throw new Error("wxrun: enableChunked is not implemented");
  };
}

/**
 * Starts the work and gives the task back, which without callbacks is also a promise.
 * @param {string} api @param {any} options @param {(task: Task) => Promise<any>} work
 */
function begin(api, options, work) {
  const task = new Task();
  const promise = settle(api, options, () => work(task));
  if (promise)
    Object.assign(task, { then: promise.then.bind(promise), catch: promise.catch.bind(promise) });
  return task;
}

/** @param {Task} task @param {string} url @param {RequestInit} init @param {number} timeout */
async function send(task, url, init, timeout = 60_000) {
  const address = ownAddress(url);
  const timer = setTimeout(
    () => task.controller.abort(new Failure("timeout", { errno: 5 })),
    timeout,
  );
  try {
    const response = await fetch(address, {
      ...init,
      credentials: "omit",
      signal: task.controller.signal,
    });
    const header = Object.fromEntries(response.headers);
    for (const listener of task.headerListeners) listener({ header, statusCode: response.status });
    return { response, header, body: await response.arrayBuffer() };
  } catch (error) {
    throw error instanceof Failure ? error : new Failure("net::ERR_FAILED", { errno: 600001 });
  } finally {
    clearTimeout(timer);
  }
}

export function request(/** @type {any} */ options) {
  return begin("request", options, async (task) => {
    const { url, data, timeout, dataType = "json", responseType = "text" } = options;
    const method = (options.method ?? "GET").toUpperCase();
    if (!METHODS.includes(method)) throw new Failure(`parameter error: invalid method ${method}`);
    const headers = headersOf(options.header);
    const init = { method, headers, body: encodeBody(method, headers, data) };
    const { response, header, body } = await send(
      task,
      withQuery(method, url, data),
      init,
      timeout,
    );
    return {
      data: decodeBody(body, dataType, responseType),
      statusCode: response.status,
      header,
      cookies: [],
      errno: 0,
    };
  });
}

/** @param {Record<string, any>} [given] @returns {Record<string, string>} names in lower case */
function headersOf(given = {}) {
  const entries = Object.entries(given).filter(([name]) => name.toLowerCase() !== "referer");
  return {
    "content-type": "application/json",
    ...Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)])),
  };
}

function withQuery(
  /** @type {string} */ method,
  /** @type {string} */ url,
  /** @type {any} */ data,
) {
  if (method !== "GET" || !data || typeof data !== "object" || data instanceof ArrayBuffer)
    return url;
  const query = encodeForm(data);
  return query ? url + (url.includes("?") ? "&" : "?") + query : url;
}

function encodeBody(
  /** @type {string} */ method,
  /** @type {Record<string, string>} */ headers,
  /** @type {any} */ data,
) {
  if (method === "GET" || method === "HEAD" || data === undefined || data === null)
    return undefined;
  if (typeof data === "string" || data instanceof ArrayBuffer) return data;
  return headers["content-type"].includes("application/x-www-form-urlencoded")
    ? encodeForm(data)
    : JSON.stringify(data);
}

const encodeForm = (/** @type {Record<string, any>} */ data) =>
  Object.entries(data)
    .map(
      ([name, value]) =>
        `${encodeURIComponent(name)}=${encodeURIComponent(typeof value === "object" ? JSON.stringify(value) : value)}`,
    )
    .join("&");

function decodeBody(
  /** @type {ArrayBuffer} */ body,
  /** @type {string} */ dataType,
  /** @type {string} */ responseType,
) {
  if (responseType === "arraybuffer") return body;
  const text = new TextDecoder().decode(body);
  if (dataType !== "json") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function uploadFile(/** @type {any} */ options) {
  return begin("uploadFile", options, async (task) => {
    const { url, filePath, name, formData = {}, header = {}, timeout } = options;
    const form = new FormData();
    for (const [key, value] of Object.entries(formData)) form.append(key, String(value));
    form.append(name, blobOf(filePath), filePath.split("/").pop());
    const { "content-type": _, ...headers } = headersOf(header);
    const { response, body } = await send(
      task,
      url,
      { method: "POST", headers, body: form },
      timeout,
    );
    for (const listener of task.progressListeners) listener({ progress: 100 });
    return { data: new TextDecoder().decode(body), statusCode: response.status };
  });
}

export function downloadFile(/** @type {any} */ options) {
  return begin("downloadFile", options, async (task) => {
    const { url, header, timeout, filePath } = options;
    const { "content-type": _, ...headers } = headersOf(header);
    const { response, body, header: received } = await send(task, url, { headers }, timeout);
    for (const listener of task.progressListeners)
      listener({
        progress: 100,
        totalBytesWritten: body.byteLength,
        totalBytesExpectedToWrite: body.byteLength,
      });
    const kept = keepFile(new Blob([body], { type: received["content-type"] }), { path: filePath });
    return {
      statusCode: response.status,
      header: received,
      ...(filePath ? { filePath } : { tempFilePath: kept }),
    };
  });
}
