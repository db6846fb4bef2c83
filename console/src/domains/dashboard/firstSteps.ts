import type { Component } from "vue";
import {
  HistoryIcon,
  CheckRectangleIcon,
  TreeRoundDotIcon,
  UserAddIcon,
  UserIcon,
  UsergroupAddIcon,
  UserSafetyIcon,
} from "tdesign-icons-vue-next";
import type { Permission } from "@/texts/permissions";

/** Something to begin with, for those who may do it. */
export interface FirstStep {
  permission?: Permission;
  title: string;
  note: string;
  to: string;
  icon: Component;
}

const MOST = 3;

/** The most fitting first; everybody may do the last. */
const STEPS: FirstStep[] = [
  {
    permission: "manage_campaigns",
    title: "新建投票活动",
    note: "选评比、定时间和规则。先存成草稿，公布以前随时能改。",
    to: "/campaigns/new",
    icon: CheckRectangleIcon,
  },
  {
    permission: "nominate",
    title: "看看正在征集的活动",
    note: "把本机构的人和成果推荐上去，卫健委审核通过后参评。",
    to: "/nominations",
    icon: UserAddIcon,
  },
  {
    permission: "manage_staff",
    title: "邀请同事",
    note: "填姓名和机构，把链接发给本人，密码由本人设。",
    to: "/staff/invite",
    icon: UsergroupAddIcon,
  },
  {
    permission: "secure_staff",
    title: "给同事授予角色",
    note: "角色决定能做什么，机构决定管到哪里。",
    to: "/staff",
    icon: UserSafetyIcon,
  },
  {
    permission: "read_audit",
    title: "查操作记录",
    note: "谁在什么时候做了什么，都能查到。",
    to: "/audit",
    icon: HistoryIcon,
  },
  {
    permission: "manage_organizations",
    title: "核对机构资料",
    note: "名称、地址和服务人口准确，统计才准确。",
    to: "/organizations",
    icon: TreeRoundDotIcon,
  },
  {
    title: "看看我的账号",
    note: "核对姓名和角色，管理登录的设备。",
    to: "/account",
    icon: UserIcon,
  },
];

export function firstSteps(may: (permission: Permission | undefined) => boolean): FirstStep[] {
  return STEPS.filter(({ permission }) => may(permission)).slice(0, MOST);
}
