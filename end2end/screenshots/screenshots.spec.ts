// docs/screenshots/: the pages as the README shows them, at both widths, light and dark.
import { join } from "node:path";
import { mkdirSync } from "node:fs";
import { photoQueries, pictureOf, root } from "../support/demo";
import { choosePicture, expect, live, open, pictureResults, test } from "../support/test";
import type { Page, TestInfo } from "@playwright/test";

const folder = join(root, "docs", "screenshots");
mkdirSync(folder, { recursive: true });

async function shoot(page: Page, info: TestInfo, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.waitForLoadState("networkidle");
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(folder, `${name}-${info.project.name}.jpg`), type: "jpeg", quality: info.project.name.startsWith("phone") ? 70 : 82 });
}

test("home", async ({ page }, info) => {
  await open(page, "/");
  await shoot(page, info, "home");
});

test("a picture's results, and its piece", async ({ page }, info) => {
  const query = photoQueries.find((query) => query.kind === "screenshot") ?? photoQueries[0];
  await open(page, "/");
  await choosePicture(page, pictureOf(query));
  await pictureResults(page);
  await expect(page.locator(".tray")).toBeEmpty();
  await shoot(page, info, "picture");
  await page.locator(".piece-link").first().click();
  await expect(page.locator(".listing-title")).toBeVisible();
  await shoot(page, info, "listing");
});

test("a description's results, narrowed", async ({ page }, info) => {
  await page.goto("/search?text=Art+Deco+emerald+ring%2C+geometric&category=ring&price_max=9000");
  await live(page);
  await shoot(page, info, "words");
});
