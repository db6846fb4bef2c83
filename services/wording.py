"""What spreadsheets call codes: the words people of a health commission use for them.

The console has the same words in its own texts; a test keeps every code here in words.
"""

KINDS = {
    "region_commission": "自治区卫健委",
    "city_commission": "盟市卫健委",
    "district_commission": "旗县区卫健委",
    "hospital": "医院",
    "tcm_clinic": "中医馆（蒙医馆）",
    "community_station": "社区卫生服务站",
    "village_clinic": "村卫生室",
    "school": "学校",
    "department": "相关部门",
}
STANDARDS = {"none": "未达标", "met": "达标", "raised": "达到提升标准"}
ROLES = {
    "institution_staff": "机构人员",
    "institution_manager": "机构负责人",
    "department_reporter": "部门报送员",
    "medical_reviewer": "医学审核员",
    "district_officer": "旗县区经办",
    "district_manager": "旗县区负责人",
    "city_officer": "盟市经办",
    "region_officer": "自治区经办",
    "auditor": "审计员",
    "security_administrator": "安全管理员",
    "system_administrator": "系统管理员",
}
DUTIES = {
    "business": "业务",
    "system_administrator": "系统管理",
    "security_administrator": "安全管理",
    "auditor": "审计",
}
ACCOUNT_STATUSES = {
    "invited": "已邀请",
    "active": "使用中",
    "locked": "已锁定",
    "disabled": "已停用",
}
