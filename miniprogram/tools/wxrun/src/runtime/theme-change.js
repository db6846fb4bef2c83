import { runtime } from "./shared.js";
import { device } from "./wx/device-state.js";

/** Brings styles and bars in line with the theme, and tells the app when it follows themes. */
export function changeTheme() {
  const { theme, chosenTheme } = device;
  runtime.pages.sheets.follow(chosenTheme);
  for (const page of runtime.pages.open) page.followTheme();
  runtime.pages.dress();
  if (runtime.program.app.darkmode) runtime.application.changeTheme(theme);
}
