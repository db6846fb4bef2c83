import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readItemLink } from "@/domains/knowledge/paths";
import { mn } from "@/texts/knowledge/mn";
import { zh } from "@/texts/knowledge/zh";
import { mn as mainMn } from "@/texts/mn";
import { zh as mainZh } from "@/texts/zh";
import { refusal, server, store, stored } from "./fake-uni";

const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("the words for codes", () => {
  interface Described {
    properties: Record<string, { enum?: (string | null)[] }>;
  }
  const api = JSON.parse(readFileSync("openapi.json", "utf8")) as {
    components: { schemas: Record<string, Described> };
  };

  /** The codes of a field of the API. */
  function codes(schema: string, field: string): (string | null)[] {
    const found = api.components.schemas[schema]?.properties[field]?.enum;
    if (!found) throw new Error(`${schema}.${field} has no codes`);
    return found.filter((code) => code !== null);
  }

  it.each([
    ["ShownFactsView", "evidence_level", zh.evidence_level, mn.evidence_level],
    ["ShownFactsView", "pregnancy", zh.pregnancy, mn.pregnancy],
    ["ShownFactsView", "toxicity", zh.toxicity, mn.toxicity],
    ["ShownFactsView", "product_form", zh.product_form, mn.product_form],
    ["ShownFactsView", "culture_form", zh.culture_form, mn.culture_form],
    ["ShownFactsView", "collected_form", zh.collected_form, mn.collected_form],
    ["ShownComponentView", "unit", zh.unit, mn.unit],
    ["ShownLinkView", "target", zh.targets, mn.targets],
    ["CardView", "kind", mainZh.knowledge.kinds, mainMn.knowledge.kinds],
    ["OpinionView", "reason", zh.opinion.reasons, mn.opinion.reasons],
    ["OwnReportView", "state", zh.report.states, mn.report.states],
    ["OwnCommentView", "state", zh.comments.states, mn.comments.states],
    ["OwnContributionView", "state", zh.contribute.states, mn.contribute.states],
  ])("are there for every %s.%s, and for no other", (schema, field, chinese, mongolian) => {
    expect(Object.keys(chinese).sort()).toEqual(codes(schema, field).sort());
    expect(Object.keys(mongolian).sort()).toEqual(Object.keys(chinese).sort());
  });

  it("order every kind and every reason", async () => {
    const { KINDS } = await import("@/domains/knowledge/kinds");
    const { UNHELPFUL_REASONS } = await import("@/domains/knowledge/reasons");
    expect([...KINDS].sort()).toEqual(codes("CardView", "kind").sort());
    expect([...UNHELPFUL_REASONS].sort()).toEqual(codes("OpinionView", "reason").sort());
  });
});

it.each([
  ["https://sain.example.cn/k/12", 12],
  ["http://127.0.0.1:8000/k/7/", 7],
  ["https://sain.example.cn/k/12?from=label", 12],
  ["k/3", 3],
  ["https://sain.example.cn/k/0", null],
  ["https://sain.example.cn/desk/12", null],
  ["https://sain.example.cn/k/12x", null],
  ["0123456789abcdef0123456789abcdef", null],
])("a scanned code leads to its item: %s", (text, id) => {
  expect(readItemLink(text)).toBe(id);
});

describe("what was searched for", () => {
  it("is kept on the device, the latest first, each once, a dozen in all", async () => {
    const { rememberSearch, searchHistory } = await import("@/domains/knowledge/history");
    for (const words of ["黄芪", "艾灸", " 黄芪 ", "", "  "]) rememberSearch(words);
    expect(searchHistory.value).toEqual(["黄芪", "艾灸"]);
    for (let place = 0; place < 20; place++) rememberSearch(`词${place}`);
    expect(searchHistory.value).toHaveLength(12);
    expect(stored("knowledge-searches")).toEqual(searchHistory.value);
  });

  it("can be forgotten", async () => {
    store("knowledge-searches", ["黄芪"]);
    const { forgetSearches, searchHistory } = await import("@/domains/knowledge/history");
    expect(searchHistory.value).toEqual(["黄芪"]);
    forgetSearches();
    expect(stored("knowledge-searches")).toEqual([]);
  });
});

