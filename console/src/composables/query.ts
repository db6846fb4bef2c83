import { computed, type WritableComputedRef } from "vue";
import { useRoute, useRouter } from "vue-router";

/**
 * Values kept in the address, so that a list can be sent to a colleague and the back button does
 * what it says. A prefix keeps two lists of one page apart.
 */
export function useAddressQuery(names: readonly string[], prefix = "") {
  const route = useRoute();
  const router = useRouter();

  const values = computed(() => {
    const pairs = names.map((name) => [name, single(route.query[prefix + name])] as const);
    return Object.fromEntries(pairs) as Record<string, string | undefined>;
  });

  async function change(changes: Record<string, string | undefined>): Promise<void> {
    const query = { ...route.query };
    for (const [name, value] of Object.entries(changes)) {
      if (value) query[prefix + name] = value;
      else delete query[prefix + name];
    }
    await router.replace({ query, hash: route.hash });
  }

  function value(name: string): WritableComputedRef<string> {
    return computed({
      get: () => values.value[name] ?? "",
      set: (wanted) => void change({ [name]: wanted }),
    });
  }

  return { values, change, value };
}

function single(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === "string" && first !== "" ? first : undefined;
}
