import { launch, runtime } from "../shared.js";
import { Failure } from "./settle.js";

/** Files of the mini-program by their path: temporary ones and those below USER_DATA_PATH. */
const files = /** @type {Map<string, { blob: Blob, address: string }>} */ (new Map());
let lastNumber = 0;

export const USER_DATA_PATH = "http://usr";
const ENDINGS = /** @type {Record<string, string>} */ ({
  "image/png": ".png",
  "image/jpeg": ".jpg",
  "application/pdf": ".pdf",
  "application/json": ".json",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
});

/** @param {Blob} blob @param {{ path?: string }} [options] @returns {string} its path */
export function keepFile(blob, { path } = {}) {
  const ending = ENDINGS[blob.type.split(";")[0]] ?? "";
  const place = path ?? `http://tmp/${(lastNumber += 1)}${ending}`;
  files.set(place, { blob, address: URL.createObjectURL(blob) });
  return place;
}

export const hasFile = (/** @type {string} */ path) => files.has(path);
export const dropFile = (/** @type {string} */ path) => files.delete(path);

/** @param {string} path @returns {Blob} */
export function blobOf(path) {
  const file = files.get(path);
  if (!file) throw new Failure(`no such file or directory, open "${path}"`, { errCode: 1300002 });
  return file.blob;
}

/** An address the browser can load: of a temporary file, of the mini-program's own, of the site's. */
export function locateFile(/** @type {string} */ path) {
  const file = files.get(path);
  if (file) return file.address;
  if (/^(data|blob):/.test(path)) return path;
  if (/^https?:/.test(path)) return onOwnOrigin(path);
  const folder = runtime.pages?.top?.path.split("/").slice(0, -1).join("/") ?? "";
  return path.startsWith("/") ? path : new URL(path, `${location.origin}/${folder}/`).href;
}

function onOwnOrigin(/** @type {string} */ address) {
  const site = launch.get("site") ?? runtime.program?.site;
  const target = new URL(address);
  return site && target.origin === new URL(site).origin ? target.pathname + target.search : address;
}
