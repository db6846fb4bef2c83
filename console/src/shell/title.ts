import { onScopeDispose, shallowRef, toValue, watchEffect, type MaybeRefOrGetter } from "vue";

/** A page's own title, where the route's does not say enough: the name of what is shown. */
export const pageTitle = shallowRef<string | null>(null);

export function usePageTitle(title: MaybeRefOrGetter<string | null | undefined>): void {
  const stop = watchEffect(() => {
    pageTitle.value = toValue(title) ?? null;
  });
  onScopeDispose(stop);
}

export function forgetPageTitle(): void {
  pageTitle.value = null;
}
