import { UserCheckedIcon } from "tdesign-icons-vue-next";
import type { ConsoleDomain } from "@/domains";

export const domain: ConsoleDomain = {
  navigation: [
    {
      section: "评比投票",
      order: 16,
      title: "提请与确认",
      to: "/proposals",
      icon: UserCheckedIcon,
      permission: "manage_campaigns",
    },
  ],
  routes: [
    {
      path: "proposals",
      component: () => import("./ProposalsPage.vue"),
      meta: { title: "提请与确认", permission: "manage_campaigns" },
    },
  ],
};
