import type { ConsoleDomain } from "@/domains";

/** A campaign's figures: a part of its page, and a screen of their own for a wall. */
export const domain: ConsoleDomain = {
  navigation: [],
  routes: [
    {
      path: "campaigns/:id(\\d+)/live",
      component: () => import("./WallPage.vue"),
      meta: { title: "投票大屏", permission: "view_campaigns", isFullScreen: true },
    },
  ],
};
