/** The record of actions in words: the code's first part is what it was done to. */
export const AUDIT_ACTIONS: Record<string, string> = {
  "staff.created": "邀请人员",
  "staff.joined": "接受邀请",
  "staff.invited": "重新发出邀请",
  "staff.edited": "修改人员资料",
  "staff.disabled": "停用账号",
  "staff.enabled": "启用账号",
  "staff.locked": "账号被锁定",
  "staff.unlocked": "解锁账号",
  "staff.signed_in": "登录",
  "staff.signed_out": "退出登录",
  "staff.password_changed": "修改密码",
  "staff.password_reset": "重置密码",
  "staff.totp_reset": "重置动态码",
  "staff.role_granted": "授予角色",
  "staff.role_ended": "撤销角色",
  "organization.created": "新建机构",
  "organization.edited": "修改机构",
  "organization.moved": "调整上级机构",
  "organization.closed": "关闭机构",
  "organization.contact_seen": "查看联系电话",
};

export const AUDIT_OBJECTS: Record<string, string> = {
  staff: "人员",
  organization: "机构",
  campaign: "投票活动",
  entry: "参评对象",
  nomination: "推荐",
  file: "图片",
};
