import { api, take } from "@/api/client";
import type { Lookup } from "@/components/filters";

/** What a text can be linked to, searched by a part of its name. */

interface Titled {
  id: number;
  title: string;
}

const FEW = 20;

export async function findItems(search: string, kind?: "herb"): Promise<Titled[]> {
  const query = { search: search || undefined, kind, limit: FEW };
  return (await take(api.GET("/api/v1/staff/knowledge/items", { params: { query } }))).items;
}

export async function itemTitle(id: number): Promise<string> {
  const params = { path: { item_id: id } };
  return (await take(api.GET("/api/v1/staff/knowledge/items/{item_id}", { params }))).title;
}

export const ITEMS: Lookup = {
  find: async (q) => optionsOf(await findItems(q)),
  nameOf: (value) => itemTitle(Number(value)),
};

/** Contests that citizens can see; an entry is chosen within one of them. */
export const CAMPAIGNS: Lookup = {
  async find(q) {
    const query = { limit: 50 };
    const { items } = await take(api.GET("/api/v1/campaigns", { params: { query } }));
    return optionsOf(items.filter(({ title }) => title.includes(q)));
  },
  async nameOf(value) {
    const params = { path: { campaign_id: Number(value) } };
    return (await take(api.GET("/api/v1/campaigns/{campaign_id}", { params }))).title;
  },
};

export function entriesOf(campaignId: number): Lookup {
  return {
    async find(q) {
      const params = {
        path: { campaign_id: campaignId },
        query: { q: q || undefined, limit: FEW },
      };
      const path = "/api/v1/campaigns/{campaign_id}/entries";
      const { items } = await take(api.GET(path, { params }));
      return items.map(({ id, name }) => ({ value: String(id), label: name }));
    },
    nameOf: async (value) => `参评对象 ${value}`,
  };
}

function optionsOf(items: Titled[]): { value: string; label: string }[] {
  return items.map(({ id, title }) => ({ value: String(id), label: title || "（还没有名称）" }));
}
