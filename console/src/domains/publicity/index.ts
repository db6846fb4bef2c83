import { LoudspeakerIcon } from "tdesign-icons-vue-next";
import type { ConsoleDomain } from "@/domains";

export const domain: ConsoleDomain = {
  navigation: [
    {
      section: "健康知识",
      order: 80,
      title: "宣传报道",
      to: "/publicity",
      icon: LoudspeakerIcon,
      permission: "view_publicity",
    },
  ],
  routes: [
    {
      path: "publicity",
      component: () => import("./PublicityPage.vue"),
      meta: { title: "宣传报道", permission: "view_publicity" },
    },
    {
      path: "publicity/figures",
      component: () => import("./FiguresPage.vue"),
      meta: { title: "宣传报道统计", permission: "view_publicity" },
    },
  ],
};
