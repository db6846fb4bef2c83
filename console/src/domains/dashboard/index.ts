import { DashboardIcon } from "tdesign-icons-vue-next";
import type { ConsoleDomain } from "@/domains";

/** What one sees first. */
export const domain: ConsoleDomain = {
  navigation: [
    {
      section: "工作",
      order: 0,
      title: "工作台",
      to: "/dashboard",
      icon: DashboardIcon,
      permission: "view_dashboard",
    },
  ],
  routes: [
    {
      path: "dashboard",
      component: () => import("./DashboardPage.vue"),
      meta: { title: "工作台", permission: "view_dashboard" },
    },
  ],
};
