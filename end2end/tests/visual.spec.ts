// How the main pages look: laid out as they were when somebody last looked at them and found them good. Photos and what the catalogue says
// are covered, so that another demo or model changes nothing here. After a change that is meant: `npm run snapshots`, look at them, commit them.
import { listings, photoQueries, pictureOf } from "../support/demo";
import { expect, lookFor, open, test } from "../support/test";
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
  ["picture", (page) => lookFor(page, pictureOf(photoQueries[0]))],
  ["listing", (page) => open(page, `/listings/${piece.id}`)],
  ["nothing", (page) => open(page, "/search?price_min=999999")],
  ["camera", (page) => open(page, "/camera")],
  ["bench", (page) => open(page, "/bench")],
  ["about", (page) => open(page, "/about")],
];

/** Whether the page looks as it did under this name, with what is covered in this colour. */
async function looksAsItDid(page: Page, name: string, maskColor: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.waitForLoadState("networkidle");
  await page.mouse.move(0, 0);
  const mask = covered.map((selector) => page.locator(selector));
  await expect(page).toHaveScreenshot(`${name}.png`, { mask, maskColor, animations: "disabled", maxDiffPixelRatio: 0.02 });
}

for (const [name, go] of pages) {
  test(`${name} looks as it did`, async ({ page }) => {
    await go(page);
    await looksAsItDid(page, name, "#b8b2a6");
  });
}

test.describe("in the dark", () => {
  test.use({ colorScheme: "dark" });

  for (const [name, go] of pages.filter(([name]) => name === "home" || name === "listing")) {
    test(`${name} looks as it did`, async ({ page }) => {
      await go(page);
      await looksAsItDid(page, `${name}-dark`, "#4a463f");
    });
  }
});
