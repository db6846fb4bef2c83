import { UsergroupIcon, UserLockedIcon } from "tdesign-icons-vue-next";
import type { ConsoleDomain } from "@/domains";

export const domain: ConsoleDomain = {
  navigation: [
    {
      section: "机构与人员",
      order: 20,
      title: "人员",
      to: "/staff",
      icon: UsergroupIcon,
      permission: "view_staff",
    },
    {
      section: "机构与人员",
      order: 30,
      title: "角色与权限",
      to: "/roles",
      icon: UserLockedIcon,
      permission: "view_staff",
    },
  ],
  routes: [
    {
      path: "staff",
      component: () => import("./AccountsPage.vue"),
      meta: { title: "人员", permission: "view_staff" },
    },
    {
      path: "staff/invite",
      component: () => import("./InvitePage.vue"),
      meta: { title: "邀请人员", permission: "manage_staff" },
    },
    {
      path: "staff/:id(\\d+)",
      component: () => import("./AccountPage.vue"),
      meta: { title: "人员", permission: "view_staff" },
    },
    {
      path: "roles",
      component: () => import("./RolesPage.vue"),
      meta: { title: "角色与权限", permission: "view_staff" },
    },
  ],
};
