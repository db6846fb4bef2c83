import { TreeRoundDotIcon } from "tdesign-icons-vue-next";
import type { ConsoleDomain } from "@/domains";

export const domain: ConsoleDomain = {
  navigation: [
    {
      section: "机构与人员",
      order: 10,
      title: "机构",
      to: "/organizations",
      icon: TreeRoundDotIcon,
      permission: "view_organizations",
    },
  ],
  routes: [
    {
      path: "organizations",
      component: () => import("./OrganizationsPage.vue"),
      meta: { title: "机构", permission: "view_organizations" },
    },
  ],
};
