import { ORGANIZATION_KINDS, STANDARDS } from "./organizations";
import { formatMoment } from "./format";
import { DUTIES, ROLES } from "./roles";
import { ACCOUNT_STATUSES } from "./status";

/**
 * The record of actions in words: what a filter calls the action, and the sentence that tells it,
 * after the name of who acted. `{object}` is what it was done to; other blanks are values of the
 * record.
 */
interface ActionWords {
  label: string;
  sentence: string;
}

export const AUDIT_ACTIONS: Record<string, ActionWords> = {
  "staff.created": { label: "邀请人员", sentence: "邀请了{object}" },
  "staff.joined": { label: "接受邀请", sentence: "接受了邀请，设好了用户名和密码" },
  "staff.invited": { label: "重新发邀请链接", sentence: "给{object}重新发了邀请链接" },
  "staff.edited": { label: "修改人员资料", sentence: "修改了{object}的资料" },
  "staff.disabled": { label: "停用账号", sentence: "停用了{object}的账号" },
  "staff.enabled": { label: "启用账号", sentence: "启用了{object}的账号" },
  "staff.locked": { label: "账号被锁定", sentence: "连续输错，账号被锁定" },
  "staff.unlocked": { label: "解锁账号", sentence: "解锁了{object}的账号" },
  "staff.signed_in": { label: "登录", sentence: "登录了管理台" },
  "staff.signed_out": { label: "退出登录", sentence: "退出了登录" },
  "staff.session_ended": { label: "退出另一台设备", sentence: "退出了自己在另一台设备上的登录" },
  "staff.password_changed": { label: "修改密码", sentence: "修改了自己的密码" },
  "staff.password_reset": { label: "发重设密码链接", sentence: "给{object}发了重设密码的链接" },
  "staff.totp_reset": { label: "重置动态码", sentence: "重置了{object}的动态码" },
  "staff.role_granted": {
    label: "授予角色",
    sentence: "给{object}授予了角色：{role}（{organization}）",
  },
  "staff.role_ended": {
    label: "收回角色",
    sentence: "收回了{object}的角色：{role}（{organization}）",
  },
  "staff.exported": { label: "导出人员", sentence: "导出了人员名单" },
  "ballots.released": {
    label: "恢复选票计票",
    sentence: "恢复了{object}中 {ballots} 票的计票：{reason}",
  },
  "ballots.annulled": { label: "作废选票", sentence: "作废了{object}中的 {ballots} 票：{reason}" },
  "ballots.quarantined": {
    label: "把选票列入待核",
    sentence: "把{object}中的 {ballots} 票列入待核：{reason}",
  },
  "ballots.dismissed": { label: "忽略选票线索", sentence: "忽略了{object}的一条线索：{reason}" },
  "objection.answered": { label: "答复异议", sentence: "答复了{object}的一条异议" },
  "campaign.screening_changed": {
    label: "修改防刷票设置",
    sentence: "修改了{object}的防刷票设置",
  },
  "campaign.farms_searched": { label: "查找刷票线索", sentence: "在{object}中查找了刷票线索" },
  "organization.created": { label: "新建机构", sentence: "新建了{object}" },
  "organization.edited": { label: "修改机构", sentence: "修改了{object}的资料" },
  "organization.moved": { label: "移动机构", sentence: "把{object}移到了“{parent}”下面" },
  "organization.closed": { label: "撤销机构", sentence: "撤销了{object}" },
  "organization.contact_seen": { label: "查看联系电话", sentence: "查看了{object}的联系电话" },
  "organization.exported": { label: "导出机构", sentence: "导出了机构名单" },
  "organization.imported": { label: "导入机构", sentence: "用表格导入了机构" },
  "campaign.created": { label: "新建投票活动", sentence: "新建了投票活动{object}" },
  "campaign.edited": { label: "修改投票活动", sentence: "修改了投票活动{object}" },
  "campaign.deleted": { label: "删除投票活动", sentence: "删除了投票活动{object}" },
  "campaign.announced": { label: "发布投票活动", sentence: "发布了投票活动{object}" },
  "campaign.retracted": { label: "撤回投票活动", sentence: "撤回了投票活动{object}，改回草稿" },
  "campaign.opened": { label: "开始投票", sentence: "开始了投票活动{object}" },
  "campaign.extended": { label: "延长投票", sentence: "延长了投票活动{object}，到 {closes_at}" },
  "campaign.code_made": { label: "生成小程序码", sentence: "生成了{object}的小程序码" },
  "entry.exported": { label: "导出参评对象", sentence: "导出了{object}" },
  "campaign.suspended": { label: "暂停投票", sentence: "暂停了投票活动{object}" },
  "campaign.resumed": { label: "恢复投票", sentence: "恢复了投票活动{object}" },
  "campaign.closed": { label: "结束投票", sentence: "提前结束了投票活动{object}" },
  "campaign.result_published": { label: "公布结果", sentence: "公布了投票活动{object}的结果" },
  "campaign.figures_exported": { label: "导出投票数据", sentence: "导出了投票活动{object}的数据" },
  "entry.added": { label: "添加参评对象", sentence: "添加了参评对象{object}" },
  "entry.edited": { label: "修改参评对象", sentence: "修改了参评对象{object}" },
  "entry.withdrawn": { label: "退出参评", sentence: "让参评对象{object}退出了参评" },
  "entry.deleted": { label: "删除参评对象", sentence: "删除了参评对象{object}" },
  "nomination.created": { label: "起草推荐", sentence: "起草了推荐{object}" },
  "nomination.edited": { label: "修改推荐", sentence: "修改了推荐{object}" },
  "nomination.deleted": { label: "删除推荐", sentence: "删除了推荐{object}" },
  "nomination.submitted": { label: "提交推荐", sentence: "提交了推荐{object}" },
  "nomination.recalled": { label: "收回推荐", sentence: "收回了提交的推荐{object}" },
  "nomination.returned": { label: "退回推荐", sentence: "退回了推荐{object}" },
  "nomination.approved": { label: "通过推荐", sentence: "通过了推荐{object}" },
  "knowledge.created": { label: "新建健康知识", sentence: "新建了健康知识{object}" },
  "knowledge.edited": { label: "修改健康知识", sentence: "修改了健康知识{object}" },
  "knowledge.deleted": { label: "删除健康知识", sentence: "删除了健康知识{object}" },
  "knowledge.settings_changed": {
    label: "修改健康知识的设置",
    sentence: "修改了健康知识{object}的设置",
  },
  "knowledge.submitted": { label: "提交健康知识", sentence: "提交了健康知识{object}，等待审核" },
  "knowledge.recalled": { label: "撤回健康知识", sentence: "撤回了送审的健康知识{object}" },
  "knowledge.returned": { label: "退回健康知识", sentence: "退回了健康知识{object}" },
  "knowledge.approved": { label: "通过医学审核", sentence: "审核通过了健康知识{object}" },
  "knowledge.published": { label: "发布健康知识", sentence: "发布了健康知识{object}" },
  "knowledge.scheduled": { label: "定时发布", sentence: "定时发布健康知识{object}：{publish_at}" },
  "knowledge.unscheduled": { label: "取消定时发布", sentence: "取消了{object}的定时发布" },
  "knowledge.withdrawn": { label: "下架健康知识", sentence: "下架了健康知识{object}" },
  "knowledge.review_confirmed": {
    label: "复审健康知识",
    sentence: "复审了健康知识{object}，内容不变",
  },
  "knowledge.restored": { label: "恢复旧版本", sentence: "恢复了健康知识{object}的旧版本" },
  "knowledge.samples_loaded": {
    label: "载入示例",
    sentence: "给{object}载入了 {items} 条示例",
  },
  "knowledge.report_answered": {
    label: "答复读者报错",
    sentence: "答复了读者对{object}的报错",
  },
  "knowledge.comment_shown": { label: "公开评论", sentence: "公开了{object}下的一条评论" },
  "knowledge.comment_rejected": { label: "不公开评论", sentence: "没有公开{object}下的一条评论" },
  "knowledge.contribution_accepted": { label: "采用市民投稿", sentence: "采用了市民投稿{object}" },
  "knowledge.contribution_declined": {
    label: "不采用市民投稿",
    sentence: "没有采用市民投稿{object}",
  },
  "knowledge.topic_added": { label: "添加主题", sentence: "添加了主题{object}" },
  "knowledge.topic_edited": { label: "修改主题", sentence: "修改了主题{object}" },
  "knowledge.topic_deleted": { label: "删除主题", sentence: "删除了主题{object}" },
  "knowledge.synonyms_created": { label: "添加同义词", sentence: "添加了同义词{object}" },
  "knowledge.synonyms_changed": { label: "修改同义词", sentence: "把同义词改成了{object}" },
  "knowledge.synonyms_deleted": { label: "删除同义词", sentence: "删除了同义词{object}" },
  "proposal.made": { label: "提请", sentence: "提请了{object}" },
  "proposal.approved": { label: "同意提请", sentence: "同意了{proposed_by}的提请：{object}" },
  "proposal.declined": { label: "不同意提请", sentence: "没有同意{proposed_by}的提请：{object}" },
  "proposal.withdrawn": { label: "撤回提请", sentence: "撤回了自己的提请：{object}" },
  "proposal.lapsed": {
    label: "提请失效",
    sentence: "确认了{proposed_by}的提请：{object}，但已经不能执行",
  },
  "knowledge.archived": { label: "打包导出健康知识", sentence: "打包导出了健康知识" },
  "knowledge.exported": { label: "导出健康知识", sentence: "导出了健康知识" },
  "knowledge.imported": { label: "导入健康知识", sentence: "给{object}导入了健康知识" },
  "publicity.recorded": { label: "登记宣传报道", sentence: "登记了宣传报道{object}" },
  "publicity.edited": { label: "修改宣传报道", sentence: "修改了宣传报道{object}" },
  "publicity.deleted": { label: "删除宣传报道", sentence: "删除了宣传报道{object}" },
  "publicity.confirmed": { label: "确认宣传报道", sentence: "确认了宣传报道{object}" },
  "publicity.returned": {
    label: "退回宣传报道",
    sentence: "退回了宣传报道{object}：{reason}",
  },
  "publicity.exported": { label: "导出宣传报道", sentence: "导出了宣传报道" },
  "publicity.figures_exported": { label: "导出宣传报道统计", sentence: "导出了宣传报道统计" },
  "citizen.erased": { label: "注销市民账号", sentence: "删除了{object}的个人信息" },
  "message.retried": { label: "重新发送消息", sentence: "重新发送了微信消息{object}" },
  "ledger.loss_accepted": {
    label: "接受账本丢失",
    sentence: "接受了公开账本丢失一段，从现有处继续封存",
  },
  "audit.exported": { label: "导出操作记录", sentence: "导出了操作记录" },
};

