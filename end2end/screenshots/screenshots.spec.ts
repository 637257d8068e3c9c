// docs/screenshots/: the pages as README.md and docs/TOUR.md show them, each at the width and in the light in which it is shown there.
import { join } from "node:path";
import { mkdirSync } from "node:fs";
import { ending, folderOf, lookedUp, photoOf, pieces } from "../support/bench";
import { listings, photoQueries, pictureOf, root } from "../support/demo";
import { tray } from "../support/tray";
import { expect, live, lookFor, open, test } from "../support/test";
import type { Page, TestInfo } from "@playwright/test";

const folder = join(root, "docs", "screenshots");
mkdirSync(folder, { recursive: true });

const SHOWN: Record<string, string[]> = {
  home: ["phone-light", "desktop-dark"],
  picture: ["desktop-light", "phone-light"],
  crop: ["phone-dark"],
  tray: ["phone-light"],
  words: ["desktop-light"],
  like: ["phone-light"],
  listing: ["desktop-light"],
  bench: ["desktop-light"],
  market: ["desktop-light"],
};

/** Whether some of these pictures are wanted at this width and in this light; else the test is passed over. */
function wanted(info: TestInfo, ...names: string[]): void {
  test.skip(!names.some((name) => SHOWN[name].includes(info.project.name)), "not shown");
}

async function shoot(page: Page, info: TestInfo, name: string): Promise<void> {
  if (!SHOWN[name].includes(info.project.name)) return;
  await page.evaluate(() => document.fonts.ready);
  await page.waitForLoadState("networkidle");
  // Smaller photos are made when they are first asked for.
  await page.waitForFunction(() =>
    [...document.images].every((image) => {
      const { top, bottom } = image.getBoundingClientRect();
      return bottom <= 0 || top >= innerHeight || (image.complete && image.naturalWidth > 0);
    }),
  );
  await page.evaluate(() => Promise.all([...document.images].filter((image) => image.complete).map((image) => image.decode().catch(() => {}))));
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(folder, `${name}-${info.project.name}.jpg`), type: "jpeg", quality: info.project.name.startsWith("phone") ? 68 : 80 });
}

test("home", async ({ page }, info) => {
  wanted(info, "home");
  await open(page, "/");
  await shoot(page, info, "home");
});

test("a picture's results, its crop box, the piece, and the like of it", async ({ page }, info) => {
  wanted(info, "picture", "crop", "listing", "like");
  const query = photoQueries.find((query) => query.kind === "screenshot") ?? photoQueries[0];
  await lookFor(page, pictureOf(query));
  await shoot(page, info, "picture");
  if (SHOWN.crop.includes(info.project.name)) {
    await page.getByRole("button", { name: "Choose the part" }).click();
    await shoot(page, info, "crop");
  }
  await page.locator(".piece-link").first().click();
  await expect(page.locator(".listing-title")).toBeVisible();
  await shoot(page, info, "listing");
  const piece = listings.find((listing) => listing.stones.length && listing.category === "earrings" && listing.status === "available")!;
  await open(page, `/search?like=${piece.id}`);
  await shoot(page, info, "like");
});

test("several pieces in one picture", async ({ page }, info) => {
  wanted(info, "tray");
  await lookFor(page, (await tray(page)).picture);
  await expect(page.locator(".crop-dot").first()).toBeVisible();
  await shoot(page, info, "tray");
});

test("a description's results, narrowed", async ({ page }, info) => {
  wanted(info, "words");
  await page.goto("/search?text=Art+Deco+emerald+ring%2C+geometric&category=ring&price_max=9000");
  await live(page);
  await shoot(page, info, "words");
});

test("the bench", async ({ page }, info) => {
  wanted(info, "bench");
  await open(page, "/bench");
  await page.locator("#bench-folder").setInputFiles(folderOf({ [`T-1${ending}`]: photoOf(pieces[0], 1), [`T-2${ending}`]: photoOf(pieces[1], 1) }));
  await lookedUp(page, 2);
  await page.locator(".bench-piece").first().scrollIntoViewIfNeeded();
  await shoot(page, info, "bench");
});

test("a dealer's market", async ({ page }, info) => {
  wanted(info, "market");
  await open(page, `/dealers/${listings[0].dealer.id}/market`);
  await expect(page.locator(".market-row").first()).toBeVisible();
  await shoot(page, info, "market");
});
