// The camera on the page: a fake device that shows a shopper's photo of a piece.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { browser } from "../support/browser";
import { running, watch } from "../support/camera";
import { photoQueries, pictureOf } from "../support/demo";
import { temporary } from "../support/temporary";
import { expect, open, pictureResults, shownIds, test } from "../support/test";
import type { Page } from "@playwright/test";

// One frame over and over. A plain snapshot, which a camera could have taken.
const query = photoQueries.filter((query) => query.kind === "snapshot")[2];
const film = join(temporary("camera"), "camera.mjpeg");
const frame = readFileSync(pictureOf(query));
writeFileSync(film, Buffer.concat([frame, frame, frame]));

test.use({
  launchOptions: {
    ...browser.launchOptions,
    args: [...browser.launchOptions.args, "--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${film}`],
  },
});

const take = (page: Page) => page.getByRole("button", { name: "Take the photo" });

/** The browser has not been asked yet. */
async function unasked(page: Page): Promise<void> {
  await page.addInitScript(() => {
    navigator.permissions.query = () => Promise.reject(new TypeError("camera is not known"));
  });
}

test.describe("allowed", () => {
  test.use({ permissions: ["camera", "clipboard-read", "clipboard-write"] });

  test("the reason comes first, then the camera, and a photo of the piece finds it", async ({ page }) => {
    await watch(page);
    await unasked(page);
    await open(page, "/");
    await page.getByRole("link", { name: "take a photo" }).click();
    await expect(page).toHaveURL("/camera");
    await expect(page.getByText("Your browser will ask whether this page may use the camera.")).toBeVisible();
    expect(await running(page)).toBe(0);
    await page.getByRole("button", { name: "Open the camera" }).click();
    await expect(take(page)).toBeFocused();
    await expect(page.locator("video")).toBeVisible();
    await expect.poll(() => page.locator("video").evaluate((video: HTMLVideoElement) => video.videoWidth)).toBeGreaterThan(100);
    // By keyboard alone.
    await page.keyboard.press("Enter");
    await pictureResults(page);
    expect(await running(page)).toBe(0);
    expect((await shownIds(page)).slice(0, 8)).toContain(query.relevant[0]);
  });

  test("allowed before, it opens at once, and it stops when the page is left", async ({ page }) => {
    await watch(page);
    await open(page, "/camera");
    await expect(take(page)).toBeVisible();
    await expect.poll(() => running(page)).toBe(1);
    await page.getByRole("link", { name: "Every piece" }).click();
    await expect(page).toHaveURL("/search");
    await expect.poll(() => running(page)).toBe(0);
    await page.goBack();
    await expect(take(page)).toBeVisible();
    await expect.poll(() => running(page)).toBe(1);
  });

  test("a light is offered where there is one", async ({ page }) => {
    await page.addInitScript(() => {
      MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true }) as MediaTrackCapabilities;
      MediaStreamTrack.prototype.applyConstraints = async (wanted) => {
        Object.assign(window, { wanted: JSON.stringify(wanted) });
      };
    });
    await open(page, "/camera");
    const light = page.getByRole("button", { name: "Light" });
    await expect(light).toHaveAttribute("aria-pressed", "false");
    await light.click();
    await expect(light).toHaveAttribute("aria-pressed", "true");
    expect(await page.evaluate(() => (window as unknown as { wanted: string }).wanted)).toBe('{"advanced":[{"torch":true}]}');
  });

  test("without a light there is no button for one", async ({ page }) => {
    await open(page, "/camera");
    await expect(take(page)).toBeVisible();
    await expect(page.getByRole("button", { name: "Light" })).toHaveCount(0);
  });
});

/** The device's own camera app takes over, as a file input. */
async function otherwise(page: Page): Promise<void> {
  const input = page.locator("#capture");
  await expect(input).toHaveAttribute("capture", "environment");
  const chooser = page.waitForEvent("filechooser");
  await page.getByText("Use your device’s camera app").click();
  await (await chooser).setFiles(pictureOf(query));
  await pictureResults(page);
}

test("refused, it says so and the device's own camera takes over", async ({ page }) => {
  await unasked(page);
  await open(page, "/camera");
  await page.getByRole("button", { name: "Open the camera" }).click();
  await expect(page.getByText("The camera was refused.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Open the camera" })).toBeVisible();
  await otherwise(page);
});

test("where there is none, or the page is not secure, it says so and the device's own camera takes over", async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "mediaDevices", { value: undefined }));
  await open(page, "/camera");
  await page.getByRole("button", { name: "Open the camera" }).click();
  await expect(page.getByText("There is no camera that this page can use.")).toBeVisible();
  await otherwise(page);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("the plain form searches", async ({ page }) => {
    await page.goto("/camera");
    await expect(page.getByRole("button", { name: "Open the camera" })).toBeHidden();
    await page.locator("#capture").setInputFiles(pictureOf(query));
    await page.getByRole("button", { name: "Search with this picture" }).click();
    await expect(page).toHaveURL(/\/search\?.*token=/);
    await expect(page.locator(".piece").first()).toBeVisible();
  });
});
