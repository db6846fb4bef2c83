import type { Domain } from "@/domains";
import { BALLOTS_PAGE } from "./paths";

export const voting: Domain = {
  services: [
    {
      icon: "thumb-up",
      title: (texts) => texts.home.allContests,
      url: "/pages/index/index?tab=contests",
    },
    { icon: "file", title: (texts) => texts.ballots.title, url: BALLOTS_PAGE },
  ],
};
