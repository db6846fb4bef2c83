import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

// What the platforms draw themselves.
const BUILT_IN = new Set(["view", "text", "image", "button", "scroll-view", "canvas", "input"]);

export default defineConfig({
  plugins: [
    vue({ template: { compilerOptions: { isCustomElement: (tag) => BUILT_IN.has(tag) } } }),
  ],
  define: { "process.env.UNI_PLATFORM": JSON.stringify("h5") },
  resolve: { alias: { "@": fileURLToPath(new URL("src", import.meta.url)) } },
  test: {
    environment: "happy-dom",
    css: false,
    include: ["tests/**/*.test.ts"],
    setupFiles: ["tests/setup.ts"],
    env: { TZ: "America/New_York" },
  },
});
