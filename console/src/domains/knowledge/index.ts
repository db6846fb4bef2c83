import {
  BookOpenIcon,
  BulletpointIcon,
  ChatMessageIcon,
  SwapIcon,
  TagIcon,
  TranslateIcon,
} from "tdesign-icons-vue-next";
import type { ConsoleDomain } from "@/domains";

export const domain: ConsoleDomain = {
  navigation: [
    {
      section: "健康知识",
      order: 10,
      title: "知识条目",
      to: "/knowledge",
      icon: BookOpenIcon,
      permission: "view_knowledge",
    },
    {
      section: "健康知识",
      order: 20,
      title: "读者反馈",
      to: "/knowledge/readers",
      icon: ChatMessageIcon,
      permission: "view_knowledge",
    },
    {
      section: "健康知识",
      order: 30,
      title: "药材标签",
      to: "/knowledge/labels",
      icon: TagIcon,
      permission: "view_knowledge",
    },
    {
      section: "健康知识",
      order: 40,
      title: "主题",
      to: "/knowledge/topics",
      icon: BulletpointIcon,
      permission: "manage_knowledge",
    },
    {
      section: "健康知识",
      order: 50,
      title: "同义词",
      to: "/knowledge/synonyms",
      icon: TranslateIcon,
      permission: "manage_knowledge",
    },
    {
      section: "健康知识",
      order: 60,
      title: "导入导出",
      to: "/knowledge/exchange",
      icon: SwapIcon,
      permission: "manage_knowledge",
    },
  ],
  routes: [
    {
      path: "knowledge",
      component: () => import("./KnowledgePage.vue"),
      meta: { title: "知识条目", permission: "view_knowledge" },
    },
    {
      path: "knowledge/new",
      component: () => import("./NewItemPage.vue"),
      meta: { title: "写一篇", permission: "write_knowledge" },
    },
    {
      path: "knowledge/:id(\\d+)",
      component: () => import("./ItemPage.vue"),
      meta: { title: "知识条目", permission: "view_knowledge" },
    },
    {
      path: "knowledge/readers",
      component: () => import("./ReadersPage.vue"),
      meta: { title: "读者反馈", permission: "view_knowledge" },
    },
    {
      path: "knowledge/labels",
      component: () => import("./LabelsPage.vue"),
      meta: { title: "药材标签", permission: "view_knowledge" },
    },
    {
      path: "knowledge/topics",
      component: () => import("./TopicsPage.vue"),
      meta: { title: "主题", permission: "manage_knowledge" },
    },
    {
      path: "knowledge/synonyms",
      component: () => import("./SynonymsPage.vue"),
      meta: { title: "同义词", permission: "manage_knowledge" },
    },
    {
      path: "knowledge/exchange",
      component: () => import("./ExchangePage.vue"),
      meta: { title: "导入导出", permission: "manage_knowledge" },
    },
  ],
};
