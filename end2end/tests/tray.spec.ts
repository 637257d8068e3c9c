// A picture of several pieces: a dot on each, and a tap searches that one.
import { tray } from "../support/tray";
import { expect, lookFor, refreshed, shownIds, test, token } from "../support/test";
import type { Page } from "@playwright/test";

const dot = (page: Page, n: number) => page.getByRole("button", { name: `Search piece ${n} of 2` });

test("each piece of a tray is searched with one tap, or from the keyboard, and undone with another", async ({ page }) => {
  const { picture, ids } = await tray(page);
  expect(ids).toHaveLength(2);
  await lookFor(page, picture);
  await expect(page.getByText("Your picture shows 2 pieces. Tap one to search it alone.")).toBeVisible();
  const all = token(page);
  // Open already: what is to be tapped has to be seen.
  await dot(page, 1).click();
  await refreshed(page, all);
  expect((await shownIds(page)).slice(0, 3)).toContain(ids[0]);
  await expect(dot(page, 1)).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByText("Only this part of your picture is searched.")).toBeVisible();
  const first = token(page);
  await dot(page, 2).focus();
  await page.keyboard.press("Enter");
  await refreshed(page, first);
  expect((await shownIds(page)).slice(0, 3)).toContain(ids[1]);
  await expect(dot(page, 1)).toHaveAttribute("aria-pressed", "false");
  await expect(dot(page, 2), "the keyboard stays where it was").toBeFocused();
  const second = token(page);
  await page.getByRole("button", { name: "Whole picture" }).click();
  await refreshed(page, second);
  await expect(page.getByText("Your picture shows 2 pieces.")).toBeVisible();
});

test("dots are large enough for a finger and lie within the picture", async ({ page }) => {
  await lookFor(page, (await tray(page)).picture);
  await expect(dot(page, 2)).toBeVisible();
  const frame = (await page.locator(".crop").boundingBox())!;
  for (const n of [1, 2]) {
    const box = (await dot(page, n).boundingBox())!;
    expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
    const [x, y] = [(box.x + box.width / 2 - frame.x) / frame.width, (box.y + box.height / 2 - frame.y) / frame.height];
    expect(y).toBeGreaterThan(0.3);
    expect(y).toBeLessThan(0.7);
    expect(n === 1 ? x < 0.5 : x > 0.5, `dot ${n} at ${x}`).toBe(true);
  }
});