export const AUDIT_OBJECTS: Record<string, string> = {
  staff: "人员",
  organization: "机构",
  campaign: "投票活动",
  entry: "参评对象",
  nomination: "推荐",
  contribution: "市民投稿",
  knowledge: "健康知识",
  topic: "主题",
  proposal: "提请",
  publicity: "宣传报道",
  synonyms: "同义词",
  citizen: "市民账号",
  message: "微信消息",
  ledger: "公开账本",
  list: "名单",
  audit: "操作记录",
};

/** What the values before and after are called. */
const FIELDS: Record<string, string> = {
  accounts: "停用的账号数",
  action: "操作",
  address: "地址",
  annulments_alone: "单人一次可作废票数",
  are_comments_open: "开放评论",
  attempts: "发送次数",
  ballot_ids: "选票编号",
  ballots: "选票数",
  ballots_in_all: "总共可投",
  ballots_per_day: "每天可投",
  ballots_per_entry_per_day: "每天给同一对象可投",
  cause: "起因",
  changes: "改动",
  closes_at: "截止时间",
  closes_at_before: "原定截止时间",
  code: "编号",
  contact_name: "联系人",
  contact_phone: "联系电话",
  contest_code: "比赛",
  duty: "职责",
  entry_id: "参评对象编号",
  errcode: "微信错误码",
  filters: "筛选条件",
  group_id: "批次编号",
  introduction: "介绍",
  introduction_mn: "蒙古文介绍",
  is_closed: "已撤销",
  kind: "类型",
  latitude: "纬度",
  longitude: "经度",
  name: "名称",
  name_mn: "蒙古文名称",
  nominations_close_at: "推荐截止时间",
  notice: "公告",
  number: "编号",
  object_id: "对象编号",
  object_type: "对象类型",
  opens_at: "开始时间",
  organization: "机构",
  organization_id: "机构编号",
  organizations: "撤销的机构数",
  parent: "上级",
  phone_required: "要验证手机号",
  population: "服务人口",
  portrait_id: "图片编号",
  position: "次序",
  proposed_by: "提请人",
  publish_at: "定时发布时间",
  q: "搜索词",
  quarter: "季度",
  reason: "原因",
  records: "记录数",
  refusal: "不能执行的原因",
  remarks: "审核批注数",
  restored_from: "恢复自版本",
  review_again_on: "下次复审日期",
  role: "角色",
  rows: "行数",
  since: "从",
  staff_id: "人员编号",
  standard: "达标情况",
  standings: "名次",
  standings_delay_minutes: "榜单延迟（分钟）",
  standings_freeze_minutes: "封榜（分钟）",
  standings_mode: "榜单公开方式",
  statement: "事迹",
  statement_mn: "蒙古文事迹",
  status: "状态",
  title: "标题",
  title_mn: "蒙古文标题",
  total_votes: "总票数",
  until: "到",
};

