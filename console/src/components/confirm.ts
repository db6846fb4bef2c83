import { shallowRef } from "vue";

/** What is about to happen and cannot simply be undone. */
export interface Confirmation {
  title: string;
  /** What will happen, in a sentence or two. */
  consequence: string;
  /** Verb first: 停用账号. */
  action: string;
  /** What the other button says; 取消 where nothing else is clearer. */
  cancel?: string;
  isDangerous?: boolean;
  /** Asks for a reason, which goes into the record; the text is the field's hint. */
  reason?: string;
  /** For the worst: this has to be typed before the button works. */
  typedName?: string;
  /** Does it. A Problem it throws is shown in the dialog, which stays. */
  run: (answer: { reason: string }) => Promise<unknown>;
}

interface Asked extends Confirmation {
  resolve: (isDone: boolean) => void;
}

export const asked = shallowRef<Asked | null>(null);

/** Asks, and resolves with true when it has been done, with false when it was cancelled. */
export function confirmAction(confirmation: Confirmation): Promise<boolean> {
  answer(false);
  return new Promise((resolve) => (asked.value = { ...confirmation, resolve }));
}

export function answer(isDone: boolean): void {
  asked.value?.resolve(isDone);
  asked.value = null;
}
