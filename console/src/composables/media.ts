import { onBeforeUnmount, readonly, ref, type Ref } from "vue";

/** Whether the window is, for example, wide enough; follows its changes. */
export function useMedia(query: string): Readonly<Ref<boolean>> {
  const media = matchMedia(query);
  const matches = ref(media.matches);
  const follow = (): void => void (matches.value = media.matches);
  media.addEventListener("change", follow);
  onBeforeUnmount(() => media.removeEventListener("change", follow));
  return readonly(matches);
}
