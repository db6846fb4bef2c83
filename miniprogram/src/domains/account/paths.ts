/** The addresses of this domain's pages. */

export const DATA_PAGE = "/pages-me/data/index";
export const DISPLAY_PAGE = "/pages-me/display/index";
export const POLICY_PAGE = "/pages-me/policy/index";
