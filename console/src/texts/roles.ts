import type { Schema } from "@/api/client";

export const ROLES: Record<Schema<"GrantView">["role"], string> = {
  institution_staff: "机构人员",
  institution_manager: "机构负责人",
  department_reporter: "部门报送员",
  medical_reviewer: "医学审核员",
  district_officer: "旗县区经办",
  district_manager: "旗县区负责人",
  city_officer: "盟市经办",
  region_officer: "自治区经办",
  auditor: "审计员",
  security_administrator: "安全管理员",
  system_administrator: "系统管理员",
};

export const DUTIES: Record<Schema<"AccountView">["duty"], string> = {
  business: "业务",
  system_administrator: "系统管理",
  security_administrator: "安全管理",
  auditor: "审计",
};
