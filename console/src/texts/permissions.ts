import type { Schema } from "@/api/client";

export type Permission = Schema<"RoleTable">["permissions"][number];

/** What one may be allowed to do. The server decides; these are the words for it. */
export const PERMISSIONS: Record<Permission, string> = {
  view_dashboard: "看工作台",
  view_organizations: "看机构",
  edit_organization: "修改本机构资料",
  manage_organizations: "管理机构",
  view_staff: "看人员",
  manage_staff: "管理人员账号",
  secure_staff: "解锁账号、重置动态码",
  grant_roles: "授予角色",
  view_campaigns: "看投票活动",
  manage_campaigns: "管理投票活动",
  review_ballots: "审核待核选票",
  publish_results: "公布结果",
  see_hidden_standings: "看未公开的榜单",
  view_nominations: "看推荐",
  nominate: "推荐参评对象",
  review_nominations: "审核推荐",
  upload_files: "上传图片",
  manage_messages: "看微信消息、重新发送",
  read_audit: "查操作记录",
};

/** Under which heading each stands in a table of all of them. */
export const PERMISSION_GROUPS: Record<Permission, string> = {
  view_dashboard: "工作台",
  view_organizations: "机构",
  edit_organization: "机构",
  manage_organizations: "机构",
  view_staff: "人员",
  manage_staff: "人员",
  grant_roles: "人员",
  secure_staff: "人员",
  view_campaigns: "投票",
  manage_campaigns: "投票",
  review_ballots: "投票",
  see_hidden_standings: "投票",
  publish_results: "投票",
  view_nominations: "推荐",
  nominate: "推荐",
  review_nominations: "推荐",
  upload_files: "推荐",
  manage_messages: "监督",
  read_audit: "监督",
};
