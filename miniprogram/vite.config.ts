import uniModule from "@dcloudio/vite-plugin-uni";
import { defineConfig } from "vite";
import { compress } from "./build/compress";
import { h5Roles } from "./build/h5-roles";
import { icons } from "./build/icons";
import { runtimePatches } from "./build/runtime-patches";

// The plugin is CommonJS: seen from an ES module its function is on `default`.
const uni = (uniModule as unknown as { default?: typeof uniModule }).default ?? uniModule;

export default defineConfig({
  plugins: [icons(), h5Roles(), uni(), runtimePatches(), compress()],
  // Optional chaining and the like are unknown to the engines of older phones.
  build: { target: "es2015" },
  server: {
    host: "127.0.0.1",
    port: 5174,
    strictPort: true,
    proxy: { "/api": "http://127.0.0.1:8000", "/files": "http://127.0.0.1:8000" },
  },
});