const CODES: Record<string, Readonly<Record<string, string>>> = {
  contact_phone: { "(changed)": "已修改，内容不记录" },
  q: { "(given)": "有，内容不记录" },
  action: labelsOf(AUDIT_ACTIONS),
  cause: { asked: "本人注销", wechat_revoked: "在微信撤回授权", wechat_closed: "注销了微信" },
  duty: DUTIES,
  kind: ORGANIZATION_KINDS,
  object_type: AUDIT_OBJECTS,
  role: ROLES,
  status: labelsOf(ACCOUNT_STATUSES),
  standard: STANDARDS,
  standings_mode: {
    live: "实时公开",
    delayed: "延时公开",
    ranks_only: "只公开名次",
    hidden: "结束后公开",
  },
};

function labelsOf(words: Record<string, { label: string }>): Record<string, string> {
  return Object.fromEntries(Object.entries(words).map(([code, { label }]) => [code, label]));
}

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

export function fieldWord(field: string): string {
  return FIELDS[field] ?? "其他内容";
}

/** A value of a record as a person reads it. */
export function valueWord(field: string, value: unknown): string {
  if (value === null || value === undefined || value === "") return "（空）";
  if (typeof value === "boolean") return value ? "是" : "否";
  if (Array.isArray(value)) return value.map((each) => valueWord(field, each)).join("\n");
  if (typeof value === "object") return partsOf(value as Record<string, unknown>);
  const text = String(value);
  if (MOMENT.test(text)) return formatMoment(text);
  return CODES[field]?.[text] ?? text;
}

function partsOf(value: Record<string, unknown>): string {
  if ("rank" in value && "entry" in value) {
    return `第 ${value["rank"]} 名 ${value["entry"]}（${value["votes"]} 票）`;
  }
  const pairs = Object.entries(value).filter(([, each]) => each !== null);
  return pairs.map(([name, each]) => `${fieldWord(name)}：${valueWord(name, each)}`).join("；");
}
