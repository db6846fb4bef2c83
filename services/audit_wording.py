"""What an exported trail calls roles, acts and objects; a code without words shows as it is."""

TITLE = "审计记录"
ROLE_NAMES = {
    "institution_staff": "机构人员",
    "institution_manager": "机构负责人",
    "department_reporter": "部门报送员",
    "district_officer": "旗县区经办",
    "district_manager": "旗县区负责人",
    "city_officer": "盟市经办",
    "region_officer": "自治区经办",
    "auditor": "审计员",
    "security_administrator": "安全管理员",
    "system_administrator": "系统管理员",
}
ACTIONS = {
    "audit.exported": "导出审计记录",
    "organization.closed": "撤销机构",
    "organization.contact_seen": "查看机构联系电话",
    "organization.created": "新建机构",
    "organization.edited": "修改机构",
    "organization.moved": "移动机构",
    "staff.created": "新建账号",
    "staff.disabled": "停用账号",
    "staff.edited": "修改账号",
    "staff.enabled": "恢复账号",
    "staff.invited": "重发邀请链接",
    "staff.joined": "接受邀请",
    "staff.locked": "连续输错被锁定",
    "staff.password_changed": "修改密码",
    "staff.password_reset": "发出重设密码链接",
    "staff.role_ended": "收回角色",
    "staff.role_granted": "授予角色",
    "staff.session_ended": "结束自己的另一处登录",
    "staff.signed_in": "登录",
    "staff.signed_out": "退出登录",
    "staff.totp_reset": "重置动态验证码",
    "staff.unlocked": "解除锁定",
}
OBJECT_TYPES = {
    "audit": TITLE,
    "campaign": "投票活动",
    "entry": "参评对象",
    "nomination": "推荐",
    "organization": "机构",
    "staff": "工作人员",
}


def role_name(role: str) -> str:
    return ROLE_NAMES.get(role, role)
