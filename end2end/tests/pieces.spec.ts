// A piece, its dealer, and the pages around them.
import { listings } from "../support/demo";
import { expect, open, shownIds, test } from "../support/test";

const piece = listings.find((listing) => listing.photos.length > 1 && listing.price && listing.period && listing.status === "available")!;

test("a piece shows its photos, its facts and the pieces most like it", async ({ page }) => {
  await open(page, `/listings/${piece.id}`);
  await expect(page.getByRole("heading", { level: 1, name: piece.title })).toBeVisible();
  await expect(page.getByRole("link", { name: piece.dealer.name, exact: true })).toHaveAttribute("href", `/dealers/${piece.dealer.id}`);
  await expect(page.locator(".listing-price")).toContainText(piece.price!.amount.toLocaleString("en-GB"));
  await expect(page.locator(".details")).toContainText(piece.period!);
  const similar = await shownIds(page);
  expect(similar.length).toBeGreaterThanOrEqual(6);
  expect(similar).not.toContain(piece.id);
  const alike = similar.filter((id) => listings.find((listing) => listing.id === id)!.category === piece.category);
  expect(alike.length).toBeGreaterThanOrEqual(similar.length / 2);
  const product = JSON.parse((await page.locator('script[type="application/ld+json"]').textContent())!);
  expect(product).toMatchObject({ "@type": "Product", name: piece.title, sku: piece.id });
});

test("every photo is on a square mat with the piece whole", async ({ page }) => {
  await open(page, `/listings/${piece.id}`);
  for (const mat of await page.locator(".mat:visible").all()) {
    const box = (await mat.boundingBox())!;
    expect(Math.abs(box.width - box.height)).toBeLessThan(3);
  }
  for (const image of await page.locator(".piece img:visible:not(.mat-blur)").all()) {
    expect(await image.evaluate((image) => getComputedStyle(image).objectFit)).toBe("contain");
    expect(await image.getAttribute("alt")).toBeTruthy();
  }
});

test("a photo that was shown before stands there in a few pixels until it comes", async ({ page }) => {
  await open(page, `/listings/${piece.id}`);
  const first = page.locator(".piece").first();
  await first.scrollIntoViewIfNeeded();
  await expect.poll(() => first.locator("img:not(.mat-blur)").evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await page.route("/media/**", () => {});
  await page.goto(`/listings/${piece.id}`, { waitUntil: "domcontentloaded" });
  const blur = first.locator("img.mat-blur");
  await expect(blur).toHaveAttribute("aria-hidden", "true");
  await expect.poll(() => blur.evaluate((image: HTMLImageElement) => Math.max(image.naturalWidth, image.naturalHeight))).toBe(16);
  // It lies within the photo that will cover it.
  const [under, over] = await Promise.all([blur.boundingBox(), first.locator("img:not(.mat-blur)").boundingBox()]);
  expect(under!.x).toBeGreaterThan(over!.x);
  expect(under!.width).toBeLessThan(over!.width);
});

test("the photos are gone through by click and by arrow keys, and Back leaves the piece", async ({ page }) => {
  await open(page, "/");
  await page.goto("/search");
  await open(page, `/listings/${piece.id}`);
  const main = page.locator(".listing-photo img");
  const first = await main.getAttribute("src");
  await page.locator(".thumbs").getByRole("link", { name: "Photo 2 of" }).click();
  await expect(main).not.toHaveAttribute("src", first!);
  await expect(page.locator(".thumbs").getByRole("link", { name: "Photo 2 of" })).toHaveAttribute("aria-current", "true");
  await page.keyboard.press("ArrowLeft");
  await expect(main).toHaveAttribute("src", first!);
  await page.goBack();
  await expect(page).toHaveURL("/search");
});

test("from piece to piece, each page is that piece's own", async ({ page }) => {
  await open(page, `/listings/${piece.id}?photo=2`);
  const next = page.locator(".piece-link").first();
  const href = (await next.getAttribute("href"))!;
  const title = (await next.locator(".piece-title").textContent())!;
  await next.click();
  await expect(page).toHaveURL(href);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  await expect(page.locator(".thumbs").getByRole("link", { name: "Photo 1 of" })).toHaveAttribute("aria-current", "true");
  expect(await page.evaluate(() => window.scrollY)).toBe(0);
});

test("a dealer's page lists that dealer's pieces and no others", async ({ page }) => {
  const dealer = piece.dealer;
  await open(page, `/dealers/${dealer.id}`);
  await expect(page.getByRole("heading", { level: 1, name: dealer.name })).toBeVisible();
  const theirs = new Set(listings.filter((listing) => listing.dealer.id === dealer.id).map((listing) => listing.id));
  const shown = await shownIds(page);
  expect(shown.length).toBeGreaterThan(0);
  for (const id of shown) expect(theirs).toContain(id);
});

test("home offers what there is, newest first", async ({ page }) => {
  await open(page, "/");
  await expect(page.getByRole("heading", { level: 2, name: "Newest in the vitrine" })).toBeVisible();
  expect((await shownIds(page)).length).toBeGreaterThanOrEqual(10);
  await page.getByRole("navigation", { name: "Browse" }).getByRole("link", { name: "Rings", exact: true }).click();
  await expect(page).toHaveURL("/search?category=ring");
  await expect(page.getByRole("heading", { level: 1, name: "Rings" })).toBeVisible();
  for (const id of await shownIds(page)) expect(listings.find((listing) => listing.id === id)!.category).toBe("ring");
});

test("two columns on a phone, four to six on a desk, and nothing wider than the window", async ({ page, isMobile }) => {
  for (const address of ["/", "/search?text=ring", `/listings/${piece.id}`, "/about"]) {
    await open(page, address);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  }
  await open(page, "/search");
  const tops = await page.locator(".piece").evaluateAll((all) => all.map((piece) => Math.round(piece.getBoundingClientRect().top)));
  const columns = tops.filter((top) => top === tops[0]).length;
  if (isMobile) expect(columns).toBe(2);
  else expect([4, 5, 6]).toContain(columns);
});

test("the page does not move while it loads", async ({ page }) => {
  await page.addInitScript(() => {
    (window as any).moved = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as any[]) if (!entry.hadRecentInput) (window as any).moved += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  for (const address of ["/", "/search?text=ring", `/listings/${piece.id}`]) {
    await open(page, address);
    await page.waitForLoadState("networkidle");
    expect(await page.evaluate(() => (window as any).moved), address).toBeLessThan(0.02);
  }
});
