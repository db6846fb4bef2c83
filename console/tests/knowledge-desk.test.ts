import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import WordsField from "@/domains/knowledge/synonyms/WordsField.vue";
import { withWords, wordsIn } from "@/domains/knowledge/synonyms/words";
import { moved } from "@/domains/knowledge/topics/order";
import { firstSentence } from "@/texts/knowledge";

describe("an order", () => {
  it.each([
    [0, 2, "bcad"],
    [3, 0, "dabc"],
    [1, 1, "abcd"],
    [1, 9, "acdb"],
    [9, 0, "abcd"],
  ])("has what stood at %i at %i afterwards", (from, to, expected) => {
    expect(moved([..."abcd"], from, to).join("")).toBe(expected);
  });
});

describe("synonyms", () => {
  it("are taken apart however they were pasted", () => {
    expect(wordsIn(" 双花、金银花，忍冬花\n银花 = 二花 ")).toEqual([
      "双花",
      "金银花",
      "忍冬花",
      "银花",
      "二花",
    ]);
    expect(wordsIn("  ")).toEqual([]);
  });

  it("stand in a group once", () => {
    expect(withWords(["双花"], ["金银花", "双花"])).toEqual(["双花", "金银花"]);
  });

  it("are added by Enter, but not while a word is being composed", async () => {
    const field = mount(WordsField, { props: { modelValue: ["双花"] } });
    const input = field.get("input");
    await input.setValue("金银花");
    await input.trigger("keydown", { key: "Enter", isComposing: true });
    expect(field.emitted("update:modelValue")).toBeUndefined();
    await input.trigger("keydown", { key: "Enter" });
    expect(field.emitted("update:modelValue")).toEqual([[["双花", "金银花"]]]);
  });
});

describe("a label's line", () => {
  it("ends at the first full stop", () => {
    expect(firstSentence(" 清热解毒，疏散风热。用于痈肿。")).toBe("清热解毒，疏散风热");
    expect(firstSentence("")).toBe("");
  });
});
