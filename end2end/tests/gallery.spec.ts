// A listing's page: its photos looked at closer, the same design apart from the similar, and matching on one thing.
import { listing, listings } from "../support/demo";
import { expect, open, shownIds, test } from "../support/test";

const piece = listings.find((listing) => listing.photos.length > 1 && listing.stones.length && listing.motifs.length && listing.status === "available")!;

test("a tap brings the photo closer where it was tapped, and another steps back", async ({ page, isMobile }) => {
  await open(page, `/listings/${piece.id}`);
  const mat = page.locator(".listing-photo");
  const box = (await mat.boundingBox())!;
  const corner = { position: { x: box.width * 0.9, y: box.height * 0.1 } };
  await (isMobile ? mat.tap(corner) : mat.click(corner));
  await expect(mat).toHaveClass(/listing-photo--closer/);
  await expect(page.getByText("press Escape, to step back")).toBeVisible();
  const image = (await page.locator(".listing-photo img").boundingBox())!;
  expect(image.width).toBeGreaterThan(box.width * 2);
  await expect.poll(() => mat.evaluate((mat) => mat.scrollLeft > mat.scrollTop)).toBe(true);
  expect((await mat.boundingBox())!.width).toBeCloseTo(box.width, 0);
  await (isMobile ? mat.tap() : mat.click());
  await expect(mat).not.toHaveClass(/listing-photo--closer/);
});

test("by keyboard: Enter comes closer, the arrows look around, Escape steps back and they go through the photos again", async ({ page }) => {
  await open(page, `/listings/${piece.id}`);
  const mat = page.locator(".listing-photo");
  await mat.getByRole("link").focus();
  await page.keyboard.press("Enter");
  await expect(mat).toHaveClass(/listing-photo--closer/);
  await expect.poll(() => mat.evaluate((mat) => mat.scrollLeft)).toBeGreaterThan(0);
  const before = await mat.evaluate((mat) => mat.scrollLeft);
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => mat.evaluate((mat) => mat.scrollLeft)).toBeGreaterThan(before);
  await expect(page).toHaveURL(`/listings/${piece.id}`);
  await page.keyboard.press("Escape");
  await expect(mat).not.toHaveClass(/listing-photo--closer/);
  await expect(mat.getByRole("link")).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(page).toHaveURL(/photo=2/);
});

test("another photo is first seen whole", async ({ page }) => {
  await open(page, `/listings/${piece.id}`);
  await page.locator(".listing-photo").click();
  await expect(page.locator(".listing-photo")).toHaveClass(/listing-photo--closer/);
  await page.getByRole("link", { name: "Photo 2 of" }).click();
  await expect(page.locator(".listing-photo")).not.toHaveClass(/listing-photo--closer/);
});

test("pieces of the same design stand apart from those that are similar", async ({ page, request }) => {
  await open(page, `/listings/${piece.id}`);
  const { hits } = await (await request.get(`/api/v1/listings/${piece.id}/similar?limit=12`)).json();
  const expected = (fits: (verdict: string) => boolean) => hits.filter((hit: any) => fits(hit.verdict)).map((hit: any) => hit.listing.id);
  for (const [heading, ids] of [
    ["The same design", expected((verdict) => verdict === "same_piece" || verdict === "same_design")],
    ["Similar by looks", expected((verdict) => verdict === "similar")],
  ] as const) {
    const section = page.getByRole("region", { name: heading, exact: true });
    if (ids.length === 0) await expect(section).toHaveCount(0);
    else {
      const links = await section.locator(".piece-link").evaluateAll((all) => all.map((link) => link.getAttribute("href")!.replace("/listings/", "")));
      expect(links).toEqual(ids);
    }
  }
});

test("matching on a stone finds pieces that look like this one and share it", async ({ page }) => {
  await open(page, `/listings/${piece.id}`);
  await page.locator(".match").getByRole("link", { name: piece.stones[0], exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`like=${piece.id}&stone=`));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Pieces like ${piece.title}`);
  await expect(page.locator(".piece").first()).toBeVisible();
  const found = await shownIds(page);
  expect(found, "it is what they are compared with").not.toContain(piece.id);
  for (const id of found) expect(listing(id).stones).toContain(piece.stones[0]);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("the photo is a link to its file, and matching is a link", async ({ page }) => {
    await page.goto(`/listings/${piece.id}`);
    const href = await page.locator(".listing-zoom").getAttribute("href");
    expect(href).toMatch(/^\/media\//);
    const answer = await page.request.get(href!);
    expect(answer.headers()["content-type"]).toMatch(/^image\//);
    await page.locator(".match").getByRole("link", { name: piece.metals[0], exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`like=${piece.id}&metal=`));
    for (const id of await shownIds(page)) expect(listing(id).metals).toContain(piece.metals[0]);
  });
});
