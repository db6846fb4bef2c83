import type { Domain } from "@/domains";
import { NOTICES_PAGE } from "./paths";

export const notices: Domain = {
  services: [{ icon: "mail", title: (texts) => texts.notices.title, url: NOTICES_PAGE }],
};
