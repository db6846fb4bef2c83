import { computed, reactive } from "vue";
import { get } from "@/api/client";
import { useLoad } from "@/composables/load";
import { isSignedIn, onSignedOut } from "@/stores/session";

export type Me = ReturnType<typeof useMe>;

/** The person's own account, while somebody is signed in. */
export function useMe() {
  const profile = useLoad(async () => (isSignedIn.value ? get("/api/v1/me") : null));
  onSignedOut(() => void profile.load());
  return reactive({
    profile,
    unread: computed(() => profile.value?.unread_notices ?? 0),
    refresh: profile.load,
    more: undefined,
  });
}
