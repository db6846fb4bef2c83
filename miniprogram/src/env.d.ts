/// <reference types="vite/client" />

declare module "*.vue" {
  import type { DefineComponent } from "vue";

  const component: DefineComponent<object, object, unknown>;
  export default component;
}

declare module "virtual:icons.css" {}

/** Known to WeChat, missing in uni-app's types. */
interface Uni {
  readonly env: { readonly USER_DATA_PATH: string };
}

interface ImportMetaEnv {
  /** Where the WeChat build finds the server: https://… without a path. */
  readonly VITE_SITE_URL: string;
}
