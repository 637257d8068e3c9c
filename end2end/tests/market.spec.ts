// A dealer's pieces beside those of other dealers.
import { listing, listings } from "../support/demo";
import { expect, open, test } from "../support/test";

const dealer = listings[0].dealer;
const idOf = (href: string | null): string => (href ?? "").replace("/listings/", "");

test("the dealer's page leads to the market, where each piece stands beside those of others with their prices", async ({ page }) => {
  await open(page, `/dealers/${dealer.id}`);
  await page.getByRole("link", { name: "Beside what other dealers list" }).click();
  await expect(page).toHaveURL(`/dealers/${dealer.id}/market`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(dealer.name);
  const rows = page.locator(".market-row");
  await expect(rows).toHaveCount(12);
  let compared = 0;
  for (const row of await rows.all()) {
    const own = idOf(await row.locator(".market-own a").getAttribute("href"));
    expect(listing(own).dealer.id).toBe(dealer.id);
    for (const other of await row.locator(".market-others .near").all()) {
      expect(listing(idOf(await other.getAttribute("href"))).dealer.id).not.toBe(dealer.id);
      await expect(other.locator(".near-word")).not.toHaveText("Not near");
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(12);
  await expect(page.locator(".market-price").filter({ hasText: /Similar pieces: £[\d,]+ to £[\d,]+, median £[\d,.]+ \(\d+ pieces/ }).first()).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
});

test("a median is the middle of what is compared", async ({ page, request }) => {
  const answer = await (await request.get(`/api/v1/listings/${listings[0].id}/comparables?limit=48`)).json();
  const similar = answer.hits.filter((hit: any) => hit.verdict === "similar" && hit.listing.price);
  const amounts = similar.map((hit: any) => hit.listing.price.amount).sort((a: number, b: number) => a - b);
  expect(amounts.length).toBeGreaterThan(2);
  const middle = (amounts[(amounts.length - 1) >> 1] + amounts[amounts.length >> 1]) / 2;
  expect(answer.prices.similar[0]).toMatchObject({ pieces: amounts.length, least: { amount: amounts[0] }, median: { amount: middle } });
  await open(page, `/dealers/${dealer.id}/market`);
});

test("sold pieces are comparables of their own, by a link", async ({ page }) => {
  await open(page, `/dealers/${dealer.id}/market`);
  await page.getByRole("navigation", { name: "Compare with" }).getByRole("link", { name: "Sold" }).click();
  await expect(page).toHaveURL(/status=sold/);
  await expect(page.getByRole("link", { name: "Sold", exact: true })).toHaveAttribute("aria-current", "page");
  const others = page.locator(".market-others .near");
  await expect(others.first()).toContainText("Sold");
  for (const other of await others.all()) expect(listing(idOf(await other.getAttribute("href"))).status).toBe("sold");
  await page.getByRole("link", { name: "Earlier pieces" }).click();
  await expect(page).toHaveURL(/status=sold&offset=12/);
  await expect(page.locator(".market-row").first()).toBeVisible();
});

test.describe("a dealer who is not there", () => {
  test.use({ expected: /status of 404/ });

  test("has no market", async ({ page }) => {
    const answer = await page.goto("/dealers/nobody/market");
    expect(answer!.status()).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Nothing is kept here.");
  });
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("the market is plain links", async ({ page }) => {
    await page.goto(`/dealers/${dealer.id}/market`);
    await expect(page.locator(".market-row")).toHaveCount(12);
    await page.getByRole("link", { name: "For sale", exact: true }).click();
    await expect(page).toHaveURL(/status=available/);
    await expect(page.locator(".market-others .near").first()).toBeVisible();
    await expect(page.locator(".market-others .piece-state", { hasText: "Sold" })).toHaveCount(0);
  });
});
