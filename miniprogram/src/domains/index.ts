/** What the shell shows of each domain. A new domain adds its file and one line here. */

import type { ICONS } from "../../build/icons";
import type { Texts } from "@/texts";
import { knowledge } from "./knowledge";
import { ledger } from "./ledger";
import { notices } from "./notices";
import { voting } from "./voting";

/** An entry among the services of the home page. */
export interface Service {
  icon: (typeof ICONS)[number];
  title: (texts: Texts) => string;
  /** A page, or a tab of the root page. */
  url: string;
}

export interface Domain {
  services: Service[];
}

export const domains: Domain[] = [knowledge, voting, notices, ledger];
