// Writes docs/screenshots/: `npm run screenshots`, with the same environment as `npm test`.
import { defineConfig } from "@playwright/test";
import { browser } from "./support/browser";

const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const desk = { viewport: { width: 1440, height: 900 } };

export default defineConfig({
  testDir: "screenshots",
  outputDir: "test-results/screenshots",
  globalSetup: "./support/server.ts",
  workers: 1,
  timeout: 120_000,
  reporter: [["list"]],
  use: browser,
  projects: [
    { name: "desktop-light", use: { ...desk, colorScheme: "light" } },
    { name: "desktop-dark", use: { ...desk, colorScheme: "dark" } },
    { name: "phone-light", use: { ...phone, colorScheme: "light" } },
    { name: "phone-dark", use: { ...phone, colorScheme: "dark" } },
  ],
});
