// The shopper's picture stays beside the results, with a box around what is searched.
import { readFileSync } from "node:fs";
import { photoQueries, pictureOf } from "../support/demo";
import { jpegSize, readSent, withPlace } from "../support/sent";
import { choosePicture, expect, live, lookFor, open, pictureResults, refreshed, shownIds, test, token } from "../support/test";
import type { Page } from "@playwright/test";

const screenshot = photoQueries.find((query) => query.kind === "screenshot")!;
const asks = "**/fn/find-by-picture*";

const box = (page: Page) => page.getByRole("application", { name: "The part of your picture that is searched" });

/** The box's edges as shares of the picture. */
async function edges(page: Page): Promise<{ left: number; top: number; right: number; bottom: number }> {
  return page.evaluate(() => {
    const frame = document.querySelector(".crop")!.getBoundingClientRect();
    const box = document.querySelector(".crop-box")!.getBoundingClientRect();
    const share = (at: number, start: number, length: number) => (at - start) / length;
    return {
      left: share(box.left, frame.left, frame.width),
      top: share(box.top, frame.top, frame.height),
      right: share(box.right, frame.left, frame.width),
      bottom: share(box.bottom, frame.top, frame.height),
    };
  });
}

/** Looks for the screenshot, and opens the box where it has to be opened. */
async function find(page: Page): Promise<void> {
  await lookFor(page, pictureOf(screenshot));
  await openBox(page);
}

async function openBox(page: Page): Promise<void> {
  const toggle = page.getByRole("button", { name: "Choose the part" });
  if (await toggle.isVisible()) await toggle.click();
  await expect(box(page)).toBeVisible();
}

/** Drags from one place of the picture to another, given as shares of it. */
async function drag(page: Page, from: [number, number], to: [number, number]): Promise<void> {
  await page.locator(".crop").scrollIntoViewIfNeeded();
  const frame = (await page.locator(".crop").boundingBox())!;
  const at = ([x, y]: [number, number]): [number, number] => [frame.x + x * frame.width, frame.y + y * frame.height];
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]), { steps: 4 });
  await page.mouse.move(...at(to), { steps: 4 });
  await page.mouse.up();
}

test("of a screenshot only the photo is sent, small, without where it was taken", async ({ page }) => {
  await open(page, "/");
  const asked = page.waitForRequest(asks);
  const file = withPlace(readFileSync(pictureOf(screenshot)), "51.5074 N 0.1278 W");
  await choosePicture(page, { name: "screenshot-at-home.jpg", mimeType: "image/jpeg", buffer: file });
  const request = await asked;
  const [photo] = readSent(request).photos;
  const [width, height] = jpegSize(photo);
  expect(width, "a part of it, in a square").toBe(height);
  expect(width).toBeLessThanOrEqual(768);
  const body = request.postDataBuffer()!.toString("latin1");
  for (const secret of ["51.5074", "Exif", "screenshot-at-home"]) expect(body).not.toContain(secret);
  await pictureResults(page);
  expect((await shownIds(page)).slice(0, 4)).toContain(screenshot.relevant[0]);
  await openBox(page);
  const { left, top, right, bottom } = await edges(page);
  expect(top, "the app's upper bar is dimmed").toBeGreaterThan(0.08);
  expect(bottom, "the app's lower bar is dimmed").toBeLessThan(0.9);
  expect(right - left).toBeGreaterThan(0.3);
});

test("a receipt says what left the device", async ({ page }) => {
  await open(page, "/");
  const asked = page.waitForRequest(asks);
  await choosePicture(page, pictureOf(screenshot));
  const [photo] = readSent(await asked).photos;
  await pictureResults(page);
  await page.getByText(`What left this device: ${Math.ceil(photo.length / 1000)} kB`).click();
  const [width, height] = jpegSize(photo);
  await expect(page.getByText(`The part in the box, redrawn: ${width} × ${height} pixels`)).toBeVisible();
  await expect(page.getByText("Not sent: the rest of it, where and when it was taken")).toBeVisible();
});

