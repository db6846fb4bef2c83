// Runs before the first paint, so that nobody who works in the dark sees a white flash.
// src/shell/theme.ts changes the choice later.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem("sain.theme");
  } catch {
    // Storage may be switched off; the system's choice is a good one.
  }
  var isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  var theme = chosen === "light" || chosen === "dark" ? chosen : isDark ? "dark" : "light";
  document.documentElement.setAttribute("theme-mode", theme);
})();
