import { describe, expect, it } from "vitest";
import { spokenText, toNodes, type RichNode } from "@/domains/knowledge/rich-text";

/** As HTML again, to be read by people. */
function written(nodes: RichNode[]): string {
  return nodes
    .map((node) => {
      if (node.type === "text") return node.text;
      const attrs = Object.entries(node.attrs).map(([name, value]) => ` ${name}="${value}"`);
      return `<${node.name}${attrs.join("")}>${written(node.children)}</${node.name}>`;
    })
    .join("");
}

const shown = (html: string) => written(toNodes(html));

describe("rich text", () => {
  it("gives each tag a class of its own", () => {
    expect(shown("<h2>怎样挑选</h2><p>条粗、<strong>断面黄白</strong></p>")).toBe(
      '<h2 class="rich-h2">怎样挑选</h2><p class="rich-p">条粗、<strong class="rich-strong">断面黄白</strong></p>',
    );
  });

  it("keeps a table's cells together, and nothing else of their attributes", () => {
    expect(shown('<td colspan="2" rowspan=3 width="9" onclick="x()">根</td>')).toBe(
      '<td class="rich-td" colspan="2" rowspan="3">根</td>',
    );
    expect(shown('<td colspan="1000">根</td>')).toBe('<td class="rich-td">根</td>');
  });

  it("leaves entities to the element, and takes a lone < for what it is", () => {
    expect(shown("<p>1 &lt; 2 &amp; 3</p>5 < 6")).toBe(
      '<p class="rich-p">1 &lt; 2 &amp; 3</p>5 &lt; 6',
    );
  });

  it("ends what was left open, and goes on after what was never begun", () => {
    expect(shown("<p>一<b>二</p>三</i>")).toBe(
      '<p class="rich-p">一<b class="rich-b">二</b></p>三',
    );
  });

  it.each([
    ["<script>alert(1)</script>", ""],
    ["<style>p{}</style>好", "好"],
    ["<svg onload=alert(1)>叶</svg>", "叶"],
    ["<img src=x onerror=alert(1)>", ""],
    ['<p onclick="alert(1)" style="x" class="y">叶</p>', '<p class="rich-p">叶</p>'],
    ['<a href="javascript:alert(1)">叶</a>', '<a class="rich-a">叶</a>'],
    ['<p title="><img src=x onerror=alert(1)>">叶</p>', '<p class="rich-p">叶</p>'],
    ["<!-- <img src=x onerror=alert(1)> -->叶", "叶"],
    ["<!-- never closed <script>", ""],
    ["<scr<script>ipt>alert(1)</script>", "ipt>alert(1)"],
    [
      "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
      '<table class="rich-table"></table>',
    ],
  ])("lets nothing through that runs: %s", (html, expected) => {
    expect(shown(html)).toBe(expected);
  });

  it("takes a very long text in one go", () => {
    const html = "<p>黄芪<b>补气</b></p>".repeat(20_000);
    const begun = performance.now();
    expect(toNodes(html)).toHaveLength(20_000);
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

it("reads paragraphs, items and cells apart", () => {
  expect(spokenText("<p>一&nbsp;&amp; 二</p><ul><li>三</li><li>四<b>五</b></li></ul>")).toBe(
    "一 & 二\n三\n四五",
  );
});
