// Makes a web page of a built WeChat mini-program, to be clicked through in Chromium.
//   node bundle.mjs <mp-weixin folder> <out folder> [--site https://the.origin.in.the.build]
import { parseArgs } from "node:util";
import { bundle } from "./src/build/bundle.mjs";
import { SourceError } from "./src/build/source.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { site: { type: "string" } },
});
const [folder, out] = positionals;
if (!folder || !out) {
  console.error("usage: node bundle.mjs <mp-weixin folder> <out folder> [--site https://…]");
  process.exit(2);
}
try {
  const { pages, components } = await bundle({ folder, out, site: values.site });
  console.log(`${out}: ${pages} pages, ${components} components`);
} catch (error) {
  if (!(error instanceof SourceError)) throw error;
  console.error(error.message);
  process.exit(1);
}
