/** Leave to send one message in WeChat, asked in the tap that makes sense of it. */

import { post } from "@/api/client";
import { platform } from "@/platform";
import { getSettings } from "./settings";

/** Whether the person accepted one more message of this kind; raises Problem. */
export async function askToFollow(code: string): Promise<boolean> {
  const { message_templates: templates } = await getSettings();
  const template = templates.find((each) => each.code === code);
  if (!template) return false;
  const answers = await platform.requestSubscriptions([template.template_id]);
  const result = answers[template.template_id];
  if (!result) return false;
  await post("/api/v1/me/subscriptions", { body: { choices: [{ template: code, result }] } });
  return result.startsWith("accept");
}
