import type { Schema } from "@/api/client";

export type Medium = Schema<"PublicityView">["medium"];
export type Level = Schema<"PublicityView">["level"];

export const MEDIA: Record<Medium, string> = {
  radio: "广播",
  television: "电视",
  press: "报刊",
  official_account: "公众号",
  website: "网站",
  short_video: "短视频",
  other: "其他",
};

export const MEDIA_LEVELS: Record<Level, string> = {
  national: "国家级",
  region: "自治区级",
  city: "盟市级",
  district: "旗县区级",
  institution: "本单位",
};
