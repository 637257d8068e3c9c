// The page in a real Chromium, at a desk's width and at a phone's. `npm test` needs VITRINE_BIN (the built server), CHROMIUM and
// LEPTOS_SITE_ROOT (the built page); ../scripts/test-steps.sh sets them. Or VITRINE_URL: a server that runs already.
import { defineConfig } from "@playwright/test";
import { browser } from "./support/browser";

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  snapshotPathTemplate: "{testDir}/../snapshots/{arg}-{projectName}{ext}",
  globalSetup: "./support/server.ts",
  fullyParallel: true,
  workers: 2,
  // A second try tells a fault from a busy machine. What needed it is listed as flaky at the end, and is a fault to be found, too.
  retries: 1,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  // No snapshots of the page in the trace: taking them fetches the page's blobs, which its Content-Security-Policy rightly blocks.
  use: { ...browser, trace: { mode: "retain-on-failure", snapshots: false }, screenshot: "only-on-failure" },
  projects: [
    { name: "desktop", use: { viewport: { width: 1440, height: 900 } } },
    { name: "phone", use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } },
  ],
});
