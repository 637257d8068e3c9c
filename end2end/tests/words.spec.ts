// Words find pieces; filters narrow; paging and Back keep their place.
import { listings, queries } from "../support/demo";
import { expect, live, open, shownIds, test } from "../support/test";

const described = queries.filter((query) => query.text && query.photos.length === 0);

test("a typed description puts pieces like it on the page", async ({ page }) => {
  await open(page, "/");
  await page.getByLabel("Describe the piece you are looking for").fill("emerald ring");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/search?text=emerald+ring");
  await expect(page.getByRole("heading", { level: 1, name: "emerald ring" })).toBeVisible();
  const first = (await shownIds(page)).slice(0, 10).map((id) => listings.find((listing) => listing.id === id)!);
  expect(first.filter((listing) => listing.category === "ring").length).toBeGreaterThanOrEqual(7);
  expect(first.filter((listing) => listing.stones.includes("emerald")).length).toBeGreaterThanOrEqual(5);
});

test("a description of a piece finds that piece", async ({ page }) => {
  // Without described queries in the demo, a piece's own title has to do.
  const asked = described.length
    ? described.slice(0, 4).map((query) => ({ text: query.text!, relevant: query.relevant }))
    : listings.slice(0, 4).map((listing) => ({ text: listing.title, relevant: listings.filter((other) => other.title === listing.title).map((other) => other.id) }));
  let found = 0;
  for (const { text, relevant } of asked) {
    await page.goto(`/search?text=${encodeURIComponent(text)}`);
    const shown = await shownIds(page);
    if (relevant.some((id) => shown.includes(id))) found += 1;
  }
  expect(found).toBeGreaterThanOrEqual(asked.length - 1);
});

test("everyday words are taken at their meaning", async ({ page }) => {
  const antique = ["Georgian", "Victorian", "Art Nouveau", "Edwardian"];
  const meant = listings.filter((each) => each.category === "brooch" && antique.includes(each.period ?? "") && each.metals.some((metal) => metal === "yellow gold" || metal === "rose gold") && each.status !== "sold");
  expect(meant.length).toBeGreaterThanOrEqual(4);
  await open(page, "/search?text=looking+for+an+old+gold+pin");
  const first = (await shownIds(page)).slice(0, Math.min(meant.length, 8));
  for (const id of first) expect(meant.map((each) => each.id)).toContain(id);
});

test("what words were read as is said, and one tap takes them as they are", async ({ page }) => {
  await open(page, "/search?text=antique+brooch");
  const understood = await shownIds(page);
  await expect(page.locator(".results-read")).toContainText("Read as: Georgian, Victorian, Art Nouveau or Edwardian · brooch.");
  await page.getByRole("link", { name: "Take the words as they are" }).click();
  await expect(page).toHaveURL("/search?text=antique+brooch&literal=1");
  await expect(page.locator(".results-read")).toContainText("Your words are taken as they are.");
  await page.getByRole("link", { name: "Read them for what they mean" }).click();
  await expect(page).toHaveURL("/search?text=antique+brooch");
  expect(await shownIds(page)).toEqual(understood);
  // Nothing of this is a word of the catalogue's: there is nothing to say.
  await open(page, "/search?text=hallmarked+Chester");
  await expect(page.locator(".results-read")).toHaveCount(0);
});

test("a filter narrows, its chip says so and undoes it", async ({ page }) => {
  await open(page, "/search?text=gold");
  const before = await shownIds(page);
  await page.getByLabel("Category").selectOption("ring");
  await expect(page).toHaveURL(/category=ring/);
  const chip = page.getByRole("link", { name: "Without Rings" });
  await expect(chip).toBeVisible();
  const narrowed = await shownIds(page);
  expect(narrowed.length).toBeGreaterThan(0);
  for (const id of narrowed) expect(listings.find((listing) => listing.id === id)!.category).toBe("ring");
  await chip.click();
  await expect(page).toHaveURL("/search?text=gold");
  await expect(page.getByRole("link", { name: "Without Rings" })).toHaveCount(0);
  expect(await shownIds(page)).toEqual(before);
});

test("prices narrow together with a period", async ({ page }) => {
  await open(page, "/search");
  await page.getByLabel("Period").selectOption("Art Deco");
  await expect(page).toHaveURL(/period=Art\+Deco/);
  await page.getByLabel("to £").fill("3000");
  await page.getByLabel("to £").blur();
  await expect(page).toHaveURL(/price_max=3000/);
  await expect(page.getByRole("link", { name: "Without Up to £3,000" })).toBeVisible();
  for (const id of await shownIds(page)) {
    const listing = listings.find((listing) => listing.id === id)!;
    expect(listing.period).toBe("Art Deco");
    expect(listing.price!.amount).toBeLessThanOrEqual(3000);
  }
});

