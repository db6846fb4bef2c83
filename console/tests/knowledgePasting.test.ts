import { describe, expect, test } from "vitest";
import { cleanPasted, isOnlyPicture, paragraphsOf } from "@/domains/knowledge/editor/pasting";
import { PICTURE_NOTE } from "@/domains/knowledge/editor/pastingClean";
import { EXCEL, HOSTILE, WECHAT, WORD_LIST, WORD_TABLE } from "./knowledgeSamples";

describe("Word", () => {
  const cleaned = cleanPasted(WORD_LIST);

  test("keeps headings, marks and links, and joins what Word has cut", () => {
    expect(cleaned).toContain("<h2>艾灸的做法</h2><h3>一、准备</h3>");
    expect(cleaned).toContain("<p>先<strong>洗手</strong>，再<em>消毒</em>，见");
    expect(cleaned).toContain('<a href="https://www.nhc.gov.cn/">通知</a>');
  });

  test("makes lists within lists of levels, without the numbers as text", () => {
    expect(cleaned).toContain(
      "<ol><li><p>点燃艾条</p><ul><li><p>离皮肤三厘米</p></li><li><p>不要烫伤</p></li></ul></li>" +
        "<li><p>每次十五分钟</p></li></ol>",
    );
  });

  test("leaves comments, Office's own and empty lines behind", () => {
    for (const word of ["W1", "请核对", "o:p", "Mso", "mso-", "style=", "color", "<p></p>"]) {
      expect(cleaned).not.toContain(word);
    }
    expect(cleaned).toContain("源文件里换了行");
  });

  test("says where a picture of the computer's own has to be uploaded", () => {
    expect(cleaned.split(PICTURE_NOTE)).toHaveLength(2);
    expect(cleaned).not.toContain("file:");
  });

  test("keeps tables with their merged cells", () => {
    expect(cleanPasted(WORD_TABLE)).toBe(
      '<table><tbody><tr><td colspan="2"><p><strong>用量</strong></p></td></tr>' +
        '<tr><td rowspan="2"><p>黄芪</p></td><td><p>9～30克</p></td></tr>' +
        "<tr><td><p>水煎服</p><p>或入丸散</p></td></tr></tbody></table>",
    );
  });

  test("a list that goes back to the first level, and one that begins deeper", () => {
    const line = (level: number, mark: string, text: string) =>
      `<p class=MsoListParagraph style='mso-list:l1 level${level} lfo2'>` +
      `<span style='mso-list:Ignore'>${mark}</span>${text}</p>`;
    const html = cleanPasted(
      line(2, "（1）", "甲") +
        line(1, "一、", "乙") +
        "<p class=MsoNormal>间</p>" +
        line(1, "·", "丙"),
    );
    expect(html).toBe(
      "<ol><li><p>甲</p></li></ol><ol><li><p>乙</p></li></ol><p>间</p><ul><li><p>丙</p></li></ul>",
    );
  });
});

describe("official accounts", () => {
  const cleaned = cleanPasted(WECHAT);

  test("a soup of sections becomes paragraphs", () => {
    expect(cleaned).toBe(
      "<p><strong>春天怎么养肝</strong></p><p>春天<strong>风大</strong>，少出汗。</p>" +
        '<pending-picture data-url="https://mmbiz.qpic.cn/mmbiz_jpg/abc/640?wx_fmt=jpeg&amp;from=appmsg">' +
        "</pending-picture><ul><li><p>早睡</p></li><li><p>早起</p></li></ul>" +
        "<blockquote><p>肝主疏泄</p></blockquote>",
    );
  });
});

describe("tables and text", () => {
  test("cells of Excel", () => {
    expect(cleanPasted(EXCEL)).toBe(
      "<table><tbody><tr><td><p>药名</p></td><td><p>克</p></td><td><p></p></td></tr>" +
        "<tr><td><p><strong>黄芪</strong></p></td><td><p>9</p></td><td><p>蜜炙</p></td></tr>" +
        "</tbody></table>",
    );
  });

  test("lines of plain text are paragraphs, and nothing in them is markup", () => {
    expect(paragraphsOf("一 <b>\r\n\r\n 二\n")).toBe("<p>一 &lt;b&gt;</p><p>二</p>");
  });

  test("a table of one cell is a frame", () => {
    expect(cleanPasted("<table><tr><td>框里的话</td></tr></table>")).toBe("<p>框里的话</p>");
  });

  test("our own pictures stay, points that count readers go", () => {
    expect(
      cleanPasted('<img src="/files/0123456789abcdef0123456789abcdef.webp" alt="黄芪" class="x">'),
    ).toBe('<img src="/files/0123456789abcdef0123456789abcdef.webp" alt="黄芪">');
    expect(cleanPasted('<p>一<img src="https://a.example/t.png" width=1 height=1></p>')).toBe(
      "<p>一</p>",
    );
  });

  test("Mongolian words stay marked", () => {
    expect(cleanPasted('<p>蒙古名<span lang="mn-Mong" style="x">ᠬᠤᠩᠬᠤ</span></p>')).toBe(
      '<p>蒙古名<span lang="mn-Mong">ᠬᠤᠩᠬᠤ</span></p>',
    );
  });

  test("a picture alone comes better as the file beside", () => {
    expect(isOnlyPicture('<html><body><img src="file:///a.png"></body></html>')).toBe(true);
    expect(isOnlyPicture('<p>图</p><img src="file:///a.png">')).toBe(false);
  });
});

describe("hostile HTML", () => {
  const allowed = new Set(
    "p h2 h3 h4 strong em u a br ul ol li blockquote table tbody tr td th img span".split(" "),
  );

  test.each(HOSTILE)("%s", (html) => {
    const { body } = new DOMParser().parseFromString(cleanPasted(html), "text/html");
    for (const element of body.querySelectorAll("*")) {
      expect([...allowed, "video", "pending-picture"]).toContain(element.tagName.toLowerCase());
      for (const { name, value } of element.attributes) {
        expect(name).not.toMatch(/^on|style|srcdoc|action/);
        expect(value).not.toMatch(/javascript|evil|<script/i);
      }
    }
  });
});
