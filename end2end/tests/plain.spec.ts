// With scripts off: everything but dropping and pasting.
import { listing, listings, photoQueries, pictureOf } from "../support/demo";
import { expect, shownIds, test } from "../support/test";

test.use({ javaScriptEnabled: false });

test("typed words, filters and paging are plain forms and links", async ({ page }) => {
  await page.goto("/");
  await page.locator("#words").fill("gold ring");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/search?text=gold+ring");
  const first = await shownIds(page);
  expect(first.length).toBe(24);
  await page.getByLabel("Category").selectOption("ring");
  await page.getByLabel("to £").fill("4000");
  await page.getByRole("button", { name: "Narrow" }).click();
  await expect(page).toHaveURL(/text=gold\+ring.*category=ring.*price_max=4000/);
  for (const id of await shownIds(page)) {
    const found = listing(id);
    expect(found.category).toBe("ring");
    expect(found.price!.amount).toBeLessThanOrEqual(4000);
  }
  await page.getByRole("link", { name: "Without Up to £4,000" }).click();
  await expect(page).not.toHaveURL(/price_max/);
  await page.goto("/search?text=gold+ring");
  await page.getByRole("link", { name: "Show more" }).click();
  await expect(page).toHaveURL(/offset=24/);
  const second = await shownIds(page);
  expect(second.length).toBeGreaterThan(0);
  expect(second.filter((id) => first.includes(id))).toEqual([]);
  await page.getByRole("link", { name: "Back to those before" }).click();
  await expect(page).not.toHaveURL(/offset=24/);
  expect(await shownIds(page)).toEqual(first);
});

test("a picture is sent by a plain form, and its page of results is a link", async ({ page }) => {
  const query = photoQueries[0];
  await page.goto("/");
  await expect(page.getByRole("button", { name: "Search with this picture" })).toBeHidden();
  await page.locator("#picture").setInputFiles(pictureOf(query));
  await page.getByRole("button", { name: "Search with this picture" }).click();
  await expect(page).toHaveURL(/\/search\?token=/);
  expect((await shownIds(page)).slice(0, 4)).toContain(query.relevant[0]);
});

test.describe("what cannot be read", () => {
  test.use({ expected: /responded with a status of 415/ });

  test("a picture that cannot be read is explained, with the right status", async ({ page }) => {
    await page.goto("/");
    await page.locator("#picture").setInputFiles({ name: "ring.jpg", mimeType: "image/jpeg", buffer: Buffer.from("a ring") });
    const answer = page.waitForResponse("**/search/photo");
    await page.getByRole("button", { name: "Search with this picture" }).click();
    expect((await answer).status()).toBe(415);
    await expect(page.getByText("not a JPEG, PNG or WebP")).toBeVisible();
    // The way on is the same form once more.
    await page.getByLabel("Another picture").setInputFiles(pictureOf(photoQueries[0]));
    await page.getByRole("button", { name: "Search with this picture" }).click();
    await expect(page).toHaveURL(/\/search\?token=/);
  });
});

test("a piece and its photos are plain links", async ({ page }) => {
  const piece = listings.find((listing) => listing.photos.length > 1)!;
  await page.goto(`/listings/${piece.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(piece.title);
  const main = page.locator(".listing-photo img");
  const first = await main.getAttribute("src");
  await page.getByRole("link", { name: "Photo 2 of" }).click();
  await expect(page).toHaveURL(/photo=2/);
  await expect(main).not.toHaveAttribute("src", first!);
});
