import { api, take } from "@/api/client";
import { asProblem } from "@/api/problem";
import { upload } from "@/api/transport";
import type { StoredImage } from "@/components/ImageUpload.vue";
import { toast } from "@/components/toasts";
import type { UploadResult } from "./media";

/** Files on their way into a text: how far they are, and what has become of them. */

const PICTURES = new Set(["image/jpeg", "image/png", "image/webp"]);
const MOST_PICTURE_BYTES = 8 * 1024 * 1024;
const AT_ONCE = 2;

export interface Uploads {
  send: (file: File, done: () => void) => string;
  fetchOnce: (key: string, url: string, done: () => void) => void;
  resultOf: (key: string) => UploadResult | undefined;
  view: (key: string) => { dom: HTMLElement; destroy: () => void };
}

export interface StoredVideo {
  id: number;
  url: string;
  width: number;
  height: number;
  bytes: number;
}

export async function sendPicture(
  file: Blob,
  onProgress?: (share: number) => void,
): Promise<StoredImage> {
  return upload<StoredImage>("/api/v1/staff/files", file, { onProgress });
}

export async function sendVideo(
  file: Blob,
  onProgress?: (share: number) => void,
): Promise<StoredVideo> {
  return upload<StoredVideo>("/api/v1/staff/files/videos", file, { onProgress });
}

/** Why a file is not sent at all; empty if it is. */
export function refusalOf(file: File): string {
  if (file.type === "video/mp4") return "";
  if (file.type.startsWith("video/")) return "视频请转成 MP4 再上传。";
  if (!PICTURES.has(file.type)) return `“${file.name}”不是 JPG、PNG 或 WebP 图片。`;
  return file.size > MOST_PICTURE_BYTES ? `“${file.name}”超过 8 MB，请缩小后再上传。` : "";
}

/** `onBusy` is told how many are under way, so that nothing is handed in before they came. */
export function createUploads(onBusy: (change: 1 | -1) => void): Uploads {
  const results = new Map<string, UploadResult>();
  const shares = new Map<string, number>();
  const views = new Map<string, Set<HTMLElement>>();
  const started = new Set<string>();
  const waiting: (() => Promise<void>)[] = [];
  let running = 0;

  function enqueue(key: string, work: () => Promise<UploadResult>, done: () => void): void {
    started.add(key);
    onBusy(1);
    waiting.push(async () => {
      const result = await work().catch((error: unknown): UploadResult => ({
        kind: "failed",
        detail: asProblem(error).detail,
      }));
      if (result.kind === "failed") toast(`图片没有取到：${result.detail}`, "danger");
      results.set(key, result);
      onBusy(-1);
      done();
    });
    void next();
  }

  async function next(): Promise<void> {
    if (running >= AT_ONCE) return;
    const work = waiting.shift();
    if (!work) return;
    running++;
    await work();
    running--;
    void next();
  }

  function note(key: string, share: number): void {
    shares.set(key, share);
    for (const dom of views.get(key) ?? []) draw(dom, share);
  }

  return {
    send(file, done) {
      const key = `${Date.now()}-${Math.random()}`;
      const isVideo = file.type.startsWith("video/");
      enqueue(
        key,
        async () => {
          const send = isVideo ? sendVideo : sendPicture;
          const { url, width, height } = await send(file, (share) => note(key, share));
          return { kind: isVideo ? "video" : "image", url, width, height };
        },
        done,
      );
      return key;
    },
    fetchOnce(key, url, done) {
      if (started.has(key)) return;
      enqueue(
        key,
        async () => {
          const { url: own, width, height } = await fetchPicture(url);
          return { kind: "image", url: own, width, height };
        },
        done,
      );
    },
    resultOf: (key) => results.get(key),
    view(key) {
      const dom = document.createElement("div");
      dom.className = "pending-file";
      dom.setAttribute("role", "status");
      draw(dom, shares.get(key) ?? 0);
      const all = views.get(key) ?? new Set();
      views.set(key, all.add(dom));
      return { dom, destroy: () => void all.delete(dom) };
    },
  };
}

function draw(dom: HTMLElement, share: number): void {
  const percent = share > 0 ? ` ${Math.round(share * 100)}%` : "……";
  dom.textContent = `正在上传${percent}`;
}

async function fetchPicture(url: string): Promise<StoredImage> {
  if (url.startsWith("data:")) return sendPicture(blobOf(url));
  return take(api.POST("/api/v1/staff/files/remote" as never, { body: { url } } as never));
}

/** Not by fetch, which the page's policy allows for our own addresses only. */
function blobOf(url: string): Blob {
  const [head = "", data = ""] = url.split(",");
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: /data:([^;]+)/.exec(head)?.[1] ?? "" });
}
