import { Extension, Mark, Node, type AnyExtension } from "@tiptap/core";
import { Blockquote } from "@tiptap/extension-blockquote";
import { Bold } from "@tiptap/extension-bold";
import { Document } from "@tiptap/extension-document";
import { HardBreak } from "@tiptap/extension-hard-break";
import { Heading } from "@tiptap/extension-heading";
import { Italic } from "@tiptap/extension-italic";
import { Link } from "@tiptap/extension-link";
import { BulletList, ListItem, ListKeymap, OrderedList } from "@tiptap/extension-list";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table";
import { Text } from "@tiptap/extension-text";
import { Underline } from "@tiptap/extension-underline";
import { Dropcursor, Gapcursor, UndoRedo } from "@tiptap/extensions";
import { Plugin, type Transaction } from "@tiptap/pm/state";
import { PICTURE_NOTE } from "./pastingClean";
import { PendingFile, Picture, Video } from "./media";
import { moveInColumns } from "./columns";
import type { Uploads } from "./uploads";
import { Decoration, DecorationSet } from "@tiptap/pm/view";

/** What a rich text can hold: no more than the server keeps. */

/** Without widths, which phones have no room for, and without style attributes. */
const PlainTable = Table.extend({
  addAttributes: () => ({}),
  renderHTML: () => ["table", ["tbody", 0]],
}).configure({ resizable: false });

const spans = {
  colspan: { default: 1, renderHTML: spanOf("colspan") },
  rowspan: { default: 1, renderHTML: spanOf("rowspan") },
  // Part of what prosemirror-tables expects of a cell; never written down.
  colwidth: { default: null, rendered: false, parseHTML: () => null },
};

function spanOf(name: string) {
  return (attributes: Record<string, unknown>) =>
    Number(attributes[name]) > 1 ? { [name]: String(attributes[name]) } : {};
}

/** Kept where it comes along, as from an import; there is no button for it. */
const small = (name: string, tag: string) =>
  Mark.create({ name, parseHTML: () => [{ tag }], renderHTML: () => [tag, 0] });

const Rule = Node.create({
  name: "rule",
  group: "block",
  parseHTML: () => [{ tag: "hr" }],
  renderHTML: () => ["hr"],
});

const ALIGNMENT = /^align-(center|right)$/;

const Alignment = Extension.create({
  name: "alignment",
  addGlobalAttributes: () => [
    {
      types: ["paragraph", "heading"],
      attributes: {
        class: {
          default: null,
          parseHTML: ({ className }) => (ALIGNMENT.test(className) ? className : null),
        },
      },
    },
  ],
});

/** Words in the traditional script within a Chinese text. */
const MongolianWords = Mark.create({
  name: "mongolian",
  inclusive: false,
  parseHTML: () => [{ tag: "span[lang='mn-Mong']" }],
  renderHTML: () => ["span", { lang: "mn-Mong" }, 0],
  addProseMirrorPlugins: () => [new Plugin({ appendTransaction: markMongolian })],
});

const MONGOLIAN = /[\u1800-\u18af](?:[\u1800-\u18af\u200c\u200d\u202f ]*[\u1800-\u18af])?/g;

/** Nobody has to mark them by hand. */
function markMongolian(
  transactions: readonly Transaction[],
  _: unknown,
  state: Parameters<NonNullable<Plugin["spec"]["appendTransaction"]>>[2],
): Transaction | null {
  if (!transactions.some(({ docChanged }) => docChanged)) return null;
  const mark = state.schema.marks["mongolian"]?.create();
  if (!mark) return null;
  let change: Transaction | null = null;
  state.doc.descendants((node, at) => {
    if (!node.isText || !node.text || mark.isInSet(node.marks)) return;
    for (const { index, 0: words } of node.text.matchAll(MONGOLIAN)) {
      change ??= state.tr;
      change.addMark(at + index, at + index + words.length, mark);
    }
  });
  return change;
}

/** Shows the notes that ask for a picture as the frames they stand for. */
const PictureNotes = Extension.create({
  name: "pictureNotes",
  addProseMirrorPlugins: () => [
    new Plugin({
      props: {
        decorations({ doc }) {
          const found: Decoration[] = [];
          doc.descendants((node, at) => {
            const isNote = node.type.name === "paragraph" && node.textContent === PICTURE_NOTE;
            if (isNote)
              found.push(Decoration.node(at, at + node.nodeSize, { class: "note-frame" }));
          });
          return DecorationSet.create(doc, found);
        },
      },
    }),
  ],
});

/** Arrow keys as they lie on the page where lines are columns. */
const Columns = Extension.create({
  name: "columns",
  addProseMirrorPlugins: () => [new Plugin({ props: { handleKeyDown: moveInColumns } })],
});

export function extensionsFor(language: "zh" | "mn", uploads: Uploads): AnyExtension[] {
  return [
    Document,
    Paragraph,
    Text,
    Heading.configure({ levels: [2, 3, 4] }),
    Bold,
    Italic,
    Underline,
    small("strike", "s"),
    small("below", "sub"),
    small("above", "sup"),
    Alignment,
    Rule,
    HardBreak,
    BulletList,
    OrderedList.extend({ addAttributes: () => ({}) }),
    ListItem,
    ListKeymap,
    Blockquote,
    Link.configure({
      openOnClick: false,
      autolink: false,
      protocols: ["http", "https", "mailto"],
      HTMLAttributes: { target: null, rel: null },
    }).extend({ addAttributes: () => ({ href: { default: null } }) }),
    PlainTable,
    TableRow,
    TableHeader.extend({ addAttributes: () => spans }),
    TableCell.extend({ addAttributes: () => spans }),
    Picture,
    Video,
    PendingFile.configure({ uploads }),
    PictureNotes,
    UndoRedo,
    Dropcursor,
    Gapcursor,
    ...(language === "zh" ? [MongolianWords] : [Columns]),
  ];
}