test("a corner dragged searches the smaller part, and Back still leads to the page before", async ({ page }) => {
  await find(page);
  const before = token(page);
  const history = await page.evaluate(() => window.history.length);
  const { right, bottom, left, top } = await edges(page);
  await drag(page, [right - 0.01, bottom - 0.005], [left + (right - left) * 0.7, top + (bottom - top) * 0.7]);
  await refreshed(page, before);
  const after = await edges(page);
  expect(after.right).toBeLessThan(right - 0.1);
  expect(after.bottom).toBeLessThan(bottom - 0.05);
  expect(after.left).toBeCloseTo(left, 2);
  const once = token(page);
  await drag(page, [(after.left + after.right) / 2, (after.top + after.bottom) / 2], [(after.left + after.right) / 2 + 0.1, (after.top + after.bottom) / 2 + 0.05]);
  await refreshed(page, once);
  const moved = await edges(page);
  expect(moved.right - moved.left).toBeCloseTo(after.right - after.left, 2);
  expect(await page.evaluate(() => window.history.length)).toBe(history);
  await page.goBack();
  await expect(page).toHaveURL("/");
  await page.goForward();
  await expect(box(page).or(page.getByRole("button", { name: "Choose the part" })).first()).toBeVisible();
  await openBox(page);
  const again = await edges(page);
  expect(again.left).toBeCloseTo(moved.left, 2);
});

test("a new box is drawn beside the old one", async ({ page }) => {
  await find(page);
  const before = token(page);
  await drag(page, [0.05, 0.02], [0.6, 0.2]);
  await refreshed(page, before);
  const { left, top, right, bottom } = await edges(page);
  expect([left, top, right, bottom].map((edge) => Math.round(edge * 20) / 20)).toEqual([0.05, 0, 0.6, 0.2]);
});

test("the whole picture is one tap away, and so is the way back", async ({ page }) => {
  await find(page);
  const trimmed = token(page);
  await page.getByRole("button", { name: "Whole picture" }).click();
  await refreshed(page, trimmed);
  await expect(page.getByText("All of your picture is searched.")).toBeVisible();
  const all = await edges(page);
  expect([all.left, all.top, all.right, all.bottom].map((edge) => Math.round(edge * 100))).toEqual([0, 0, 100, 100]);
  const whole = token(page);
  await page.getByRole("button", { name: "Trim it again" }).click();
  await refreshed(page, whole);
  expect(token(page)).toBe(trimmed);
});

test("arrow keys move the box, with Shift they resize it, and it is said", async ({ page }) => {
  await find(page);
  await box(page).focus();
  const before = token(page);
  const start = await edges(page);
  for (let n = 0; n < 4; n++) await page.keyboard.press("Shift+ArrowLeft");
  for (let n = 0; n < 2; n++) await page.keyboard.press("ArrowRight");
  const end = await edges(page);
  expect(end.left).toBeCloseTo(start.left + 0.04, 2);
  expect(end.right).toBeCloseTo(start.right - 0.04, 2);
  await expect(page.locator("[aria-live]").filter({ hasText: "% wide" })).toContainText(`${Math.round((end.right - end.left) * 100)} % wide`);
  await refreshed(page, before);
  await expect(box(page), "the keyboard stays where it was").toBeFocused();
});

