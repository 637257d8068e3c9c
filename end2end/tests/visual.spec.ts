// How the main pages look: laid out as they were when somebody last looked at them and found them good. Photos and what the catalogue says
// are covered, so that another demo or model changes nothing here. After a change that is meant: `npm run snapshots`, look at them, commit them.
import { listings, photoQueries, pictureOf } from "../support/demo";
import { choosePicture, expect, live, open, pictureResults, test } from "../support/test";
import type { Page } from "@playwright/test";

const piece = listings.find((listing) => listing.photos.length > 1 && listing.status === "available")!;

/** What is the catalogue's, or the picture's, to say. */
const covered = [
  ".piece-title",
  ".piece-quiet",
  ".piece-price",
  ".filters-strip",
  ".suggested",
  ".listing-facts",
  ".crop",
  ".piece-band",
  ".browse",
  ".quiet-link",
  "img",
];

const pages: [string, (page: Page) => Promise<void>][] = [
  ["home", (page) => open(page, "/")],
  ["words", (page) => open(page, "/search?text=gold+ring")],
  [
    "picture",
    async (page) => {
      await open(page, "/");
      await choosePicture(page, pictureOf(photoQueries[0]));
      await pictureResults(page);
      await expect(page.locator(".tray")).toBeEmpty();
    },
  ],
  ["listing", (page) => open(page, `/listings/${piece.id}`)],
  ["nothing", (page) => open(page, "/search?price_min=999999")],
  ["camera", (page) => open(page, "/camera")],
  ["bench", (page) => open(page, "/bench")],
  ["about", (page) => open(page, "/about")],
];

async function still(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.waitForLoadState("networkidle");
  await page.mouse.move(0, 0);
}

for (const [name, go] of pages) {
  test(`${name} looks as it did`, async ({ page }) => {
    await go(page);
    await still(page);
    const mask = covered.map((selector) => page.locator(selector));
    await expect(page).toHaveScreenshot(`${name}.png`, { mask, maskColor: "#b8b2a6", animations: "disabled", maxDiffPixelRatio: 0.02 });
  });
}

test.describe("in the dark", () => {
  test.use({ colorScheme: "dark" });

  for (const name of ["home", "listing"]) {
    test(`${name} looks as it did`, async ({ page }) => {
      await page.goto(name === "home" ? "/" : `/listings/${piece.id}`);
      await live(page);
      await still(page);
      const mask = covered.map((selector) => page.locator(selector));
      await expect(page).toHaveScreenshot(`${name}-dark.png`, { mask, maskColor: "#4a463f", animations: "disabled", maxDiffPixelRatio: 0.02 });
    });
  }
});
