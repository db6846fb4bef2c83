import { CheckRectangleIcon } from "tdesign-icons-vue-next";
import type { ConsoleDomain } from "@/domains";

export const domain: ConsoleDomain = {
  navigation: [
    {
      section: "评比投票",
      order: 10,
      title: "投票活动",
      to: "/campaigns",
      icon: CheckRectangleIcon,
      permission: "view_campaigns",
    },
  ],
  routes: [
    {
      path: "campaigns",
      component: () => import("./CampaignsPage.vue"),
      meta: { title: "投票活动", permission: "view_campaigns" },
    },
    {
      path: "campaigns/new",
      component: () => import("./NewCampaignPage.vue"),
      meta: { title: "新建投票活动", permission: "manage_campaigns" },
    },
    {
      path: "campaigns/:id(\\d+)",
      component: () => import("./CampaignPage.vue"),
      meta: { title: "投票活动", permission: "view_campaigns" },
    },
  ],
};
