import { computed, ref, watchEffect } from "vue";

/** Light, dark, or as the system says. public/theme.js applies the choice before the first paint. */

export type ThemeChoice = "light" | "dark" | "system";

const KEY = "sain.theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const isSystemDark = ref(system.matches);
system.addEventListener("change", (event) => (isSystemDark.value = event.matches));

export const themeChoice = ref<ThemeChoice>(readChoice());

export const isDark = computed(() =>
  themeChoice.value === "system" ? isSystemDark.value : themeChoice.value === "dark",
);

export function chooseTheme(choice: ThemeChoice): void {
  themeChoice.value = choice;
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // Then the choice lasts until the page goes.
  }
}

export function applyTheme(): void {
  watchEffect(() => {
    document.documentElement.setAttribute("theme-mode", isDark.value ? "dark" : "light");
  });
}

function readChoice(): ThemeChoice {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : "system";
  } catch {
    return "system";
  }
}
