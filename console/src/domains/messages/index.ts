import { NotificationIcon } from "tdesign-icons-vue-next";
import type { ConsoleDomain } from "@/domains";

export const domain: ConsoleDomain = {
  navigation: [
    {
      section: "监督",
      order: 20,
      title: "微信消息",
      to: "/messages",
      icon: NotificationIcon,
      permission: "manage_messages",
    },
  ],
  routes: [
    {
      path: "messages",
      component: () => import("./MessagesPage.vue"),
      meta: { title: "微信消息", permission: "manage_messages" },
    },
  ],
};
