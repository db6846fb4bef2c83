/**
 * Traditional knowledge that somebody writes down for the commission. It stays on the device until
 * the server has it, with the key under which it can arrive only once.
 */

import { computed, reactive, ref } from "vue";
import { asProblem, type Problem } from "@/api/problem";
import { useLoad } from "@/composables/load";
import { contribute, listReceivers, uploadPicture } from "@/domains/knowledge/api";
import { newKey } from "@/domains/voting/waiting-ballots";
import { platform } from "@/platform";
import { onSignedOut } from "@/stores/session";
import { kept } from "@/stores/storage";
import { report } from "@/stores/toast";
import { knowledgeTexts } from "@/texts/knowledge";

export const MOST_PICTURES = 9;
export const LONGEST = { title: 100, text: 2000, from: 100, in: 100, since: 100 } as const;
const SHORTEST = { title: 1, text: 10, from: 1, in: 1, since: 0 } as const;

export type FieldName = keyof typeof LONGEST;
const FIELDS = Object.keys(LONGEST) as FieldName[];

interface Sent {
  id: number;
  thumbnail_url: string;
}

interface Draft {
  words: Record<FieldName, string>;
  pictures: Sent[];
  organizationId: number | null;
  /** Of just this: what is changed is sent as something else. */
  key: string;
}

const blank = (): Draft => ({
  words: { title: "", text: "", from: "", in: "", since: "" },
  pictures: [],
  organizationId: null,
  key: newKey(),
});

const draft = kept<Draft>("knowledge-gift", blank());
// Nobody reads what another person was about to send.
onSignedOut(() => (draft.value = blank()));

export function useGift() {
  const receivers = useLoad(listReceivers);
  const hasAgreed = ref(false);
  const isBusy = ref(false);
  const isUploading = ref(false);
  /** From the first try to send on, gaps are marked. */
  const isChecked = ref(false);
  const problem = ref<Problem | null>(null);

  const receiver = computed(() => {
    const all = receivers.value ?? [];
    return all.find(({ id }) => id === draft.value.organizationId) ?? all[0] ?? null;
  });
  const gaps = computed(() =>
    FIELDS.filter((name) => draft.value.words[name].trim().length < SHORTEST[name]),
  );

  function change(part: Partial<Draft>): void {
    draft.value = { ...draft.value, ...part, key: newKey() };
  }

  function write(name: FieldName, text: string): void {
    if (text !== draft.value.words[name]) change({ words: { ...draft.value.words, [name]: text } });
  }

  function wrong(name: FieldName): string {
    if (!isChecked.value || !gaps.value.includes(name)) return "";
    return name === "text"
      ? knowledgeTexts().contribute.tooShort
      : knowledgeTexts().contribute.needed;
  }

  async function addPictures(): Promise<void> {
    const chosen = await platform.choosePictures(MOST_PICTURES - draft.value.pictures.length);
    isUploading.value = true;
    try {
      for (const picture of chosen) {
        const { id, thumbnail_url: address } = await uploadPicture(await picture.readBytes());
        const sent = { id, thumbnail_url: address };
        change({ pictures: [...draft.value.pictures, sent].slice(0, MOST_PICTURES) });
      }
    } catch (error) {
      report(error);
    } finally {
      isUploading.value = false;
    }
  }

  function removePicture(id: number): void {
    change({ pictures: draft.value.pictures.filter((picture) => picture.id !== id) });
  }

  /** The number under which the server has it now; null while it does not. */
  async function send(): Promise<number | null> {
    isChecked.value = true;
    if (gaps.value.length || !hasAgreed.value || !receiver.value || isBusy.value) return null;
    isBusy.value = true;
    problem.value = null;
    try {
      const { id } = await contribute(body(receiver.value.id), draft.value.key);
      draft.value = blank();
      return id;
    } catch (error) {
      problem.value = asProblem(error);
      return null;
    } finally {
      isBusy.value = false;
    }
  }

  function body(organizationId: number) {
    const { words, pictures } = draft.value;
    return {
      title: words.title.trim(),
      text: words.text.trim(),
      collected_from: words.from.trim(),
      collected_in: words.in.trim(),
      known_since: words.since.trim() || null,
      picture_ids: pictures.map(({ id }) => id),
      organization_id: organizationId,
    };
  }

  return reactive({
    draft,
    receivers,
    receiver,
    hasAgreed,
    isBusy,
    isUploading,
    problem,
    lacksConsent: computed(() => isChecked.value && !hasAgreed.value),
    write,
    wrong,
    addPictures,
    removePicture,
    choose: (id: number) => change({ organizationId: id }),
    send,
  });
}
