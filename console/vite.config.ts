import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";
import { compress } from "./build/compress.ts";

export default defineConfig({
  base: "/console/",
  plugins: [vue(), compress()],
  resolve: { alias: { "@": fileURLToPath(new URL("src", import.meta.url)) } },
  build: {
    // What government offices run: domestic browsers are some years behind Chromium.
    target: ["chrome100", "firefox115", "safari15.4"],
    // Fonts and pictures stay files: the content security policy allows no data: fonts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    reportCompressedSize: false,
  },
  server: {
    port: 5173,
    proxy: { "/api": "http://127.0.0.1:8000", "/files": "http://127.0.0.1:8000" },
  },
  test: {
    environment: "happy-dom",
    include: ["tests/**/*.test.ts"],
    env: { TZ: "America/New_York" },
  },
});
