// Lighthouse on the main pages, as a phone on a slow connection sees them (Lighthouse's own default: an emulated mid-range phone, 150 ms
// and 1.6 Mbit/s, simulated). Prints a table; the full reports go into a folder. Each page is looked at several times, and the median kept.
//
//     node run.mjs URL FOLDER [TIMES]
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [url, folder, times = "3"] = process.argv.slice(2);
const require = createRequire(join(process.env.VITRINE_LIGHTHOUSE, "here.js"));
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const { default: lighthouse } = await load("lighthouse");
const { launch } = await load("chrome-launcher");
mkdirSync(folder, { recursive: true });

const first = (await (await fetch(`${url}/api/v1/search?limit=1`)).json()).hits[0].listing;
const pages = [
  ["home", "/"],
  ["results", "/search?text=emerald+ring"],
  ["shelf", "/search?category=ring"],
  ["piece", `/listings/${first.id}`],
  ["dealer", `/dealers/${first.dealer.id}`],
  ["about", "/about"],
];

const chrome = await launch({
  chromePath: process.env.CHROMIUM,
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"],
});
const middle = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const rows = [];
try {
  for (const [name, path] of pages) {
    const runs = [];
    for (let n = 0; n < Number(times); n++) {
      const result = await lighthouse(url + path, { port: chrome.port, output: ["html", "json"], logLevel: "error" });
      runs.push(result.lhr);
      writeFileSync(join(folder, `${name}.html`), result.report[0]);
      writeFileSync(join(folder, `${name}.json`), result.report[1]);
    }
    const score = (category) => Math.round(100 * middle(runs.map((run) => run.categories[category].score)));
    const audit = (id) => middle(runs.map((run) => run.audits[id].numericValue));
    rows.push({
      page: name,
      performance: score("performance"),
      accessibility: score("accessibility"),
      "best practices": score("best-practices"),
      SEO: score("seo"),
      "first paint": `${(audit("first-contentful-paint") / 1000).toFixed(1)} s`,
      "largest paint": `${(audit("largest-contentful-paint") / 1000).toFixed(1)} s`,
      blocked: `${Math.round(audit("total-blocking-time"))} ms`,
      shift: audit("cumulative-layout-shift").toFixed(3),
    });
    const found = Object.values(runs[0].audits).filter((audit) => audit.score !== null && audit.score < 0.9 && audit.scoreDisplayMode !== "informative");
    for (const audit of found) console.error(`    ${name}: ${audit.id}: ${audit.displayValue ?? audit.title}`);
  }
} finally {
  await chrome.kill();
}
const heads = Object.keys(rows[0]);
console.log(`| ${heads.join(" | ")} |\n|${heads.map(() => " --- ").join("|")}|`);
for (const row of rows) console.log(`| ${heads.map((head) => row[head]).join(" | ")} |`);
