import { HistoryIcon } from "tdesign-icons-vue-next";
import type { ConsoleDomain } from "@/domains";

export const domain: ConsoleDomain = {
  navigation: [
    {
      section: "监督",
      order: 10,
      title: "操作记录",
      to: "/audit",
      icon: HistoryIcon,
      permission: "read_audit",
    },
  ],
  routes: [
    {
      path: "audit",
      component: () => import("./AuditPage.vue"),
      meta: { title: "操作记录", permission: "read_audit" },
    },
  ],
};
