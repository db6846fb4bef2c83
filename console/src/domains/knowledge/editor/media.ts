import { Node, type Editor } from "@tiptap/core";
import { Plugin, PluginKey, type EditorState, type Transaction } from "@tiptap/pm/state";
import type { Node as Part } from "@tiptap/pm/model";
import type { EditorView } from "@tiptap/pm/view";
import { PENDING, PICTURE_FILE, PICTURE_NOTE, VIDEO_FILE } from "./pastingClean";
import type { Uploads } from "./uploads";

/** Pictures and videos of our own store within a text, and what stands there until they came. */

function addressOf(element: HTMLElement, form: RegExp): string | null {
  const address = element.getAttribute("src") ?? "";
  return form.test(address) ? address : null;
}

/** Its size, so that a page that shows it does not jump. */
const SIZE = {
  width: { default: null, parseHTML: wholeOf("width") },
  height: { default: null, parseHTML: wholeOf("height") },
};

function wholeOf(name: string) {
  return (element: HTMLElement) => Number(element.getAttribute(name)) || null;
}

export const Picture = Node.create({
  name: "image",
  group: "block",
  draggable: true,
  addAttributes: () => ({
    src: { default: null, parseHTML: (element) => addressOf(element, PICTURE_FILE) },
    alt: { default: "", renderHTML: ({ alt }) => (alt ? { alt: String(alt) } : {}) },
    ...SIZE,
  }),
  parseHTML: () => [{ tag: "img[src]", getAttrs: known(PICTURE_FILE) }],
  renderHTML: ({ HTMLAttributes }) => ["img", HTMLAttributes],
});

export const Video = Node.create({
  name: "video",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes: () => ({
    src: { default: null, parseHTML: (element) => addressOf(element, VIDEO_FILE) },
    ...SIZE,
  }),
  parseHTML: () => [{ tag: "video[src]", getAttrs: known(VIDEO_FILE) }],
  renderHTML: ({ HTMLAttributes }) => ["video", HTMLAttributes],
  addNodeView: () => videoView,
});

function known(form: RegExp) {
  return (element: HTMLElement) => (addressOf(element, form) ? null : false);
}

function videoView({ node }: { node: Part }) {
  const dom = document.createElement("video");
  dom.src = String(node.attrs["src"]);
  dom.controls = true;
  dom.preload = "metadata";
  return { dom };
}

/**
 * Stands for a file that is on its way. Saved meanwhile, it is the note that says what to do, so
 * that nothing is lost when the page goes before the file came.
 */
export const PendingFile = Node.create<{ uploads: Uploads }>({
  name: "pendingFile",
  group: "block",
  atom: true,
  addAttributes: () => ({
    key: { default: null, parseHTML: () => crypto.randomUUID?.() ?? String(Math.random()) },
    url: { default: null, parseHTML: (element) => element.getAttribute("data-url") },
    alt: { default: "", parseHTML: (element) => element.getAttribute("data-alt") ?? "" },
  }),
  parseHTML: () => [{ tag: PENDING }],
  renderHTML: () => ["p", PICTURE_NOTE],
  addNodeView() {
    return ({ node }) => this.options.uploads.view(String(node.attrs["key"]));
  },
  addProseMirrorPlugins() {
    return [settlePlugin(this.options.uploads), fetchPlugin(this.options.uploads)];
  },
});

function eachPending(state: EditorState, visit: (node: Part, at: number) => void): void {
  state.doc.descendants((node, at) => {
    if (node.type.name === "pendingFile") visit(node, at);
  });
}

const SETTLE = new PluginKey("settle");

/** Puts what came, or the note that it did not, where it was awaited; also when redone later. */
function settlePlugin(uploads: Uploads): Plugin {
  return new Plugin({
    key: SETTLE,
    appendTransaction(_transactions, _before, state) {
      let change: Transaction | null = null;
      eachPending(state, (node, at) => {
        const result = uploads.resultOf(String(node.attrs["key"]));
        if (!result) return;
        change ??= state.tr.setMeta("addToHistory", false);
        const made = partOf(state, node, result);
        const from = change.mapping.map(at);
        change.replaceWith(from, from + node.nodeSize, made);
      });
      return change;
    },
  });
}

function partOf({ schema }: EditorState, node: Part, result: UploadResult): Part {
  const alt = String(node.attrs["alt"]);
  const { image, video, paragraph } = schema.nodes;
  if (result.kind === "failed") {
    return (paragraph as NonNullable<typeof paragraph>).create(null, schema.text(PICTURE_NOTE));
  }
  const { url: src, width, height } = result;
  const type = (result.kind === "image" ? image : video) as NonNullable<typeof image>;
  return type.create({ src, width, height, ...(result.kind === "image" && { alt }) });
}

export type UploadResult =
  | { kind: "image" | "video"; url: string; width: number; height: number }
  | { kind: "failed"; detail: string };

/** Fetches pictures that came by their address with a pasted text. */
function fetchPlugin(uploads: Uploads): Plugin {
  return new Plugin({
    view: () => ({
      update(view: EditorView) {
        eachPending(view.state, (node) => {
          const { key, url } = node.attrs;
          if (url) uploads.fetchOnce(String(key), String(url), () => settle(view));
        });
      },
    }),
  });
}

/** Has the settling plugin look again. */
function settle(view: EditorView): void {
  if (!view.isDestroyed) view.dispatch(view.state.tr.setMeta(SETTLE, true));
}

/** Sends files to our store and shows them where the writer is, or at `at`. */
export function insertFiles(editor: Editor, uploads: Uploads, files: File[], at?: number): void {
  for (const file of files) {
    const key = uploads.send(file, () => settle(editor.view));
    const alt = file.type.startsWith("video/") ? "" : nameOf(file);
    const node = { type: "pendingFile", attrs: { key, alt } };
    const range = noteAt(editor, at ?? editor.state.selection.from);
    if (range) editor.commands.insertContentAt(range, node);
    else if (at !== undefined) editor.commands.insertContentAt(at, node);
    else editor.commands.insertContent(node);
  }
}

/** The note at a place that asks for a picture, which it makes way for. */
function noteAt(editor: Editor, at: number): { from: number; to: number } | null {
  const place = editor.state.doc.resolve(Math.min(at, editor.state.doc.content.size));
  const { parent } = place;
  if (parent.type.name !== "paragraph" || parent.textContent !== PICTURE_NOTE) return null;
  return { from: place.before(), to: place.after() };
}

/** Cameras name pictures by numbers, which describe nothing. */
function nameOf({ name }: File): string {
  const words = name.replace(/\.\w+$/, "");
  return /[\u4e00-\u9fff\u1800-\u18af]/.test(words) ? words : "";
}
