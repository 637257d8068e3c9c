// What somebody downloads who comes for the first time, as far as it lies in the built site: page code, style and fonts, compressed as
// they are sent. Fails where it is more than it may be.
//
//     node weigh.mjs SITE KILOBYTES
//
// The document itself (about 6 kB) and photos are made by the server; end2end/tests/first-load.spec.ts weighs the whole of it in a browser.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const [site, most] = [process.argv[2], Number(process.argv[3])];
/** What the aim is, in kilobytes of 1,000 bytes, for all of a first visit. */
const AIM = 200;

const pkg = readdirSync(join(site, "pkg"));
const one = (pattern) => {
  const found = pkg.filter((name) => pattern.test(name));
  if (found.length === 0) throw new Error(`there is no ${pattern} in ${join(site, "pkg")}`);
  return join("pkg", found[0]);
};
// Once each: the WebAssembly lies there under two names.
const files = [one(/_bg\.wasm$/), one(/\.js$/), one(/\.css$/), "favicon.svg", "manifest.webmanifest"];
files.push(...readdirSync(join(site, "fonts")).filter((name) => name.endsWith(".woff2")).map((name) => join("fonts", name)));

let sum = 0;
for (const name of files) {
  const compressed = join(site, `${name}.br`);
  const bytes = statSync(existsSync(compressed) ? compressed : join(site, name)).size;
  sum += bytes;
  console.log(`    ${String(bytes).padStart(8)}  ${name}`);
}
console.log(`    ${String(sum).padStart(8)}  altogether; at most ${most * 1000}, and the aim is ${AIM * 1000}`);
if (sum > most * 1000) {
  console.error(`    The first visit has become too heavy: ${sum} bytes, where ${most * 1000} are allowed (scripts/test-steps.sh).`);
  process.exit(1);
}
