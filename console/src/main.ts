import "tdesign-vue-next/es/style/index.css";
import "@/styles/tokens.css";
import "@/styles/base.css";
import { createApp } from "vue";
import App from "./App.vue";
import { router } from "./router";
import { guardRequests } from "./session/lock";
import { applyTheme } from "./shell/theme";

applyTheme();
guardRequests();
createApp(App).use(router).mount("#app");
