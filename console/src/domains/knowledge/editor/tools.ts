import type { Editor } from "@tiptap/core";
import {
  ImageAddIcon,
  LinkIcon,
  ListNumberedIcon,
  QuoteIcon,
  RollbackIcon,
  RollfrontIcon,
  TableAddIcon,
  TextformatBoldIcon,
  TextformatItalicIcon,
  TextformatUnderlineIcon,
  VideoIcon,
  ViewListIcon,
} from "tdesign-icons-vue-next";
import type { Tool } from "./ToolBar.vue";

/** The buttons above a text, with what they say and do. */

interface Asked {
  chooseFile: (sort: "image" | "video") => void;
  askLink: () => void;
}

export function textTools(editor: Editor, { chooseFile, askLink }: Asked): Tool[] {
  const toggle = (name: string, label: string, icon: Tool["icon"], run: () => void): Tool => ({
    name,
    label,
    icon,
    isSwitch: true,
    isActive: editor.isActive(name),
    run,
  });
  const heading = (level: 2 | 3, label: string): Tool => ({
    name: `heading${level}`,
    label,
    isSwitch: true,
    isActive: editor.isActive("heading", { level }),
    run: () => editor.chain().focus().toggleHeading({ level }).run(),
  });
  const apart = (tool: Tool): Tool => ({ ...tool, isApart: true });
  const chain = () => editor.chain().focus();
  return [
    heading(2, "标题"),
    heading(3, "小标题"),
    apart(toggle("bold", "加粗", TextformatBoldIcon, () => chain().toggleBold().run())),
    toggle("italic", "斜体", TextformatItalicIcon, () => chain().toggleItalic().run()),
    toggle("underline", "下划线", TextformatUnderlineIcon, () => chain().toggleUnderline().run()),
    apart(toggle("bulletList", "项目列表", ViewListIcon, () => chain().toggleBulletList().run())),
    toggle("orderedList", "编号列表", ListNumberedIcon, () => chain().toggleOrderedList().run()),
    toggle("blockquote", "引用", QuoteIcon, () => chain().toggleBlockquote().run()),
    apart(toggle("link", "链接", LinkIcon, askLink)),
    {
      name: "table",
      label: "插入表格",
      icon: TableAddIcon,
      isDisabled: editor.isActive("table"),
      run: () => chain().insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run(),
    },
    { name: "image", label: "插入图片", icon: ImageAddIcon, run: () => chooseFile("image") },
    { name: "video", label: "插入视频", icon: VideoIcon, run: () => chooseFile("video") },
    apart({
      name: "undo",
      label: "撤销",
      icon: RollbackIcon,
      isDisabled: !editor.can().undo(),
      run: () => chain().undo().run(),
    }),
    {
      name: "redo",
      label: "重做",
      icon: RollfrontIcon,
      isDisabled: !editor.can().redo(),
      run: () => chain().redo().run(),
    },
  ];
}

/** In the vertical script rows and columns change places for the reader, and so do their words. */
export function tableTools(editor: Editor): Tool[] {
  const chain = () => editor.chain().focus();
  const tool = (name: string, label: string, run: () => void, isDisabled = false): Tool => ({
    name,
    label,
    run,
    isDisabled,
  });
  const can = editor.can();
  return [
    tool("rowBefore", "前面加行", () => chain().addRowBefore().run()),
    tool("rowAfter", "后面加行", () => chain().addRowAfter().run()),
    tool("rowDelete", "删除行", () => chain().deleteRow().run()),
    tool("columnBefore", "前面加列", () => chain().addColumnBefore().run()),
    tool("columnAfter", "后面加列", () => chain().addColumnAfter().run()),
    tool("columnDelete", "删除列", () => chain().deleteColumn().run()),
    tool("merge", "合并单元格", () => chain().mergeCells().run(), !can.mergeCells()),
    tool("split", "拆分单元格", () => chain().splitCell().run(), !can.splitCell()),
    tool("header", "标题行", () => chain().toggleHeaderRow().run()),
    tool("tableDelete", "删除表格", () => chain().deleteTable().run()),
  ];
}
