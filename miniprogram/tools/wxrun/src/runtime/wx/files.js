import { note, runtime } from "../shared.js";
import { blobOf, dropFile, hasFile, keepFile } from "./files-store.js";
import { authorizePrivacy } from "./privacy.js";
import { Failure, settle } from "./settle.js";

/** @type {Record<string, (text: string) => Uint8Array>} */
const ENCODERS = {
  base64: (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)),
  hex: (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16)),
};

const toBlob = (/** @type {any} */ data, /** @type {string} */ encoding) =>
  new Blob([
    typeof data === "string" && ENCODERS[encoding]
      ? /** @type {any} */ (ENCODERS[encoding](data))
      : data,
  ]);

async function read(/** @type {Blob} */ blob, /** @type {string | undefined} */ encoding) {
  const bytes = await blob.arrayBuffer();
  if (!encoding) return bytes;
  if (encoding === "base64") return btoa(String.fromCharCode(...new Uint8Array(bytes)));
  if (/^utf-?8$/.test(encoding)) return new TextDecoder().decode(bytes);
  throw new Error(`wxrun: encoding ${encoding} is not implemented`);
}

/** What cannot be done without waiting, or was not needed yet, says so by its name. */
export const fileSystem = new Proxy(
  {
    writeFile: (/** @type {any} */ options) =>
      settle(
        "writeFile",
        options,
        () => void keepFile(toBlob(options.data, options.encoding), { path: options.filePath }),
      ),
    writeFileSync: (
      /** @type {string} */ path,
      /** @type {any} */ data,
      /** @type {string} */ encoding,
    ) => void keepFile(toBlob(data, encoding), { path }),
    readFile: (/** @type {any} */ options) =>
      settle("readFile", options, async () => ({
        data: await read(blobOf(options.filePath), options.encoding),
      })),
    access: (/** @type {any} */ options) =>
      settle("access", options, () => void blobOf(options.path)),
    accessSync: (/** @type {string} */ path) => {
      if (!hasFile(path))
        throw new Error(`accessSync:fail no such file or directory, access "${path}"`);
    },
    unlink: (/** @type {any} */ options) =>
      settle("unlink", options, () => (blobOf(options.filePath), void dropFile(options.filePath))),
    unlinkSync: (/** @type {string} */ path) => void dropFile(path),
    getFileInfo: (/** @type {any} */ options) =>
      settle("getFileInfo", options, () => ({ size: blobOf(options.filePath).size })),
    saveFile: (/** @type {any} */ options) =>
      settle("saveFile", options, () => ({
        savedFilePath: keepFile(blobOf(options.tempFilePath), {
          path: options.filePath ?? `http://store/${options.tempFilePath.split("/").pop()}`,
        }),
      })),
  },
  {
    get(target, name) {
      if (name in target) return /** @type {any} */ (target)[name];
      throw new Error(`wxrun: FileSystemManager.${String(name)} is not implemented`);
    },
  },
);

export const getFileSystemManager = () => fileSystem;

export const openDocument = (/** @type {any} */ options) =>
  settle("openDocument", options, () => {
    const { size, type } = blobOf(options.filePath);
    note("openDocument", { ...options, size, type });
  });

export const saveImageToPhotosAlbum = (/** @type {any} */ options) =>
  settle("saveImageToPhotosAlbum", options, async () => {
    await authorizePrivacy("saveImageToPhotosAlbum");
    const { size, type } = blobOf(options.filePath);
    note("saveImageToPhotosAlbum", { ...options, size, type });
  });

export const previewImage = (/** @type {any} */ options) =>
  settle("previewImage", options, () => note("previewImage", options));

/** @param {any} options `canvas` is the node that a selector query gave */
export const canvasToTempFilePath = (options) =>
  settle("canvasToTempFilePath", options, async () => {
    const surface = /** @type {HTMLCanvasElement | undefined} */ (
      options.canvas ?? legacyCanvas(options.canvasId)
    );
    if (!surface) throw new Failure("canvas is empty");
    const blob = await drawPart(surface, options);
    return { tempFilePath: keepFile(blob) };
  });

const legacyCanvas = (/** @type {string} */ id) =>
  id &&
  /** @type {any} */ (
    runtime.pages.top.scroller.querySelector(`wx-canvas[canvas-id="${CSS.escape(id)}"]`)
  )?.canvas;

/** @returns {Promise<Blob>} */
function drawPart(
  /** @type {HTMLCanvasElement} */ surface,
  /** @type {any} */ {
    x = 0,
    y = 0,
    width,
    height,
    destWidth,
    destHeight,
    fileType = "png",
    quality,
  },
) {
  const [wide, high] = [width ?? surface.width - x, height ?? surface.height - y];
  const part = document.createElement("canvas");
  part.width = destWidth ?? wide;
  part.height = destHeight ?? high;
  part.getContext("2d")?.drawImage(surface, x, y, wide, high, 0, 0, part.width, part.height);
  return new Promise((resolve, reject) =>
    part.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Failure("the canvas has no size"))),
      `image/${fileType === "jpg" ? "jpeg" : fileType}`,
      quality,
    ),
  );
}

/** The browser's own dialog to choose files, which a test answers. @returns {Promise<File[]>} */
function askForFiles(/** @type {number} */ count, /** @type {string} */ accept) {
  return new Promise((resolve, reject) => {
    const input = Object.assign(document.createElement("input"), {
      type: "file",
      multiple: count > 1,
      accept,
    });
    input.addEventListener("change", () => resolve([...(input.files ?? [])].slice(0, count)));
    input.addEventListener("cancel", () => reject(new Failure("cancel")));
    input.click();
  });
}

async function choose(
  /** @type {string} */ api,
  /** @type {number} */ count,
  /** @type {string} */ accept,
) {
  await authorizePrivacy(api);
  const chosen = await askForFiles(count, accept);
  return chosen.map((file) => ({ file, path: keepFile(file), size: file.size }));
}

export const chooseMedia = (/** @type {any} */ options) =>
  settle("chooseMedia", options, async () => {
    const { count = 9, mediaType = ["image", "video"] } = options ?? {};
    const chosen = await choose(
      "chooseMedia",
      count,
      mediaType.includes("video") ? "image/*,video/*" : "image/*",
    );
    const kind = (/** @type {File} */ file) => (file.type.startsWith("video/") ? "video" : "image");
    return {
      type: "mix",
      tempFiles: chosen.map(({ file, path, size }) => ({
        tempFilePath: path,
        size,
        fileType: kind(file),
      })),
    };
  });
export const chooseImage = (/** @type {any} */ options) =>
  settle("chooseImage", options, async () => {
    const chosen = await choose("chooseImage", options?.count ?? 9, "image/*");
    return {
      tempFilePaths: chosen.map((each) => each.path),
      tempFiles: chosen.map(({ path, size }) => ({ path, size })),
    };
  });
export const chooseMessageFile = (/** @type {any} */ options) =>
  settle("chooseMessageFile", options, async () => {
    const chosen = await choose("chooseMessageFile", options?.count ?? 1, "");
    return {
      tempFiles: chosen.map(({ file, path, size }) => ({
        path,
        size,
        name: file.name,
        type: "file",
        time: file.lastModified,
      })),
    };
  });
