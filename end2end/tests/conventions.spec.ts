// What the web expects of a site: addresses of its own, link previews, an app to install and to share to, paper.
import { listings } from "../support/demo";
import { expect, open, test } from "../support/test";

const piece = listings.find((listing) => listing.photos.length > 1 && listing.price && listing.status === "available")!;

test("every page says which address is its own, wherever the reader goes from there", async ({ page, baseURL }) => {
  const own = () => page.locator("link[rel=canonical]").getAttribute("href");
  await open(page, `/listings/${piece.id}?photo=2&utm_source=post`);
  expect(await own()).toBe(`${baseURL}/listings/${piece.id}`);
  await page.getByRole("link", { name: piece.dealer.name, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(piece.dealer.name);
  await expect.poll(own).toBe(`${baseURL}/dealers/${piece.dealer.id}`);
  await page.goto("/search?text=ring");
  expect(await own()).toBe(`${baseURL}/search?text=ring`);
});

test("a link to a piece can be shown with its name and its picture", async ({ page, baseURL }) => {
  await page.goto(`/listings/${piece.id}`);
  const said = (property: string) => page.locator(`meta[property="${property}"]`).getAttribute("content");
  expect(await said("og:title")).toBe(piece.title);
  expect(await said("og:site_name")).toBe("Vitrine");
  const picture = (await said("og:image"))!;
  expect(picture).toContain(`${baseURL}/media/`);
  expect((await page.request.get(picture)).headers()["content-type"]).toMatch(/^image\//);
  const product = JSON.parse((await page.locator('script[type="application/ld+json"]').textContent())!);
  expect(product.image[0]).toBe(picture);
  expect(product.offers).toMatchObject({ "@type": "Offer", priceCurrency: piece.price!.currency });
});

test("the app can be installed, and screenshots shared to it", async ({ page }) => {
  await open(page, "/");
  const address = (await page.locator("link[rel=manifest]").getAttribute("href"))!;
  const manifest = await (await page.request.get(address)).json();
  for (const icon of manifest.icons) {
    const answer = await page.request.get(icon.src);
    expect(answer.status(), icon.src).toBe(200);
    expect(answer.headers()["content-type"]).toBe(icon.type);
  }
  expect(manifest.share_target).toMatchObject({ action: "/search/photo", method: "POST", params: { files: [{ name: "photo" }] } });
  const session = await page.context().newCDPSession(page);
  expect((await session.send("Page.getAppManifest")).errors).toEqual([]);
});

test("search engines are told what to read", async ({ page, baseURL }) => {
  const robots = await (await page.request.get("/robots.txt")).text();
  expect(robots).toContain(`Sitemap: ${baseURL}/sitemap.xml`);
  const map = await (await page.request.get("/sitemap.xml")).text();
  expect(map).toContain(`<loc>${baseURL}/listings/${piece.id}</loc>`);
  await page.goto("/search?text=ring");
  await expect(page.locator('meta[name="robots"]')).toHaveAttribute("content", "noindex");
  expect(map).toContain(`<loc>${baseURL}/search?category=ring</loc>`);
  await page.goto("/search?category=ring");
  await expect(page.locator('meta[name="robots"]')).toHaveAttribute("content", "all");
});

test("a piece is printed without what is there to be pressed", async ({ page, isMobile }) => {
  test.skip(isMobile, "one sheet of paper is as wide as another");
  await open(page, `/listings/${piece.id}`);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator(".listing-photo img")).toBeVisible();
  for (const hidden of [".seek", ".thumbs", ".footer nav", ".section"]) await expect(page.locator(hidden).first()).toBeHidden();
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(255, 255, 255)");
});
