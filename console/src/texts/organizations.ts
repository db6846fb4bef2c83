import type { Schema } from "@/api/client";

export const ORGANIZATION_KINDS: Record<Schema<"OrganizationItem">["kind"], string> = {
  region_commission: "自治区卫健委",
  city_commission: "盟市卫健委",
  district_commission: "旗县区卫健委",
  hospital: "医院",
  tcm_clinic: "中医馆（蒙医馆）",
  community_station: "社区卫生服务站",
  village_clinic: "村卫生室",
  school: "学校",
  department: "相关部门",
};

export const STANDARDS: Record<Schema<"OrganizationItem">["standard"], string> = {
  none: "未达标",
  met: "达标",
  raised: "达到提升标准",
};