test("filters that nothing passes say so, and lead on", async ({ page }) => {
  await open(page, "/search?price_min=999999");
  await expect(page.getByText("No piece passes all of these filters.")).toBeVisible();
  await page.getByRole("link", { name: "Search without filters" }).click();
  await expect(page.locator(".piece").first()).toBeVisible();
});

test("Show more adds to the page in order, and nothing twice", async ({ page }) => {
  await open(page, "/search?text=ring");
  const first = await shownIds(page);
  expect(first.length).toBe(24);
  await page.getByRole("link", { name: "Show more" }).click();
  await expect(page.locator(".piece")).toHaveCount(48);
  const all = await shownIds(page);
  expect(all.slice(0, 24)).toEqual(first);
  expect(new Set(all).size).toBe(48);
  await expect(page).toHaveURL(/offset=24/);
  // Whoever goes by keyboard is at the first of the added pieces.
  await expect(page.locator("[data-place='24'] .piece-link")).toBeFocused();
});

test("a search is led away from a piece, and back again", async ({ page }) => {
  await open(page, "/search?text=emerald+ring");
  const before = await shownIds(page);
  const piece = page.locator(".piece").first();
  const title = (await piece.locator(".piece-title").textContent())!;
  // Hidden from nobody who goes by keyboard: it is shown as soon as it has the focus.
  const less = piece.getByRole("link", { name: `Less like this: ${title}` });
  await less.focus();
  await expect(piece.locator(".piece-ways")).toHaveCSS("opacity", "1");
  await less.press("Enter");
  await expect(page).toHaveURL(/unlike=/);
  await expect.poll(() => shownIds(page)).not.toContain(before[0]);
  const chip = page.getByRole("link", { name: `No longer less like ${title}` });
  await expect(chip).toBeVisible();
  // The link is the search: whoever opens it sees the same.
  const led = await shownIds(page);
  await page.reload();
  expect(await shownIds(page)).toEqual(led);
  await chip.click();
  await expect(page).toHaveURL("/search?text=emerald+ring");
  await expect.poll(() => shownIds(page)).toEqual(before);
});

test("a dealer's reference number finds the piece", async ({ page }) => {
  const piece = listings.find((listing) => listing.status === "available")!;
  await open(page, `/search?text=${encodeURIComponent(piece.id.toLowerCase())}`);
  await expect(page.locator(".piece").first().locator(".piece-link")).toHaveAttribute("href", `/listings/${piece.id}`);
});

test("Back from a piece returns to the same place among all the pieces shown", async ({ page }) => {
  await open(page, "/search?text=ring");
  await page.getByRole("link", { name: "Show more" }).click();
  await expect(page.locator(".piece")).toHaveCount(48);
  const piece = page.locator("[data-place='40'] .piece-link");
  await piece.scrollIntoViewIfNeeded();
  const title = await piece.locator(".piece-title").textContent();
  const place = await page.evaluate(() => window.scrollY);
  expect(place).toBeGreaterThan(500);
  await piece.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title!);
  await page.goBack();
  await expect(page.locator(".piece")).toHaveCount(48);
  await expect.poll(async () => Math.abs((await page.evaluate(() => window.scrollY)) - place)).toBeLessThan(80);
});

test("the keyboard alone is enough: / to type, Escape to clear, Enter to search", async ({ page, isMobile }) => {
  test.skip(isMobile, "phones have no such keyboard");
  await open(page, "/about");
  await page.keyboard.press("/");
  await expect(page.locator("#words")).toBeFocused();
  await page.keyboard.type("pea");
  await expect(page.getByRole("listbox")).toBeVisible();
  // Once to put the suggestions away, once to clear, once more to leave.
  await page.keyboard.press("Escape");
  await expect(page.getByRole("listbox")).toHaveCount(0);
  await expect(page.locator("#words")).toHaveValue("pea");
  await page.keyboard.press("Escape");
  await expect(page.locator("#words")).toHaveValue("");
  await page.keyboard.press("Escape");
  await expect(page.locator("#words")).not.toBeFocused();
  await page.keyboard.press("/");
  await page.keyboard.type("pearl earrings");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/search?text=pearl+earrings");
  await expect(page.locator(".piece").first()).toBeVisible();
});

test("words that would be markup are words", async ({ page }) => {
  const words = '<img src=x onerror=alert(1)> & "rings" 50% 💍';
  await open(page, "/");
  await page.locator("#words").fill(words);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(words);
  await page.reload();
  await live(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(words);
  await expect(page.locator("#words")).toHaveValue(words);
});
