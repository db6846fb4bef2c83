import type { ConsoleDomain } from "@/domains";

/** One's own account: reached from the menu at the top right, so not in the navigation. */
export const domain: ConsoleDomain = {
  navigation: [],
  routes: [
    {
      path: "account",
      component: () => import("./ProfilePage.vue"),
      meta: { title: "我的账号" },
    },
    {
      path: "account/password",
      component: () => import("./PasswordPage.vue"),
      meta: { title: "修改密码" },
    },
    {
      path: "account/sign-ins",
      component: () => import("./SignInsPage.vue"),
      meta: { title: "登录记录与设备" },
    },
  ],
};
