// Up to four photos of one and the same piece are one query.
import { photoQueries, pictureOf } from "../support/demo";
import { readSent } from "../support/sent";
import { choosePicture, expect, open, pictureResults, test, token } from "../support/test";
import type { Page } from "@playwright/test";

const files = photoQueries.filter((query) => query.kind === "snapshot").map(pictureOf);
const asks = "**/fn/find-by-picture*";
const another = (page: Page) => page.locator("#another");
const thumbs = (page: Page) => page.locator(".looked-thumb");

async function settled(page: Page, before: string | null): Promise<void> {
  await expect.poll(() => token(page)).not.toBe(before);
  await expect(page.locator(".results--pending")).toHaveCount(0);
}

test("another photo is searched with the first, and Back and Remove take it out again", async ({ page }) => {
  await open(page, "/");
  await choosePicture(page, files[0]);
  await pictureResults(page);
  const one = token(page);
  const asked = page.waitForRequest(asks);
  await another(page).setInputFiles(files[1]);
  expect(readSent(await asked).photos).toHaveLength(2);
  await settled(page, one);
  const two = token(page);
  await expect(page.getByRole("button", { name: "Photo 2 of 2" })).toHaveAttribute("aria-current", "true");
  await expect(page.getByText("Searched as photos of one and the same piece.")).toBeVisible();
  await page.goBack();
  await expect.poll(() => token(page)).toBe(one);
  await expect(thumbs(page)).toHaveCount(1);
  await page.goForward();
  await expect.poll(() => token(page)).toBe(two);
  await expect(thumbs(page)).toHaveCount(2);
  await page.getByRole("button", { name: "Remove photo 2" }).click();
  await settled(page, two);
  expect(token(page), "searched with the first alone, as before").toBe(one);
  await expect(thumbs(page)).toHaveCount(1);
});

test("there is room for four, chosen one by one or at once", async ({ page }) => {
  await open(page, "/");
  await choosePicture(page, files[0]);
  await pictureResults(page);
  let before = token(page);
  await another(page).setInputFiles(files.slice(1, 3));
  await settled(page, before);
  await expect(thumbs(page)).toHaveCount(3);
  before = token(page);
  await another(page).setInputFiles(files.slice(3, 6));
  await settled(page, before);
  await expect(thumbs(page)).toHaveCount(4);
  await expect(page.getByText("Add another photo")).toBeHidden();
  // The part of any of them can be chosen.
  await page.getByRole("button", { name: "Photo 2 of 4" }).click();
  await expect(page.getByRole("button", { name: "Photo 2 of 4" })).toHaveAttribute("aria-current", "true");
  before = token(page);
  const asked = page.waitForRequest(asks);
  await page.getByRole("application").focus();
  for (let n = 0; n < 5; n++) await page.keyboard.press("-");
  expect(readSent(await asked).photos).toHaveLength(4);
  await settled(page, before);
  await expect(page.getByRole("button", { name: "Photo 2 of 4" })).toHaveAttribute("aria-current", "true");
});

test.describe("a file that is no picture", () => {
  test.use({ expected: /Failed to load resource: the server responded with a status of 4\d\d/ });

  test("is refused with a reason, and the photos before it stay", async ({ page }) => {
    await open(page, "/");
    await choosePicture(page, files[0]);
    await pictureResults(page);
    const before = token(page);
    await another(page).setInputFiles({ name: "ring.jpg", mimeType: "image/jpeg", buffer: Buffer.from("not a picture at all") });
    await expect(page.locator(".tray")).toContainText("That file is not a picture we can read.");
    await expect(thumbs(page)).toHaveCount(1);
    expect(token(page)).toBe(before);
  });
});
