import { confirmAction } from "@/components/confirm";
import { toast } from "@/components/toasts";
import { formatNumber } from "@/texts/format";
import { close, previewClosing } from "./requests";
import type { Organization } from "./rules";

/** Says what closing takes along, asks, and closes; true when it was done. */
export async function closeAfterAsking(organization: Organization): Promise<boolean> {
  const { organizations, accounts, campaigns } = await previewClosing(organization.id);
  if (campaigns) {
    const words = `这里还有 ${formatNumber(campaigns)} 个投票活动没有结束，结束以后才能撤销`;
    toast(words, "danger");
    return false;
  }
  return confirmAction({
    title: `撤销“${organization.name}”`,
    consequence: describe(organizations - 1, accounts),
    action: "撤销机构",
    isDangerous: true,
    reason: "例如：与某某卫生院合并。原因会写进操作记录。",
    typedName: organization.name,
    run: ({ reason }) => close(organization, reason),
  });
}

function describe(below: number, accounts: number): string {
  const parts = [
    below ? `下级的 ${formatNumber(below)} 个机构会一起撤销` : "",
    accounts ? `${formatNumber(accounts)} 个人员账号会停用、马上退出登录` : "",
    "在这里担任的角色会全部收回",
  ];
  return `${parts.filter(Boolean).join("，")}。已有的投票和记录保留。撤销以后不能恢复。`;
}
