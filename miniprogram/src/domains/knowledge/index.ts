import type { Domain } from "@/domains";
import { BROWSE_PAGE } from "./paths";

export const knowledge: Domain = {
  services: [{ icon: "book-open", title: (texts) => texts.knowledge.title, url: BROWSE_PAGE }],
};
