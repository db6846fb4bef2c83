import { expect, it, vi } from "vitest";
import { Problem } from "@/api/problem";
import { useForm } from "@/components/form";

const initial = { name: "甲", note: "" };

it("asks the server only when its own check finds nothing", async () => {
  const save = vi.fn(async () => {});
  const form = useForm({ initial, save, check: ({ name }) => ({ name: !name && "请填写。" }) });
  form.values.name = "";
  await form.submit();
  expect(form.errors.value).toEqual({ name: ["请填写。"] });
  expect(save).not.toHaveBeenCalled();
});

it("is dirty until it is saved", async () => {
  const form = useForm({ initial, save: async () => {} });
  expect(form.isDirty.value).toBe(false);
  form.values.name = "乙";
  expect(form.isDirty.value).toBe(true);
  await form.submit();
  expect(form.isDirty.value).toBe(false);
});

it("saves once however often it is asked meanwhile", async () => {
  let finish = (): void => {};
  const save = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
  const form = useForm({ initial, save });
  const saving = form.submit();
  await form.submit();
  finish();
  await saving;
  expect(save).toHaveBeenCalledTimes(1);
});

it("puts a refusal at its field, or above the form if no field has its name", async () => {
  const refusals = [
    new Problem(422, "invalid_request", "内容有误", { name: ["太长"] }),
    new Problem(409, "busy", "现在不行"),
  ];
  const form = useForm({
    initial,
    save: async () => {
      throw refusals.shift();
    },
  });
  form.labels.set("name", "名称");
  await form.submit();
  expect([form.errors.value, form.message.value]).toEqual([{ name: ["太长"] }, ""]);
  await form.submit();
  expect([form.errors.value, form.message.value]).toEqual([{}, "现在不行"]);
});

it("keeps what was typed and takes over the rest when somebody else saved first", async () => {
  const save = vi.fn(async () => {});
  save.mockRejectedValueOnce(new Problem(412, "edited_meanwhile", "别人刚刚改过"));
  const form = useForm({ initial, save, latest: async () => ({ name: "丙", note: "新" }) });
  form.values.name = "乙";
  await form.submit();
  expect(form.conflict.value?.theirs).toEqual({ name: "丙", note: "新" });
  expect(form.values.name).toBe("乙");
  form.keepMine();
  expect(form.conflict.value).toBeNull();
  await form.submit();
  // The note was theirs alone to change.
  expect(save).toHaveBeenLastCalledWith({ name: "乙", note: "新" });
});

it("throws on what is a mistake of ours", async () => {
  const form = useForm({
    initial,
    save: async () => {
      throw new TypeError("a mistake");
    },
  });
  await expect(form.submit()).rejects.toThrow("a mistake");
  expect(form.isSaving.value).toBe(false);
});
