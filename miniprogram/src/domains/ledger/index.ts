import type { Domain } from "@/domains";
import { VERIFY_PAGE } from "./paths";

export const ledger: Domain = {
  services: [{ icon: "secured", title: (texts) => texts.me.verify, url: VERIFY_PAGE }],
};
