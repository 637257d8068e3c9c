// Refining what was found: words beside a picture, filters with their numbers, suggested chips, order; and where the results end.
import { listing, photoQueries, pictureOf } from "../support/demo";
import { expect, holdBack, live, open, shownIds, test } from "../support/test";
import { noise, tokenOf } from "../support/token";

const query = photoQueries[0];

/** The prices of the pieces on the page, in order; those on request left out. */
const prices = async (page: Parameters<typeof shownIds>[0]): Promise<number[]> =>
  (await shownIds(page)).flatMap((id) => listing(id).price?.amount ?? []);

test("words beside a picture lead it elsewhere, and are undone with one press", async ({ page }) => {
  const token = await tokenOf(page, pictureOf(query));
  await open(page, `/search?token=${token}`);
  const before = await shownIds(page);
  await expect(page.getByRole("slider")).toBeHidden();
  await page.getByLabel("What your picture does not show").fill("pearl necklace");
  await expect(page.getByRole("slider")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/text=pearl\+necklace&token=/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("pearl necklace");
  await expect.poll(() => shownIds(page)).not.toEqual(before);
  // The search field above is for another search.
  await expect(page.locator("#words")).toHaveValue("");
  await page.getByRole("link", { name: "Without “pearl necklace”" }).click();
  await expect(page).toHaveURL(`/search?token=${token}`);
  await expect.poll(() => shownIds(page)).toEqual(before);
  await expect(page.getByLabel("What your picture does not show")).toHaveValue("");
});

test("the slider weighs looks against words, by keyboard and while it moves", async ({ page }) => {
  const token = await tokenOf(page, pictureOf(query));
  await open(page, `/search?text=pearl+necklace&token=${token}`);
  const slider = page.getByRole("slider", { name: "Between looks and words" });
  await expect(slider).toHaveAttribute("aria-valuetext", "looks and words alike");
  await slider.focus();
  await page.keyboard.press("End");
  await expect(slider).toHaveAttribute("aria-valuetext", "words alone");
  await expect(page).toHaveURL(/weight=1&/);
  const words = (await shownIds(page)).slice(0, 12).map((id) => listing(id).category);
  await expect(slider).toBeFocused();
  await page.keyboard.press("Home");
  await expect(page).toHaveURL(/weight=0&/);
  await expect.poll(async () => (await shownIds(page))[0]).toBe(query.relevant[0]);
  const looks = (await shownIds(page)).slice(0, 12).map((id) => listing(id).category);
  const necklaces = (found: string[]) => found.filter((category) => category === "necklace").length;
  if (listing(query.relevant[0]).category !== "necklace") expect(necklaces(words)).toBeGreaterThan(necklaces(looks));
  // It was asked for again and again, and is one step back.
  await expect(slider).toHaveValue("0");
  await page.reload();
  await live(page);
  await expect(page.getByRole("slider")).toHaveValue("0");
});

test("what is moved or typed while an answer is under way is not taken away by it", async ({ page }) => {
  const token = await tokenOf(page, pictureOf(query));
  await open(page, `/search?text=pearl+necklace&token=${token}`);
  const answer = await holdBack(page, "**/fn/find*");
  const slider = page.getByRole("slider", { name: "Between looks and words" });
  const words = page.getByLabel("What your picture does not show");
  await slider.focus();
  const asked = page.waitForRequest("**/fn/find*");
  await page.keyboard.press("End");
  await asked;
  await page.keyboard.press("ArrowLeft");
  await words.focus();
  await page.keyboard.press("End");
  await page.keyboard.type(", silver");
  answer();
  await expect(page).toHaveURL(/weight=0.95&/);
  await expect(page.locator(".results--pending")).toHaveCount(0);
  await expect(slider).toHaveValue("0.95");
  await expect(words).toHaveValue("pearl necklace, silver");
  // What the page wrote itself, it takes back.
  await words.press("Enter");
  await page.getByRole("link", { name: "Without “pearl necklace, silver”" }).click();
  await expect(words).toHaveValue("");
});

test("an amount that is typed while an answer is under way is asked for when the field is left", async ({ page }) => {
  await open(page, "/search");
  const answer = await holdBack(page, "**/fn/find*");
  await page.getByLabel("Period").selectOption("Art Deco");
  await expect(page).toHaveURL(/period=Art\+Deco/);
  const most = page.getByLabel("to £");
  await most.focus();
  await page.keyboard.type("3000");
  answer();
  await expect(page.getByRole("link", { name: "Without Art Deco" })).toBeVisible();
  await expect(most).toHaveValue("3000");
  await page.keyboard.press("Tab");
  await expect(page).toHaveURL(/price_max=3000/);
  await expect(page.getByRole("link", { name: "Without Up to £3,000" })).toBeVisible();
});

test("filters say how many pieces there are, and keep to it", async ({ page }) => {
  await open(page, "/search?text=ring");
  const metal = page.getByLabel("Metal");
  const offered = await metal.locator("option").allTextContents();
  expect(offered[0]).toBe("Every metal");
  const [, word, pieces] = offered[1].match(/^(.+) \(([\d,]+)\)$/)!;
  await metal.selectOption({ index: 1 });
  await expect(page.getByRole("link", { name: `Without ${word}` })).toBeVisible();
  await expect(metal).toHaveValue(word.toLowerCase());
  for (const id of await shownIds(page)) expect(listing(id).metals.map((metal) => metal.toLowerCase())).toContain(word.toLowerCase());
  // All of them can be had: as many as were promised, or more where the search goes further for them.
  expect(Number(pieces.replace(",", ""))).toBeGreaterThan(0);
  await page.goBack();
  await expect(page).toHaveURL("/search?text=ring");
  await expect(metal).toHaveValue("");
});

test("a filter that is set can be exchanged for another word of the trade", async ({ page }) => {
  await open(page, "/search?text=gold&category=ring");
  await expect(page.getByLabel("Category")).toHaveValue("ring");
  await page.getByLabel("Category").selectOption("brooch");
  await expect(page).toHaveURL("/search?text=gold&category=brooch");
  await expect(page.getByLabel("Category")).toHaveValue("brooch");
  await expect(page.getByRole("link", { name: "Without Brooches" })).toBeVisible();
  for (const id of await shownIds(page)) expect(listing(id).category).toBe("brooch");
});

test("a suggested chip narrows, and its own chip undoes it", async ({ page }) => {
  await open(page, "/search?text=ring");
  const before = await shownIds(page);
  const chip = page.getByRole("list", { name: "Narrow to" }).getByRole("link").first();
  await expect(chip).toHaveAccessibleName(/^\S.* [\d,]+ pieces$/);
  const word = (await chip.textContent())!.replace(/ [\d,]+ +pieces$/, "");
  await chip.click();
  const undo = page.getByRole("link", { name: `Without ${word}` });
  await expect(undo).toBeVisible();
  for (const id of await shownIds(page)) {
    const found = listing(id);
    const words = [...found.stones, ...found.metals, ...found.motifs, found.period ?? ""].map((word) => word.toLowerCase());
    expect(words).toContain(word.toLowerCase());
  }
  await undo.click();
  await expect(page).toHaveURL("/search?text=ring");
  await expect.poll(() => shownIds(page)).toEqual(before);
});

test("results stand by price, and by closeness again", async ({ page }) => {
  await open(page, "/search?text=ring");
  await expect(page.locator(".piece-band").first()).toBeVisible();
  await page.getByLabel("Order").selectOption("price_up");
  await expect(page).toHaveURL("/search?text=ring&sort=price_up");
  await expect(page.locator(".results-head [role=status]")).toContainText("lowest price first");
  const up = await prices(page);
  expect(up.length).toBeGreaterThan(5);
  expect(up).toEqual([...up].sort((a, b) => a - b));
  // In bands of closeness they no longer are.
  await expect(page.locator(".piece-band")).toHaveCount(0);
  await page.getByLabel("Order").selectOption("price_down");
  await expect(page.locator(".results-head [role=status]")).toContainText("highest price first");
  const down = await prices(page);
  expect(down).toEqual([...down].sort((a, b) => b - a));
  await page.getByRole("link", { name: "No longer highest price first" }).click();
  await expect(page).toHaveURL("/search?text=ring");
  await expect(page.getByLabel("Order")).toHaveValue("");
});

test("results end where the likeness ends, and go on when asked to", async ({ page }) => {
  await open(page, "/search?text=emerald+ring");
  const more = page.getByRole("link", { name: "Show more" });
  const end = page.getByText("That is where the likeness ends.");
  for (let pages = 0; pages < 14 && !(await end.isVisible()); pages++) {
    const before = await page.locator(".piece").count();
    await more.click();
    await expect.poll(() => page.locator(".piece").count()).toBeGreaterThan(before);
  }
  await expect(end).toBeVisible();
  const within = await shownIds(page);
  await page.getByRole("link", { name: "Show pieces further off" }).click();
  await expect(page).toHaveURL(/beyond=1/);
  await expect.poll(async () => (await shownIds(page)).length).toBeGreaterThan(within.length);
  const all = await shownIds(page);
  expect(all.slice(0, within.length)).toEqual(within);
  expect(new Set(all).size).toBe(all.length);
  await expect(page.locator(`[data-place='${within.length}'] .piece-link`)).toBeFocused();
  await page.getByRole("link", { name: "Without those further off" }).click();
  await expect.poll(async () => (await shownIds(page)).length).toBeLessThanOrEqual(within.length);
});

test("where a picture holds no piece it says so, and what to do", async ({ page }) => {
  await open(page, "/about");
  const token = await noise(page);
  await open(page, `/search?token=${token}`);
  await expect(page.getByText("We cannot make out a piece in this picture. These are the nearest.")).toBeVisible();
  expect((await shownIds(page)).length).toBeGreaterThan(0);
  await page.getByText("Add words", { exact: true }).click();
  await expect(page.getByLabel("What your picture does not show")).toBeFocused();
  const chooser = page.waitForEvent("filechooser");
  await page.getByText("Try another picture").click();
  await chooser;
  await page.getByRole("link", { name: "Browse every piece" }).click();
  await expect(page).toHaveURL("/search");
});

test.describe("with scripts off", () => {
  test.use({ javaScriptEnabled: false });

  test("words, weight, filters and order are one plain link", async ({ page }) => {
    const token = await tokenOf(page, pictureOf(query));
    await page.goto(`/search?token=${token}&category=ring`);
    await page.getByLabel("What your picture does not show").fill("with a leaf");
    await page.getByRole("slider").fill("0.8");
    await page.getByRole("button", { name: "Add" }).click();
    await expect(page).toHaveURL(/text=with\+a\+leaf/);
    await expect(page).toHaveURL(/weight=0\.8/);
    await expect(page).toHaveURL(/category=ring/);
    await expect(page.getByRole("slider")).toHaveValue("0.8");
    await page.getByLabel("Order").selectOption("price_up");
    await page.getByLabel("Metal").selectOption({ index: 1 });
    await page.getByRole("button", { name: "Narrow" }).click();
    await expect(page).toHaveURL(/sort=price_up/);
    await expect(page).toHaveURL(/metal=/);
    await expect(page).toHaveURL(/weight=0\.8/);
    const up = await prices(page);
    expect(up).toEqual([...up].sort((a, b) => a - b));
  });
});

test("what runs on under the thumb does not make the page wider than the window", async ({ page }) => {
  await open(page, "/search?text=ring");
  await expect(page.getByRole("list", { name: "Narrow to" }).getByRole("link").first()).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(page.viewportSize()!.width);
});
