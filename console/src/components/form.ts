import {
  computed,
  inject,
  onBeforeUnmount,
  onMounted,
  provide,
  reactive,
  ref,
  toRaw,
  type InjectionKey,
  type Ref,
  watch,
} from "vue";
import { onBeforeRouteLeave, onBeforeRouteUpdate } from "vue-router";
import { asProblem, type FieldErrors } from "@/api/problem";
import { confirmAction } from "./confirm";

/** The state of one form: what was typed, what is wrong with it, whether it is being saved. */
export interface FormState<Values extends object> {
  values: Values;
  errors: Ref<FieldErrors>;
  /** What is wrong with the whole. */
  message: Ref<string>;
  isSaving: Ref<boolean>;
  isDirty: Ref<boolean>;
  /** Somebody else has saved meanwhile; holds their values, where they could be read. */
  conflict: Ref<Conflict<Values> | null>;
  submit: () => Promise<void>;
  /** Starts over from these values; nothing is left to save. */
  reset: (values: Values) => void;
  takeTheirs: () => void;
  /** Keeps what was typed; what was left alone becomes theirs. */
  keepMine: () => void;
  /** How many files are still on their way; saving waits for them, or they would be left out. */
  uploads: Ref<number>;
  labels: Map<string, string>;
  /** A value in words, for those who compare; nothing where the plain value says enough. */
  describe: (name: string, value: unknown) => string | undefined;
  /** How values are written that do not speak for themselves: codes, ids. */
  words: Map<string, (value: unknown) => string>;
}

export interface Conflict<Values> {
  theirs: Values | null;
}

interface FormOptions<Values extends object> {
  initial: Values;
  /** Saves; a Problem it throws lands at the fields it names, or above the form. */
  save: (values: Values) => Promise<unknown>;
  /** What can be told without asking the server: field → sentence. */
  check?: (values: Values) => Record<string, string | false | undefined>;
  /** Reads the object again after a conflict (and remembers its new revision). */
  latest?: () => Promise<Values>;
  /** Refusals that are about one field although the server names none: code → field. */
  places?: Record<string, string>;
  describe?: FormState<Values>["describe"];
}

export const FORM: InjectionKey<FormState<object>> = Symbol("form");

export function useForm<Values extends object>(options: FormOptions<Values>): FormState<Values> {
  const values = reactive(copy(options.initial)) as Values;
  const saved = ref(JSON.stringify(options.initial));
  const errors = ref<FieldErrors>({});
  const message = ref("");
  const isSaving = ref(false);
  const uploads = ref(0);
  watch(uploads, () => (message.value = ""));
  const conflict = ref<Conflict<Values> | null>(null) as Ref<Conflict<Values> | null>;

  function reset(wanted: Values): void {
    Object.assign(values, copy(wanted));
    saved.value = JSON.stringify(wanted);
    errors.value = {};
    message.value = "";
    conflict.value = null;
  }

  async function submit(): Promise<void> {
    if (isSaving.value) return;
    if (uploads.value) {
      message.value = "照片还在上传，传完再保存；您填写的内容都在。";
      return;
    }
    errors.value = findErrors();
    message.value = "";
    if (Object.keys(errors.value).length) return;
    isSaving.value = true;
    const sent = copy(values);
    try {
      await options.save(sent);
      saved.value = JSON.stringify(sent);
    } catch (error) {
      await showProblem(error);
    } finally {
      isSaving.value = false;
    }
  }

  function findErrors(): FieldErrors {
    const found = Object.entries(options.check?.(values) ?? {});
    return Object.fromEntries(found.flatMap(([name, text]) => (text ? [[name, [text]]] : [])));
  }

  async function showProblem(error: unknown): Promise<void> {
    const problem = asProblem(error);
    const place = options.places?.[problem.code];
    errors.value = place ? { [place]: [problem.detail] } : problem.errors;
    if (problem.isConflict) {
      const theirs = (await options.latest?.()) ?? null;
      if (theirs) adoptUntouched(theirs);
      conflict.value = { theirs };
      return;
    }
    const hasPlace = Object.keys(errors.value).some((name) => form.labels.has(name));
    message.value = hasPlace ? "" : problem.detail;
  }

  /** What this user has not changed follows the other's change; only the rest is in dispute. */
  function adoptUntouched(theirs: Values): void {
    const before = JSON.parse(saved.value) as Values;
    for (const name of Object.keys(theirs) as (keyof Values)[]) {
      const isUntouched = JSON.stringify(values[name]) === JSON.stringify(before[name]);
      if (isUntouched) values[name] = copy(theirs)[name];
    }
  }

  const form: FormState<Values> = {
    values,
    errors,
    message,
    isSaving,
    isDirty: computed(() => JSON.stringify(values) !== saved.value),
    conflict,
    submit,
    reset,
    takeTheirs() {
      if (conflict.value?.theirs) reset(conflict.value.theirs);
    },
    keepMine() {
      if (conflict.value?.theirs) saved.value = JSON.stringify(conflict.value.theirs);
      conflict.value = null;
    },
    uploads,
    labels: new Map(),
    describe: options.describe ?? (() => undefined),
    words: new Map(),
  };
  return form;
}

export function provideForm<Values extends object>(form: FormState<Values>): void {
  provide(FORM, form as unknown as FormState<object>);
}

export function useSurroundingForm(): FormState<object> | null {
  return inject(FORM, null);
}

/** Asks before a page or drawer with unsaved input is left. */
export function useLeaveGuard(form: Pick<FormState<object>, "isDirty" | "isSaving">): void {
  const mayLeave = () => !form.isDirty.value || form.isSaving.value || confirmLeaving();
  onBeforeRouteLeave(mayLeave);
  onBeforeRouteUpdate((to, from) => {
    // Filters may change below an open form; another page or another opened row may not.
    const isSamePlace = to.path === from.path && to.query["open"] === from.query["open"];
    return isSamePlace || mayLeave();
  });

  function warn(event: BeforeUnloadEvent): void {
    if (form.isDirty.value) event.preventDefault();
  }
  onMounted(() => addEventListener("beforeunload", warn));
  onBeforeUnmount(() => removeEventListener("beforeunload", warn));
}

/** True when what was typed may be thrown away. */
export function confirmLeaving(): Promise<boolean> {
  return confirmAction({
    title: "还没有保存",
    consequence: "离开后，这一页上填写的内容会丢失。",
    action: "放弃填写",
    cancel: "继续填写",
    isDangerous: true,
    run: async () => {},
  });
}

function copy<Values>(values: Values): Values {
  return structuredClone(toRaw(values));
}
