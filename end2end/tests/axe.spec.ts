// axe-core on every page and state: nothing to complain about, light and dark, on a desk and on a phone.
import AxeBuilder from "@axe-core/playwright";
import { listings, photoQueries, pictureOf } from "../support/demo";
import { choosePicture, expect, lookFor, open, test } from "../support/test";
import { noise, tokenOf } from "../support/token";
import { tray } from "../support/tray";
import type { Page } from "@playwright/test";

const piece = listings.find((listing) => listing.photos.length > 1 && listing.status === "available")!;
const refused = /Failed to load resource|ERR_/;

/** Every rule, best practices too; what it finds, short enough to read. */
async function complaints(page: Page): Promise<string[]> {
  // Colours halfway between two states are neither.
  await page.evaluate(() => Promise.all(document.getAnimations().filter((each) => each.playState === "running" && each.effect?.getTiming().iterations !== Infinity).map((each) => each.finished)));
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}

const states: [string, (page: Page) => Promise<void>][] = [
  ["home", (page) => open(page, "/")],
  [
    "home, typing",
    async (page) => {
      await open(page, "/");
      await page.locator("#words").click();
      await page.locator("#words").pressSequentially("gold ring art");
      await page.getByRole("option").first().waitFor();
      await page.keyboard.press("ArrowDown");
    },
  ],
  [
    "home, with earlier searches",
    async (page) => {
      await page.addInitScript(() => localStorage.setItem("vitrine.searches", "gold brooch\npearl earrings"));
      await open(page, "/");
      await page.locator("#words").click();
      await page.getByRole("option").first().waitFor();
    },
  ],
  ["results by words", (page) => open(page, "/search?text=emerald+ring")],
  ["results narrowed and in order", (page) => open(page, "/search?text=ring&category=ring&price_max=9000&sort=price_up")],
  ["every piece", (page) => open(page, "/search")],
  [
    "results by picture",
    (page) => lookFor(page, pictureOf(photoQueries[0])),
  ],
  [
    "results by a picture of several pieces",
    async (page) => {
      await lookFor(page, (await tray(page)).picture);
      await expect(page.locator(".crop-dot").first()).toBeVisible();
    },
  ],
  ["the like of a piece", (page) => open(page, `/search?like=${piece.id}&text=in+silver`)],
  ["the camera, where there is none", (page) => open(page, "/camera")],
  [
    "results by a picture's link, with words",
    async (page) => {
      await open(page, `/search?text=platinum&weight=0.7&token=${await tokenOf(page, pictureOf(photoQueries[0]))}`);
    },
  ],
  [
    "a picture of nothing",
    async (page) => {
      await open(page, "/about");
      await open(page, `/search?token=${await noise(page)}`);
      await expect(page.getByText("We cannot make out a piece")).toBeVisible();
    },
  ],
  ["nothing at all", (page) => open(page, "/search?price_min=999999")],
  ["a piece", (page) => open(page, `/listings/${piece.id}`)],
  ["a dealer", (page) => open(page, `/dealers/${piece.dealer.id}`)],
  ["how it works", (page) => open(page, "/about")],
  ["no such piece", (page) => open(page, "/listings/no-such-piece")],
  ["a damaged link", (page) => open(page, "/search?token=AAAA")],
  [
    "a picture that is none",
    async (page) => {
      await open(page, "/");
      await choosePicture(page, { name: "ring.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no picture") });
      await expect(page.locator(".tray")).toContainText("not a picture");
    },
  ],
  [
    "a server that does not answer",
    async (page) => {
      await open(page, "/");
      await page.route("**/fn/find*", (route) => route.abort("connectionrefused"));
      await page.locator("#words").fill("pearl earrings");
      await page.keyboard.press("Enter");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("We cannot reach the shop.");
    },
  ],
];

for (const scheme of ["light", "dark"] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme, expected: refused });
    for (const [name, go] of states) {
      test(`${name} has nothing against it`, async ({ page }) => {
        await go(page);
        expect(await complaints(page)).toEqual([]);
      });
    }
  });
}

test.describe("with scripts off", () => {
  test.use({ expected: refused });

  test("the page of a plain form that could not be taken has nothing against it", async ({ page }) => {
    await open(page, "/about");
    // axe is a script itself, so the form is sent by hand.
    await page.route("**/search/photo", async (route) => {
      const answer = await page.request.post("/search/photo", {
        headers: { accept: "text/html" },
        multipart: { photo: { name: "ring.jpg", mimeType: "image/jpeg", buffer: Buffer.from("a ring") } },
      });
      const headers = answer.headers();
      delete headers["content-security-policy"];
      delete headers["content-encoding"];
      await route.fulfill({ status: answer.status(), headers, body: await answer.body() });
    });
    await page.goto("/search/photo");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await complaints(page)).toEqual([]);
  });
});
