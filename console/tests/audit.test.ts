import { expect, it } from "vitest";
import { changesOf, deedOf, linkTo, type AuditRow } from "@/domains/audit/records";
import { valueWord } from "@/texts/audit";

function record(values: Partial<AuditRow>): AuditRow {
  return {
    id: 1,
    number: 1,
    at: "2026-11-20T04:00:00Z",
    staff: { id: 3, name: "巴图" },
    roles: ["district_manager"],
    organization: null,
    action: "staff.disabled",
    object_type: "staff",
    object_id: "5",
    object_label: "其木格",
    before: null,
    after: null,
    address: "10.20.3.7",
    request_id: "r1",
    ...values,
  };
}

it("tells what was done with the words of the values and the reason", () => {
  expect(deedOf(record({ after: { reason: "已调离" } }))).toBe(
    "停用了“其木格”的账号，原因：已调离",
  );
  const after = { role: "institution_manager", organization: "东胜区蒙医医院" };
  expect(deedOf(record({ action: "staff.role_granted", after }))).toBe(
    "给“其木格”授予了角色：机构负责人（东胜区蒙医医院）",
  );
});

it("has a sentence for what it does not know yet", () => {
  const unknown = record({ action: "future.thing", object_type: "future" });
  expect(deedOf(unknown)).toBe("对“其木格”做了别的操作");
  expect(linkTo(unknown)).toBeNull();
});

it("sets each value beside what it was", () => {
  const edited = record({ before: { name: "甲" }, after: { name: "乙", address: "天骄路" } });
  expect(changesOf(edited)).toEqual([
    { field: "name", before: "甲", after: "乙" },
    { field: "address", before: undefined, after: "天骄路" },
  ]);
});

it("writes values as people read them", () => {
  expect(valueWord("closes_at", "2026-11-20T04:00:00+00:00")).toBe("2026-11-20 12:00");
  expect(valueWord("kind", "tcm_clinic")).toBe("中医馆（蒙医馆）");
  expect(valueWord("contact_phone", "(changed)")).toBe("已修改，内容不记录");
  expect(valueWord("address", null)).toBe("（空）");
  expect(valueWord("filters", { kind: "hospital", q: "(given)" })).toBe(
    "类型：医院；搜索词：有，内容不记录",
  );
});
