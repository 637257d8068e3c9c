// A slow mobile network: 400 kbit/s, and four tenths of a second to wherever. The page is used before all of it has come.
import { photoQueries, pictureOf } from "../support/demo";
import { expect, shownIds, test } from "../support/test";
import type { Page } from "@playwright/test";

const WAIT = { timeout: 60_000 };

async function slow(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 });
}

test("a picture chosen at once is looked for, small, and what goes on is said", async ({ page }) => {
  test.slow();
  await slow(page);
  await page.goto("/", { waitUntil: "commit" });
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const sent = page.waitForRequest("**/fn/find-by-picture*", WAIT);
  await page.locator("#picture").setInputFiles(pictureOf(photoQueries[0]));
  expect((await sent).postDataBuffer()!.length).toBeLessThan(80_000);
  await expect(page.locator(".tray")).toContainText(/Looking through \d+ pieces|Sending/);
  await expect(page.getByRole("heading", { level: 1, name: "Pieces like your picture" })).toBeVisible(WAIT);
  await expect(page.locator(".piece").first()).toBeVisible(WAIT);
  expect(await shownIds(page)).toContain(photoQueries[0].relevant[0]);
});

test("words are answered before the page's scripts have come, and the way back is there at once", async ({ page }) => {
  test.slow();
  await slow(page);
  await page.goto("/", { waitUntil: "commit" });
  await page.locator("#words").fill("emerald ring");
  await page.locator("#words").press("Enter");
  await expect(page).toHaveURL(/\/search\?text=emerald\+ring/, WAIT);
  await expect(page.locator(".piece").first()).toBeVisible(WAIT);
  await page.goBack({ waitUntil: "commit" });
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible(WAIT);
});
