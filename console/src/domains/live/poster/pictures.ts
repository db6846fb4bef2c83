import { onScopeDispose, shallowRef, watch, type Ref } from "vue";
import { asProblem, type Problem } from "@/api/problem";
import { send, withQuery } from "@/api/transport";
import type { Entry } from "./content";
import type { Pictures } from "./parts";

interface PosterPictures {
  pictures: Readonly<Ref<Pictures>>;
  /** The code as the server sent it, to save it by itself. */
  code: Readonly<Ref<Blob | null>>;
  isLoading: Readonly<Ref<boolean>>;
  /** Why there is no code. */
  codeProblem: Readonly<Ref<Problem | null>>;
  /** The entry has a portrait, but it could not be read. */
  isPortraitMissing: Readonly<Ref<boolean>>;
  load: () => Promise<void>;
}

/** The pictures of a poster; those of what was chosen before are void at once. */
export function usePictures(
  campaignId: () => number,
  entry: Readonly<Ref<Entry | null>>,
): PosterPictures {
  const pictures = shallowRef<Pictures>({ portrait: null, code: null });
  const code = shallowRef<Blob | null>(null);
  const isLoading = shallowRef(false);
  const codeProblem = shallowRef<Problem | null>(null);
  const isPortraitMissing = shallowRef(false);
  let asked = 0;

  async function load(): Promise<void> {
    const number = ++asked;
    const id = entry.value?.id;
    const portraitPath = entry.value?.portrait_url;
    isLoading.value = true;
    codeProblem.value = null;
    code.value = null;
    const path = withQuery(`/api/v1/staff/campaigns/${campaignId()}/code`, { entry_id: id });
    const [codeFile, portraitFile] = await Promise.all([
      fetchPicture(path),
      portraitPath ? fetchPicture(portraitPath) : null,
    ]);
    const read = {
      code: await decode(codeFile),
      portrait: await decode(portraitFile),
    };
    if (number !== asked) return;
    pictures.value = read;
    code.value = codeFile instanceof Blob ? codeFile : null;
    codeProblem.value = codeFile instanceof Blob ? null : codeFile;
    isPortraitMissing.value = Boolean(portraitPath) && read.portrait === null;
    isLoading.value = false;
  }

  watch([campaignId, () => entry.value?.id], load, { immediate: true });
  onScopeDispose(() => asked++);
  return { pictures, code, isLoading, codeProblem, isPortraitMissing, load };
}

async function fetchPicture(path: string): Promise<Blob | Problem> {
  try {
    const response = await send(new Request(path));
    return await response.blob();
  } catch (error) {
    return asProblem(error);
  }
}

async function decode(file: Blob | Problem | null): Promise<ImageBitmap | null> {
  if (!(file instanceof Blob)) return null;
  try {
    return await createImageBitmap(file);
  } catch {
    // Not a picture this browser knows: as good as none.
    return null;
  }
}
