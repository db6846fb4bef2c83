/** Reading Chinese aloud with what the browser brings. */

import type { Voice } from "./platform";

// Browsers fetch their list of voices when it is first asked for, and some have none and never say so.
const PATIENCE_MS = 1500;
// Long utterances break off in some browsers; sentences also let the stop be quick.
const SENTENCE = /[^。！？；\n]+[。！？；]?/g;

export async function findVoice(): Promise<Voice | null> {
  if (typeof speechSynthesis === "undefined") return null;
  const voice = await findChinese();
  return voice && { read: (text) => read(text, voice), stop: () => speechSynthesis.cancel() };
}

function findChinese(): Promise<SpeechSynthesisVoice | null> {
  const pick = () => speechSynthesis.getVoices().find(speaksMandarin) ?? null;
  const now = pick();
  if (now || speechSynthesis.getVoices().length) return Promise.resolve(now);
  return new Promise((resolve) => {
    const settle = () => resolve(pick());
    speechSynthesis.addEventListener("voiceschanged", settle, { once: true });
    setTimeout(settle, PATIENCE_MS);
  });
}

function speaksMandarin({ lang }: SpeechSynthesisVoice): boolean {
  return /^(zh[-_]CN|cmn|zh$)/i.test(lang);
}

function read(text: string, voice: SpeechSynthesisVoice): Promise<void> {
  speechSynthesis.cancel();
  const sentences = text.match(SENTENCE) ?? [];
  return new Promise((resolve) => {
    if (!sentences.length) resolve();
    sentences.forEach((sentence, place) => {
      const utterance = Object.assign(new SpeechSynthesisUtterance(sentence), {
        voice,
        lang: voice.lang,
        rate: 0.9,
      });
      if (place === sentences.length - 1) utterance.onend = () => resolve();
      utterance.onerror = () => resolve();
      speechSynthesis.speak(utterance);
    });
  });
}
