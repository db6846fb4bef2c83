/** Words of health knowledge that stand in lists; the fields' own come from the server. */

export type KnowledgeKind =
  | "article"
  | "herb"
  | "formula"
  | "technique"
  | "exercise"
  | "wellness_product"
  | "culture"
  | "collected";

/** What an item can be, and when one chooses it. */
export const KNOWLEDGE_KINDS: Record<KnowledgeKind, { label: string; note: string }> = {
  article: { label: "科普文章", note: "讲清一个健康话题，有正文、图片和视频。" },
  herb: { label: "药材", note: "一味药：名称、性味归经、功效、用法和禁忌，可以印药材标签。" },
  formula: { label: "方剂", note: "一个方子：组成和用量、出处原文、功效和使用注意。" },
  technique: {
    label: "适宜技术",
    note: "艾灸、推拿等做法：适应症、禁忌症、谁可以做、一步一步怎么做。",
  },
  exercise: { label: "养生操", note: "八段锦、太极拳、安代舞等，分步骤配图或视频。" },
  wellness_product: { label: "养生用品", note: "香囊、茶包、膏方：成分、用法和注意。" },
  culture: { label: "中医药文化", note: "名医名家、医籍和非遗的故事。" },
  collected: { label: "传统知识", note: "民间收集的名方、验方，要写明来自谁、在哪里收集。" },
};

/** What an item's original is written in. */
export const KNOWLEDGE_LANGUAGES = {
  zh: { label: "中文", note: "横排" },
  mn: { label: "蒙古文", note: "竖排，从左到右" },
} as const;

/** What a label warns of; what is harmless is not said there. */
export const TOXICITY_MARKS: Readonly<Record<string, string>> = {
  slight: "有小毒",
  toxic: "有毒",
  very: "有大毒",
};
export const PREGNANCY_MARKS: Readonly<Record<string, string>> = {
  cautious: "孕期慎用",
  forbidden: "孕期禁用",
  unknown: "孕期勿自用",
};

/** Up to the first full stop: what fits a line. */
export function firstSentence(text: string): string {
  return text.trim().split(/[。！？\n]/, 1)[0] ?? "";
}

/** Stands wherever a sample appears. */
export const SAMPLE_MARK = "示例·未审核";