describe("suggestions", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  async function suggesting(ask: (words: string) => Promise<string[]>) {
    const { useSuggesting } = await import("@/domains/knowledge/suggesting");
    return useSuggesting(ask);
  }

  it("are asked for once after a pause, from one character on", async () => {
    const ask = vi.fn(async (words: string) => [`${words}芪`]);
    const shown = await suggesting(ask);
    shown.type("h");
    await later(200);
    shown.type("黄 ");
    await later(249);
    expect(ask).not.toHaveBeenCalled();
    await later(1);
    expect(ask.mock.calls).toEqual([["黄"]]);
    expect(shown.items).toEqual(["黄芪"]);
  });

  it("come from the latest question only, however late the others are answered", async () => {
    const answers: Record<string, (found: string[]) => void> = {};
    const shown = await suggesting((words) => new Promise((resolve) => (answers[words] = resolve)));
    shown.type("黄");
    await later(250);
    shown.type("黄芪");
    await later(250);
    answers["黄芪"]?.(["黄芪"]);
    await later(0);
    answers["黄"]?.(["黄芩"]);
    await later(0);
    expect(shown.items).toEqual(["黄芪"]);
    shown.type("");
    expect(shown.items).toEqual([]);
  });

  it("are none where they cannot be had", async () => {
    const { Problem } = await import("@/api/problem");
    const shown = await suggesting(() => Promise.reject(Problem.unreachable()));
    shown.type("黄");
    await later(250);
    expect(shown.items).toEqual([]);
  });
});

describe("the items read last", () => {
  const item = (id: number, name = `药${id}`) =>
    ({ id, kind: "herb", zh: { name }, mn: null }) as never;

  it("can be read again, the newest twenty of them", async () => {
    const { MOST, readItems, recallItem, rememberItem } =
      await import("@/domains/knowledge/read-items");
    const now = new Date("2026-11-22T04:00:00Z");
    for (let id = 1; id <= MOST + 2; id++) rememberItem(item(id), now);
    rememberItem(item(5, "黄芪"), now);
    expect(readItems.value).toHaveLength(MOST);
    expect(readItems.value[0]).toMatchObject({ id: 5, name: "黄芪" });
    expect(recallItem(5)).toEqual({ item: item(5, "黄芪"), readAt: now.toISOString() });
    expect(recallItem(1)).toBeNull();
    expect(stored("knowledge-item-1")).toBeUndefined();
  });

  it("are gone once they are cleared, or no longer public", async () => {
    const { forgetItem, forgetItems, readItems, recallItem, rememberItem } =
      await import("@/domains/knowledge/read-items");
    rememberItem(item(1));
    rememberItem(item(2));
    forgetItem(1);
    expect(recallItem(1)).toBeNull();
    forgetItems();
    expect(readItems.value).toEqual([]);
    expect(stored("knowledge-item-2")).toBeUndefined();
  });

  it("do not fill the device with one of them", async () => {
    const { readItems, rememberItem } = await import("@/domains/knowledge/read-items");
    rememberItem(item(1, "长".repeat(200_000)));
    expect(readItems.value).toEqual([]);
  });
});

describe("what is read aloud", () => {
  it("warns before it praises, in the order of the page", async () => {
    const { spokenItem } = await import("@/domains/knowledge/spoken");
    const half = {
      name: "附子",
      summary: "温里药",
      actions: "回阳救逆",
      cautions: "孕妇禁用。",
      body: null,
    };
    const spoken = spokenItem({
      kind: "herb",
      zh: half,
      facts: { pregnancy: "forbidden", toxicity: "toxic" },
    } as never);
    expect(spoken.split("\n").slice(0, 4)).toEqual(["附子。", "有毒。", "孕期禁用。", "温里药。"]);
    expect(spoken).toContain("使用注意。\n孕妇禁用。");
    expect(spoken).not.toContain("用法用量");
  });

  it("is nothing where there is no Chinese", async () => {
    const { spokenItem } = await import("@/domains/knowledge/spoken");
    expect(spokenItem({ kind: "herb", zh: null, facts: {} } as never)).toBe("");
  });
});

it("warns of the gravest first", async () => {
  const { warningsOf } = await import("@/domains/knowledge/warnings");
  const words = (pregnancy: string | null, toxicity: string | null) =>
    warningsOf({ pregnancy, toxicity } as never).map((each) => `${each.gravity} ${each.words}`);
  expect(words("cautious", "toxic")).toEqual(["danger 有毒", "warning 孕期慎用"]);
  expect(words("allowed", null)).toEqual(["success 孕期可用"]);
  expect(words(null, null)).toEqual([]);
});

describe("a draft", () => {
  it("stays until the server has it, with one key for all tries", async () => {
    const { ref } = await import("vue");
    const { useDraft } = await import("@/domains/knowledge/draft");
    const { reportError } = await import("@/domains/knowledge/api");
    const route = "POST /api/v1/me/knowledge/items/7/reports";
    server.answer(route, refusal(429, "rate_limited"), { status: 201, body: { id: 1 } });
    const draft = useDraft("report", ref(7), 5, reportError);
    draft.write("短");
    expect(await draft.send()).toBe(false);
    expect(draft.isTooShort).toBe(true);
    draft.write("用量写错了");
    expect(await draft.send()).toBe(false);
    expect(draft.problem?.code).toBe("rate_limited");
    expect(draft.text).toBe("用量写错了");
    expect(await draft.send()).toBe(true);
    const keys = server.askedFor(route).map(({ headers }) => headers["Idempotency-Key"]);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect(draft.text).toBe("");
  });
});
