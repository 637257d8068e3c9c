// The search field while somebody types: the catalogue's own words, dealers, and what was searched for before on this device.
import { listings } from "../support/demo";
import { expect, live, open, test } from "../support/test";
import type { Page } from "@playwright/test";

const field = (page: Page) => page.getByRole("combobox", { name: "Describe the piece you are looking for" });
const options = (page: Page) => page.getByRole("listbox").getByRole("option");

test("what is being typed is completed from the catalogue's words, by keyboard", async ({ page }) => {
  await open(page, "/");
  await field(page).click();
  await field(page).pressSequentially("gold ring art d");
  const first = options(page).first();
  await expect(first).toContainText("gold ring Art Deco");
  await expect(first).toContainText("period");
  await expect(field(page)).toHaveAttribute("aria-expanded", "true");
  await expect(field(page)).not.toHaveAttribute("aria-activedescendant");
  await page.keyboard.press("ArrowDown");
  await expect(first).toHaveAttribute("aria-selected", "true");
  await expect(field(page)).toHaveAttribute("aria-activedescendant", (await first.getAttribute("id"))!);
  await page.keyboard.press("ArrowUp");
  await expect(field(page)).not.toHaveAttribute("aria-activedescendant");
  await page.keyboard.press("ArrowUp");
  await expect(options(page).last()).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/search?text=gold+ring+Art+Deco");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("gold ring Art Deco");
  await expect(page.getByRole("listbox")).toHaveCount(0);
  await expect(field(page)).toHaveValue("gold ring Art Deco");
});

test("Escape puts the list away before it clears, and Enter without a choice searches what was typed", async ({ page }) => {
  await open(page, "/");
  await field(page).click();
  await field(page).pressSequentially("emer");
  await expect(options(page).first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("listbox")).toHaveCount(0);
  await expect(field(page)).toHaveAttribute("aria-expanded", "false");
  await expect(field(page)).toHaveValue("emer");
  await page.keyboard.press("ArrowDown");
  await expect(options(page).first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/search?text=emer");
});

test("an offer is taken by touch or mouse, and the list goes when the focus does", async ({ page, isMobile }) => {
  await open(page, "/");
  await field(page).click();
  await field(page).pressSequentially("emer");
  const offer = options(page).filter({ hasText: "emerald" }).first();
  await expect(offer).toBeVisible();
  expect((await offer.boundingBox())!.height).toBeGreaterThanOrEqual(40);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("listbox")).toHaveCount(0);
  await field(page).click();
  await expect(offer).toBeVisible();
  if (isMobile) await offer.tap();
  else await offer.click();
  await expect(page).toHaveURL("/search?text=emerald");
});

test("a dealer's name leads to the dealer", async ({ page }) => {
  const dealer = listings[0].dealer;
  await open(page, "/about");
  await field(page).click();
  await field(page).pressSequentially(dealer.name.slice(0, 5));
  await options(page).filter({ hasText: dealer.name }).click();
  await expect(page).toHaveURL(`/dealers/${dealer.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(dealer.name);
  await expect(field(page)).toHaveValue("");
});

test("what is typed stays in the browser until it is searched for", async ({ page }) => {
  await open(page, "/");
  const sent: string[] = [];
  page.on("request", (request) => sent.push(`${request.url()} ${request.postData() ?? ""}`));
  await field(page).click();
  await field(page).pressSequentially("secretemer emer");
  await expect(options(page).first()).toBeVisible();
  expect(sent.filter((request) => request.includes("secretemer"))).toEqual([]);
});

test("searches are kept on this device, words only, and can be forgotten", async ({ page }) => {
  await open(page, "/");
  await field(page).fill("pearl earrings");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/search?text=pearl+earrings");
  await field(page).fill("gold brooch");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/search?text=gold+brooch");
  await open(page, "/");
  await field(page).click();
  await expect(options(page)).toHaveText(["gold brooch", "pearl earrings"]);
  await expect(page.getByText("Kept on this device only.")).toBeVisible();
  // The name of the scripts that are in the browser's cache is all that is kept beside them.
  const kept = await page.evaluate(() => Object.entries(localStorage).sort());
  expect(kept).toEqual([["vitrine.came", expect.stringMatching(/^\/pkg\/vitrine-\w+\.wasm$/)], ["vitrine.searches", "gold brooch\npearl earrings"]]);
  expect(await page.context().cookies()).toEqual([]);
  await options(page).nth(1).click();
  await expect(page).toHaveURL("/search?text=pearl+earrings");
  await field(page).fill("");
  await expect(options(page)).toHaveText(["pearl earrings", "gold brooch"]);
  // By keyboard, it comes right after the field.
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Forget them" })).toBeFocused();
  await expect(options(page)).toHaveCount(2);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("listbox")).toHaveCount(0);
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual(["vitrine.came"]);
});

test("where the browser keeps nothing, searching works as ever", async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get: () => {
        throw new DOMException("refused", "SecurityError");
      },
    });
  });
  await open(page, "/");
  await field(page).click();
  await field(page).pressSequentially("emer");
  await options(page).first().click();
  await expect(page).toHaveURL(/text=emerald/);
  await expect(page.locator(".piece").first()).toBeVisible();
  await field(page).fill("");
  await expect(page.getByRole("listbox")).toHaveCount(0);
});

test.describe("when the words cannot be had", () => {
  test.use({ expected: /Failed to load resource|ERR_/ });

  test("the field is a field, and they are asked for again", async ({ page }) => {
    await open(page, "/");
    await page.route("**/fn/vocabulary*", (route) => route.abort("connectionrefused"));
    const asked = page.waitForRequest("**/fn/vocabulary*");
    await field(page).click();
    await asked;
    await field(page).pressSequentially("emer");
    await expect(page.getByRole("listbox")).toHaveCount(0);
    await page.unroute("**/fn/vocabulary*");
    await field(page).blur();
    await field(page).click();
    await expect(options(page).first()).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL("/search?text=emer");
  });
});

test("a page opened by a link shows its words in the field, and no list", async ({ page }) => {
  await page.goto("/search?text=emer");
  await live(page);
  await expect(field(page)).toHaveValue("emer");
  await expect(page.getByRole("listbox")).toHaveCount(0);
});
