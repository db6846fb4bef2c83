import vue from "eslint-plugin-vue";
import typescript from "typescript-eslint";

export default typescript.config(
  { ignores: ["dist", "tools", "src/api/schema.d.ts"] },
  ...typescript.configs.strict,
  ...vue.configs["flat/essential"],
  {
    files: ["**/*.vue"],
    languageOptions: { parserOptions: { parser: typescript.parser } },
    rules: {
      // The content security policy forbids style attributes and foreign markup.
      "vue/no-static-inline-styles": "error",
      "vue/no-v-html": "error",
      "vue/component-api-style": ["error", ["script-setup"]],
      "vue/no-unused-properties": "error",
      "vue/no-useless-v-bind": "error",
      "vue/prefer-true-attribute-shorthand": "error",
    },
  },
  {
    // uni-app takes a page's name from its folder.
    files: ["src/pages*/**/index.vue"],
    rules: { "vue/multi-word-component-names": "off" },
  },
  {
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-console": "error",
      "@typescript-eslint/no-dynamic-delete": "off",
    },
  },
);
