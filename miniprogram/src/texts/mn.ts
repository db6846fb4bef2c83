/**
 * What people read, in traditional Mongolian. Drafts by the developers: every text still awaits a
 * translator's eye. What is missing here is shown in Chinese.
 */

import { zh, type Texts } from "./zh";

export const mn: Texts = { ...zh };
