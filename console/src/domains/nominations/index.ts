import { UserAddIcon } from "tdesign-icons-vue-next";
import type { ConsoleDomain } from "@/domains";

export const domain: ConsoleDomain = {
  navigation: [
    {
      section: "评比投票",
      order: 20,
      title: "推荐参评",
      to: "/nominations",
      icon: UserAddIcon,
      permission: "nominate",
    },
  ],
  routes: [
    {
      path: "nominations",
      component: () => import("./NominationsPage.vue"),
      meta: { title: "推荐参评", permission: "nominate" },
    },
    {
      path: "nominations/new",
      component: () => import("./NewNominationPage.vue"),
      meta: { title: "填写推荐", permission: "nominate" },
    },
    {
      path: "nominations/:id(\\d+)",
      component: () => import("./NominationPage.vue"),
      meta: { title: "推荐", permission: "nominate" },
    },
  ],
};
