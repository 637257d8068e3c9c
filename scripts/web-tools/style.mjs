// Bundles style/main.css with what it imports into one minified file, for the browsers that Vitrine supports.
//
//     node style.mjs INPUT OUTPUT NODE_MODULES
//
// Run by scripts/build-web.sh; `cargo leptos` does the same with the Lightning CSS that it has built in.
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const [input, output, modules] = process.argv.slice(2);
const { bundle } = createRequire(join(modules, "here.js"))("lightningcss");

// The oldest versions with what the browser build itself needs (WebAssembly reference types, :has, subgrid).
const version = (major, minor = 0) => (major << 16) | (minor << 8);
const targets = { chrome: version(117), firefox: version(121), safari: version(16, 4), ios_saf: version(16, 4) };

try {
  const { code, warnings } = bundle({ filename: input, minify: true, targets });
  for (const warning of warnings) console.error(`${warning.loc?.filename ?? input}:${warning.loc?.line ?? 1}: ${warning.message}`);
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, code);
} catch (error) {
  const where = error.loc ? `${error.fileName ?? input}:${error.loc.line}:${error.loc.column}` : input;
  console.error(`${where}: ${error.message}`);
  process.exit(1);
}
