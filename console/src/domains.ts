import type { Component } from "vue";
import type { RouteRecordRaw } from "vue-router";
import type { Permission } from "@/texts/permissions";

/** The parts of the navigation, from top to bottom. */
export const SECTIONS = ["工作", "评比投票", "健康知识", "机构与人员", "监督"] as const;

export interface NavigationEntry {
  section: (typeof SECTIONS)[number];
  /** Within the section; smaller stands higher. */
  order: number;
  title: string;
  /** Where it leads, below /console. */
  to: string;
  icon: Component;
  permission?: Permission;
}

/** What `src/domains/<domain>/index.ts` exports as `domain`. Nothing else has to know of it. */
export interface ConsoleDomain {
  routes: RouteRecordRaw[];
  navigation: NavigationEntry[];
}

const found = import.meta.glob<ConsoleDomain>("./domains/*/index.ts", {
  eager: true,
  import: "domain",
});

export const domains: ConsoleDomain[] = Object.values(found);

export const navigation: NavigationEntry[] = domains
  .flatMap((domain) => domain.navigation)
  .sort((one, other) => rank(one) - rank(other));

/** The entry a page belongs to: of several above it, the nearest. */
export function entryAt(path: string): NavigationEntry | undefined {
  const above = navigation.filter(({ to }) => path === to || path.startsWith(`${to}/`));
  return above.sort((one, other) => other.to.length - one.to.length)[0];
}

function rank(entry: NavigationEntry): number {
  return SECTIONS.indexOf(entry.section) * 1000 + entry.order;
}