test("two fingers make the box larger and smaller", async ({ page }, info) => {
  test.skip(info.project.name !== "phone", "needs a touch screen");
  await find(page);
  const before = token(page);
  const start = await edges(page);
  await page.locator(".crop").scrollIntoViewIfNeeded();
  const frame = (await page.locator(".crop").boundingBox())!;
  const middle = { x: frame.x + ((start.left + start.right) / 2) * frame.width, y: frame.y + ((start.top + start.bottom) / 2) * frame.height };
  const session = await page.context().newCDPSession(page);
  const touch = async (type: "touchStart" | "touchMove" | "touchEnd", apart: number) =>
    session.send("Input.dispatchTouchEvent", {
      type,
      touchPoints:
        type === "touchEnd"
          ? []
          : [
              { x: middle.x - apart, y: middle.y, id: 1 },
              { x: middle.x + apart, y: middle.y, id: 2 },
            ],
    });
  await touch("touchStart", 60);
  for (const apart of [54, 46, 38, 30]) await touch("touchMove", apart);
  await touch("touchEnd", 0);
  const end = await edges(page);
  expect((end.right - end.left) / (start.right - start.left)).toBeCloseTo(0.5, 1);
  await refreshed(page, before);
});

test("an answer that comes late is passed over", async ({ page }) => {
  await find(page);
  const before = token(page);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  let count = 0;
  await page.route(asks, async (route) => {
    count += 1;
    if (count === 1) await held;
    await route.continue().catch(() => {});
  });
  await page.getByRole("button", { name: "Whole picture" }).click();
  await expect.poll(() => count).toBe(1);
  await expect(page.locator(".looked-words")).toHaveText("Looking again");
  await drag(page, [0.5, 0.5], [0.5, 0.5]);
  await box(page).focus();
  for (let n = 0; n < 3; n++) await page.keyboard.press("-");
  await refreshed(page, before);
  const second = token(page);
  const shown = await shownIds(page);
  release();
  await page.waitForLoadState("networkidle");
  expect(token(page)).toBe(second);
  expect(await shownIds(page)).toEqual(shown);
});

test("a filter stays when another part is searched", async ({ page }) => {
  await find(page);
  const category = page.getByLabel("Category");
  await category.selectOption({ index: 1 });
  await expect(page).toHaveURL(/category=/);
  const before = token(page);
  await page.getByRole("button", { name: "Whole picture" }).click();
  await refreshed(page, before);
  await expect(page).toHaveURL(/category=/);
});

test.describe("a server that does not answer", () => {
  test.use({ expected: /Failed to load resource|ERR_/ });

  test("says so, and the box goes back to what is shown", async ({ page }) => {
    await find(page);
    const start = await edges(page);
    const before = token(page);
    await page.route(asks, (route) => route.abort("connectionrefused"));
    await page.getByRole("button", { name: "Whole picture" }).click();
    await expect(page.locator(".tray")).toContainText("We cannot reach the shop.");
    expect((await edges(page)).top).toBeCloseTo(start.top, 2);
    expect(token(page)).toBe(before);
    await expect(page.locator(".piece").first()).toBeVisible();
  });
});

test("on a phone the picture leaves the screen to the results until it is opened", async ({ page }, info) => {
  test.skip(info.project.name !== "phone", "a desk has the room");
  await open(page, "/");
  await choosePicture(page, pictureOf(screenshot));
  await pictureResults(page);
  expect((await page.locator(".looked").boundingBox())!.height).toBeLessThan(200);
  await expect(box(page)).toBeHidden();
  await page.getByRole("button", { name: "Your picture" }).click();
  await expect(box(page)).toBeVisible();
  await page.getByRole("button", { name: "Done" }).click();
  await expect(box(page)).toBeHidden();
});

test("after a reload the results stay, and the place says why the picture does not", async ({ page }) => {
  await find(page);
  const ids = await shownIds(page);
  await page.reload();
  await live(page);
  await expect(page.getByText("Your picture was not kept")).toBeVisible();
  await expect(box(page)).toHaveCount(0);
  expect(await shownIds(page)).toEqual(ids);
  const chooser = page.waitForEvent("filechooser");
  await page.getByText("Choose it again").click();
  await (await chooser).setFiles(pictureOf(screenshot));
  await expect(page.getByText("Your picture was not kept")).toHaveCount(0);
  await openBox(page);
});
