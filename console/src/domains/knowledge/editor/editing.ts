import { computed, onBeforeUnmount, onMounted, reactive, ref, shallowRef, toRaw, watch } from "vue";
import { onBeforeRouteLeave } from "vue-router";
import { confirmAction } from "@/components/confirm";
import type { FormState } from "@/components/form";
import { toast } from "@/components/toasts";
import { session } from "@/session/session";
import { createAutosave, type SaveState } from "./autosave";
import {
  bodyOf,
  differences,
  editable,
  merge,
  type Content,
  type Kind,
  type Place,
} from "./content";
import { readItem, saveContent, type Item, type Saved } from "./item";
import { browserStorage, copiesOf, sweepCopies, type Copy } from "./localCopies";

/** Somebody else saved the same fields first. */
export interface Dispute {
  theirs: Item;
  places: Place[];
  merged: Content;
}

/** One item while somebody writes it: what was typed, and how far it is saved. */
export function useEditing(item: Item, kind: Kind, onSaved: (saved: Saved) => void) {
  const writer = `${Date.now()}-${Math.random()}`;
  const storage = browserStorage();
  const staffId = session.value?.staff.id ?? 0;
  const copies = copiesOf<Content>(storage, staffId, item.id, writer);
  const content = reactive(editable(kind, item.head.content)) as Content;
  const state = ref<SaveState>({ name: "saved", at: Date.parse(item.head.saved_at) });
  const dispute = shallowRef<Dispute | null>(null);
  const left = shallowRef<Copy<Content> | null>(null);
  /** How many files are under way. */
  const uploads = ref(0);
  let { revision } = item;
  /** What the server has, as far as this page knows. */
  let base: Content = item.head.content;
  let isTranslationCurrent = false;
  let isFollowing = false;

  sweepCopies(storage, Date.now());

  const autosave = createAutosave<Content>({
    savedAt: Date.parse(item.head.saved_at),
    async send(sent) {
      const isCurrent = isTranslationCurrent;
      const saved = await saveContent(item.id, revision, sent, isCurrent);
      ({ revision } = saved);
      base = sent;
      if (isCurrent) isTranslationCurrent = false;
      onSaved(saved);
    },
    // With the addresses of pictures, which the server is not told.
    keep: () => copies.keep(toRaw(content), revision),
    forget: copies.forget,
    onState(wanted) {
      state.value = wanted;
      if (wanted.name === "conflict") void compare();
    },
  });

  function snapshot(): Content {
    return structuredClone(bodyOf(kind, toRaw(content)));
  }

  function show(wanted: Content): void {
    isFollowing = true;
    Object.assign(content, editable(kind, wanted));
  }

  watch(
    content,
    () => {
      if (isFollowing) isFollowing = false;
      else autosave.change(snapshot());
    },
    { deep: true },
  );

  /** Reads what the other has saved; what only one of the two has changed needs no deciding. */
  async function compare(): Promise<void> {
    const theirs = await readItem(item.id);
    const merged = merge(kind, base, toRaw(content), theirs.head.content);
    if (merged.disputed.length) {
      dispute.value = { theirs, places: merged.disputed, merged: merged.content };
      return;
    }
    goOn(theirs, merged.content);
    const isOther = theirs.head.author_name !== session.value?.staff.name;
    if (isOther) toast(`${theirs.head.author_name}刚刚改过别的几项，已经并进来`, "info");
  }

  function goOn(theirs: Item, wanted: Content): void {
    ({ revision } = theirs);
    base = theirs.head.content;
    show(wanted);
    const isSame = !differences(kind, base, wanted).length;
    autosave.resolve(isSame ? null : structuredClone(bodyOf(kind, wanted)));
    dispute.value = null;
  }

  function offerCopy(): void {
    for (const copy of copies.left()) {
      const isNew = differences(kind, item.head.content, copy.content).length > 0;
      if (isNew && !left.value) left.value = copy;
      else if (!isNew) copies.drop(copy);
    }
  }

  function takeCopy(): void {
    const copy = left.value;
    if (!copy) return;
    left.value = null;
    show(copy.content);
    autosave.change(snapshot());
    autosave.keepNow();
    copies.drop(copy);
  }

  function dropCopy(): void {
    if (left.value) copies.drop(left.value);
    left.value = null;
  }

  const isDirty = computed(() => state.value.name !== "saved");

  function onHide(): void {
    if (!isDirty.value) return;
    autosave.keepNow();
    if (document.visibilityState === "hidden") void autosave.flush();
  }
  function warn(event: BeforeUnloadEvent): void {
    onHide();
    if (isDirty.value) event.preventDefault();
  }

  onMounted(() => {
    offerCopy();
    addEventListener("online", autosave.tryAgain);
    addEventListener("pagehide", onHide);
    addEventListener("beforeunload", warn);
    document.addEventListener("visibilitychange", onHide);
  });
  onBeforeUnmount(() => {
    removeEventListener("online", autosave.tryAgain);
    removeEventListener("pagehide", onHide);
    removeEventListener("beforeunload", warn);
    document.removeEventListener("visibilitychange", onHide);
    autosave.stop();
  });
  onBeforeRouteLeave(async () => {
    if (!isDirty.value || (await autosave.flush())) return true;
    return confirmAction({
      title: "还没有传到服务器",
      consequence: "写的内容已存在这台电脑上，下次用这台电脑打开这一篇时可以接着用。",
      action: "先离开",
      cancel: "留在这一页",
      run: async () => {},
    });
  });

  return {
    content,
    state,
    isDirty,
    uploads,
    dispute,
    left,
    snapshot,
    flush: autosave.flush,
    revision: () => revision,
    /** An action has counted the item on; what is typed goes on from there. */
    follow(latest: Item): void {
      ({ revision } = latest);
      base = latest.head.content;
    },
    keepMine: () => dispute.value && goOn(dispute.value.theirs, dispute.value.merged),
    takeTheirs: () =>
      dispute.value && goOn(dispute.value.theirs, dispute.value.theirs.head.content),
    takeCopy,
    dropCopy,
    confirmTranslation(): void {
      isTranslationCurrent = true;
      autosave.change(snapshot());
      void autosave.flush();
    },
  };
}

export type Editing = ReturnType<typeof useEditing>;

/** What fields find around them: what is lacking at each, and who is still uploading. */
export function fieldsForm(
  errors: FormState<object>["errors"],
  uploads: FormState<object>["uploads"],
): FormState<object> {
  const nothing = (): void => {};
  return {
    values: {},
    errors,
    message: ref(""),
    isSaving: ref(false),
    isDirty: ref(false),
    conflict: ref(null),
    submit: async () => {},
    reset: nothing,
    takeTheirs: nothing,
    keepMine: nothing,
    uploads,
    labels: new Map(),
    describe: () => undefined,
    words: new Map(),
  };
}
