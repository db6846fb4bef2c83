import { FactCheckIcon } from "tdesign-icons-vue-next";
import type { ConsoleDomain } from "@/domains";

/** Ballots that were set aside: a part of each campaign's page, and which campaigns have some. */
export const domain: ConsoleDomain = {
  navigation: [
    {
      section: "评比投票",
      order: 17,
      title: "票面核查",
      to: "/screening",
      icon: FactCheckIcon,
      permission: "view_campaigns",
    },
  ],
  routes: [
    {
      path: "screening",
      component: () => import("./ScreeningCampaignsPage.vue"),
      meta: { title: "票面核查", permission: "view_campaigns" },
    },
  ],
};
