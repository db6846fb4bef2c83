/** WeChat's one-time messages: each yes of the person allows the server one message. */

import { post } from "@/api/client";
import { platform } from "@/platform";
import { getSettings } from "./settings";

const YES = new Set(["accept", "acceptWithAudio", "acceptWithAlert"]);

/**
 * Whether people can be asked to follow with this template, by its code. Know it before the button
 * is shown: WeChat asks only in a tap, and a tap does not outlast a request. Raises Problem.
 */
export async function canFollow(template: string): Promise<boolean> {
  return (await findTemplateId(template)) !== null;
}

/**
 * Asks the person, and tells the server what they answered; whether they agreed. Call it in a tap.
 *
 * Raises Problem; then no message will come.
 */
export async function askToFollow(template: string): Promise<boolean> {
  const templateId = await findTemplateId(template);
  if (templateId === null) return false;
  const result = (await platform.requestSubscriptions([templateId]))[templateId];
  if (result === undefined) return false;
  await post("/api/v1/me/subscriptions", { body: { choices: [{ template, result }] } });
  return YES.has(result);
}

async function findTemplateId(template: string): Promise<string | null> {
  if (!platform.hasSubscriptions) return null;
  const { message_templates: templates } = await getSettings();
  return templates.find(({ code }) => code === template)?.template_id ?? null;
}
